// For how long a relayed session may be silent.
#include "conformance/lab/matchers.hpp"
#include "conformance/lab/relay_party.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

// 30 s are what servers allow; OSS notices within 34 s, and some more is no harm.
constexpr net::Duration kLongestSilence = 45s;

MATCHER_P(IsAtLeast, limit, "at least " + show(net::Duration(limit))) { return arg >= limit; }

struct Joined {
  LabRelayParty first, second;
};

Task<Joined> join_at_relay(Lab& lab) {
  const std::string number = fresh_session(lab);
  auto first = co_await relay_party(lab, "first", lab.home());
  co_await first.join(number);
  auto second = co_await relay_party(lab, "second", lab.home());
  co_await second.join(number);
  co_await second.say("hello");
  auto met = co_await first.hear(lab.within(5s));
  lab.require("the two hear each other", met, Hears("hello"));
  Joined joined{std::move(first), std::move(second)};
  co_return std::move(joined);
}

}  // namespace

// One word in 20 s, in one direction only, keeps a session.
CASE(quiet_session, "relay/limits/quiet-session", checks("RLY-IDLE-01"),
     after("relay/pairing/two-parties"), takes(61s)) {
  auto session = co_await join_at_relay(lab);
  const net::Time begun = lab.now();
  for (int i = 1; i <= 3; ++i) {
    co_await lab.wait_until(begun + i * 20s);
    const std::string word = "word " + std::to_string(i);
    co_await session.second.try_to_say(word);
    auto heard = co_await session.first.hear(lab.within(5s));
    lab.verdict("RLY-IDLE-01", heard, Hears(word));
  }
  co_await session.first.try_to_say("and back");
  auto back = co_await session.second.hear(lab.within(5s));
  lab.verdict("RLY-IDLE-01", back, Hears("and back"));
}

// A session in which nobody says anything is over, for both of them; but not before 30 s.
CASE(silent_session, "relay/limits/silent-session", checks("RLY-IDLE-02"),
     after("relay/pairing/two-parties"), takes(kLongestSilence)) {
  auto session = co_await join_at_relay(lab);
  const net::Time begun = lab.now();
  const auto deadline = lab.within(kLongestSilence);
  auto end = co_await session.first.hear(deadline);
  lab.verdict("RLY-IDLE-02", end, Ends());
  lab.verdict("RLY-IDLE-02", lab.now() - begun, IsAtLeast(29s));
  auto other = co_await session.second.hear(deadline);
  lab.verdict("RLY-IDLE-02", other, Ends());
}

}  // namespace deskcheck::conformance
