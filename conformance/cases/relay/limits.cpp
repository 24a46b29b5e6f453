// For how long a relayed session may be silent, and how much may pass through it.
#include "conformance/lab/matchers.hpp"
#include "conformance/lab/relay_party.hpp"
#include "proto/net/task_group.hpp"

#include <deque>

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t kMegabit = 1024 * 1024 / 8;  // in bytes
// 30 s are what servers allow; OSS notices within 34 s, and some more is no harm.
constexpr net::Duration kLongestSilence = 45s;

MATCHER_P(IsAtLeast, limit, "at least " + show(net::Duration(limit))) { return arg >= limit; }

// That the two have met is not in question here.
Task<RelaySession> joined_session(Lab& lab) {
  auto session = co_await relay_session(lab);
  co_await session.second.say("hello");
  auto met = co_await session.first.hear(lab.within(5s));
  lab.require("the two hear each other", met, Hears("hello"));
  co_return std::move(session);
}

// Tasks beside each other until the transfer ends or fails; they must not throw.
Task<void> pour(LabRelayParty* party, std::size_t bytes, net::Deadline deadline) {
  const std::string block(64 * 1024, 'b');
  for (std::size_t sent = 0; sent < bytes; sent += block.size()) {
    const auto result = co_await party->connection().send_bytes(block, deadline);
    if (!result) co_return;
  }
}
Task<void> drink(LabRelayParty* party, std::size_t bytes, net::Deadline deadline, bool* whole) {
  for (std::size_t heard = 0; heard < bytes;) {
    const auto more = co_await party->connection().receive_bytes(deadline);
    if (!more) co_return;
    heard += more->size();
  }
  *whole = true;
}

// How long it takes until `bytes` have come through each of the sessions, all at the same time;
// blocked if it takes longer than 20 s.
Task<net::Duration> time_of(Lab& lab, std::vector<RelaySession>& sessions, std::size_t bytes) {
  const net::Time begun = lab.now();
  const auto deadline = lab.within(20s);
  std::deque<bool> whole(sessions.size());
  net::TaskGroup transfers(lab.world().executor);
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    transfers.spawn("sender", pour(&sessions[i].first, bytes, deadline));
    transfers.spawn("receiver", drink(&sessions[i].second, bytes, deadline, &whole[i]));
  }
  co_await transfers.join();
  for (const bool all : whole) lab.require("everything comes through", all, testing::IsTrue());
  co_return lab.now() - begun;
}

}  // namespace

// One word in 20 s, in one direction only, keeps a session.
CASE(quiet_session, "relay/limits/quiet-session", checks("RLY-IDLE-01"),
     after("relay/pairing/two-parties"), takes(61s), does(Effect::reads)) {
  auto session = co_await joined_session(lab);
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
     after("relay/pairing/two-parties"), takes(kLongestSilence), does(Effect::reads)) {
  auto session = co_await joined_session(lab);
  const net::Time begun = lab.now();
  const auto deadline = lab.within(kLongestSilence);
  auto end = co_await session.first.hear(deadline);
  lab.verdict("RLY-IDLE-02", end, Ends());
  lab.verdict("RLY-IDLE-02", lab.now() - begun, IsAtLeast(29s));
  auto other = co_await session.second.hear(deadline);
  lab.verdict("RLY-IDLE-02", other, Ends());
}

// A session of a relay that lets 8 Mb/s through: 32 Mb take 4 s, and a server may be generous for
// the first second.
CASE(session_speed, "relay/limits/session-speed", checks("RLY-BW-01"),
     after("relay/pairing/two-parties"), takes(22s), does(Effect::restarts)) {
  ServerSetup setup;
  setup.relay_session_speed = 8;
  co_await lab.own_server(std::move(setup));
  std::vector<RelaySession> sessions;
  auto session = co_await joined_session(lab);
  sessions.push_back(std::move(session));
  const net::Duration took = co_await time_of(lab, sessions, 32 * kMegabit);
  lab.verdict("RLY-BW-01", took, IsAtLeast(2900ms));
}

// Four sessions of a relay that lets 8 Mb/s through altogether: 8 Mb each.
CASE(total_speed, "relay/limits/total-speed", checks("RLY-BW-02"),
     after("relay/pairing/two-parties"), takes(22s), does(Effect::restarts)) {
  ServerSetup setup;
  setup.relay_total_speed = 8;
  co_await lab.own_server(std::move(setup));
  std::vector<RelaySession> sessions;
  for (int i = 0; i < 4; ++i) {
    auto session = co_await joined_session(lab);
    sessions.push_back(std::move(session));
  }
  const net::Duration took = co_await time_of(lab, sessions, 8 * kMegabit);
  lab.verdict("RLY-BW-02", took, IsAtLeast(2900ms));
}

}  // namespace deskcheck::conformance
