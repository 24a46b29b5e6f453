// How long the relay waits for whom, and how a session ends.
#include "conformance/lab/matchers.hpp"
#include "conformance/lab/relay_party.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

// A partner may take 18 s to connect; 30 s is what servers allow, and some more is no harm.
constexpr net::Duration kShortestWait = 18s;
constexpr net::Duration kLongestWait = 45s;

}  // namespace

// Somebody whose partner does not come is not sent away early, and not kept for ever.
CASE(no_partner, "relay/pairing/no-partner", checks("RLY-PAIR-05"),
     after("relay/pairing/two-parties"), takes(kLongestWait), does(Effect::reads)) {
  auto party = co_await relay_party(lab, "first", lab.home());
  co_await party.join(fresh_session(lab));
  const net::Time joined = lab.now();
  auto end = co_await party.hear(lab.within(kLongestWait));
  const net::Duration waited = lab.now() - joined;
  lab.verdict("RLY-PAIR-05", end, Ends());
  lab.verdict("RLY-PAIR-05", waited, IsBetween(kShortestWait, kLongestWait));
}

// Somebody who says nothing at all is not kept for ever either.
CASE(silent_connection, "relay/pairing/silent-connection", checks("RLY-PAIR-10"),
     after("relay/pairing/two-parties"), takes(kLongestWait), does(Effect::reads)) {
  auto party = co_await relay_party(lab, "silent", lab.home());
  auto end = co_await party.hear(lab.within(kLongestWait));
  lab.verdict("RLY-PAIR-10", end, Ends());
}

// Whoever meets a partner that has already gone learns it, sooner or later.
CASE(partner_gone, "relay/pairing/partner-gone", checks("RLY-PAIR-12"),
     after("relay/pairing/two-parties"), takes(kLongestWait), does(Effect::reads)) {
  const std::string session = fresh_session(lab);
  const net::Endpoint home = lab.home();
  auto first = co_await relay_party(lab, "first", home);
  co_await first.join(session);
  first.hang_up();
  auto second = co_await relay_party(lab, "second", home);
  co_await second.join(session);
  auto end = co_await second.hear(lab.within(kLongestWait));
  lab.verdict("RLY-PAIR-12", end, Ends());
}

// The end of one side is the end of the other, after everything that was said before it.
CASE(one_side_ends, "relay/pairing/one-side-ends", checks("RLY-PAIR-11"),
     after("relay/pairing/two-parties"), does(Effect::reads)) {
  const net::Endpoint home = lab.home();
  for (const bool first_ends : {true, false}) {
    const std::string session = fresh_session(lab);
    auto first = co_await relay_party(lab, "first", home);
    co_await first.join(session);
    auto second = co_await relay_party(lab, "second", home);
    co_await second.join(session);
    co_await second.say("hello");
    auto met = co_await first.hear(lab.within(5s));
    lab.require("the two hear each other", met, Arrived());

    LabRelayParty& ending = first_ends ? first : second;
    LabRelayParty& staying = first_ends ? second : first;
    const std::string farewell = lab.random().bytes(32 * 1024);
    co_await ending.say(farewell);
    co_await ending.say("the last words");
    ending.hang_up();
    auto heard = co_await staying.hear(lab.within(5s));
    lab.verdict("RLY-PAIR-11", heard, Arrives<std::string>(Bytes(farewell)));
    auto last = co_await staying.hear(lab.within(5s));
    lab.verdict("RLY-PAIR-11", last, Hears("the last words"));
    auto end = co_await staying.hear(lab.within(5s));
    lab.verdict("RLY-PAIR-11", end, Ends());
  }
}

}  // namespace deskcheck::conformance
