// How two connections to the relay become one session: by their number, and by nothing else.
#include "conformance/lab/matchers.hpp"
#include "conformance/lab/relay_party.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

MATCHER(IsNoRelayRequest, "a payload that is not the request_relay of the other side") {
  if (!arg.arrived()) return false;
  hbb::RendezvousMessage message;
  return !message.ParseFromString(*arg) || !message.has_request_relay();
}

}  // namespace

// Two that name the same session hear each other.
CASE(two_parties, "relay/pairing/two-parties", checks("RLY-PAIR-01"), does(Effect::reads)) {
  const std::string session = fresh_session(lab);
  auto first = co_await relay_party(lab, "first", lab.home());
  co_await first.join(session);
  auto second = co_await relay_party(lab, "second", lab.home());
  co_await second.join(session);
  co_await second.try_to_say("from the second");
  auto at_first = co_await first.hear_sometime("from the second", lab.within(5s));
  lab.verdict("RLY-PAIR-01", at_first, Hears("from the second"));
  co_await first.try_to_say("from the first");
  auto at_second = co_await second.hear_sometime("from the first", lab.within(5s));
  lab.verdict("RLY-PAIR-01", at_second, Hears("from the first"));
}

// Device and controller hear of the session at the same moment, so both may arrive at once: they
// are joined all the same. Many pairs, so that a relay that looks first and notes later is found
// out.
CASE(at_once, "relay/pairing/at-once", checks("RLY-PAIR-01"), after("relay/pairing/two-parties"),
     does(Effect::reads)) {
  const net::Endpoint home = lab.home();
  // Few pairs at a time: who is silent for a second may be taken for an operator on loopback.
  for (int batch = 0; batch < 4; ++batch) {
    std::vector<LabRelayParty> first, second;
    for (int i = 8 * batch; i < 8 * batch + 8; ++i) {
      auto device = co_await relay_party(lab, "device " + std::to_string(i), home);
      first.push_back(std::move(device));
      auto controller = co_await relay_party(lab, "controller " + std::to_string(i), home);
      second.push_back(std::move(controller));
    }
    for (std::size_t i = 0; i < first.size(); ++i) {
      const std::string session = fresh_session(lab);
      co_await first[i].ask_to_join(session);
      co_await second[i].ask_to_join(session);
    }
    for (auto& device : first) co_await device.try_to_say("from the device");
    for (auto& controller : second) {
      auto heard = co_await controller.hear_sometime("from the device", lab.within(5s));
      if (!lab.verdict("RLY-PAIR-01", heard, Hears("from the device"))) co_return;
    }
  }
}

// The device sends before it knows whether the controller is there: all of it arrives, in order.
CASE(early_bytes, "relay/pairing/early-bytes", checks("RLY-PAIR-02"),
     after("relay/pairing/two-parties"), does(Effect::reads)) {
  const std::string session = fresh_session(lab);
  const net::Endpoint home = lab.home();
  auto first = co_await relay_party(lab, "first", home);
  co_await first.join(session);
  co_await first.say("early one");
  co_await lab.wait(1s);  // so that a relay that reads on has read it
  co_await first.say("early two");
  auto second = co_await relay_party(lab, "second", home);
  co_await second.join(session);
  co_await first.say("late");
  for (const char* expected : {"early one", "early two", "late"}) {
    auto heard = co_await second.hear(lab.within(5s));
    lab.verdict("RLY-PAIR-02", heard, Hears(expected));
  }
}

// What either side hears is the other side, from the first byte on: no greeting, no status, no
// request_relay.
CASE(nothing_of_its_own, "relay/pairing/silent-relay", checks("RLY-PAIR-03", "RLY-PAIR-04"),
     after("relay/pairing/two-parties"), does(Effect::reads)) {
  const std::string session = fresh_session(lab);
  const net::Endpoint home = lab.home();
  auto first = co_await relay_party(lab, "first", home);
  co_await first.join(session);
  co_await lab.wait(2s);  // alone for a while
  auto second = co_await relay_party(lab, "second", home);
  co_await second.join(session);
  co_await lab.wait(1s);
  co_await first.say("from the first");
  co_await second.say("from the second");

  auto at_first = co_await first.hear(lab.within(5s));
  lab.verdict("RLY-PAIR-03", at_first, Hears("from the second"));
  lab.verdict("RLY-PAIR-04", at_first, IsNoRelayRequest());
  auto at_second = co_await second.hear(lab.within(5s));
  lab.verdict("RLY-PAIR-03", at_second, Hears("from the first"));
  lab.verdict("RLY-PAIR-04", at_second, IsNoRelayRequest());
}

// Many sessions begin at the same time, and each hears only itself.
CASE(many_pairs, "relay/pairing/many-pairs", checks("RLY-PAIR-06"),
     after("relay/pairing/two-parties"), does(Effect::reads)) {
  constexpr int kPairs = 16;
  const net::Endpoint home = lab.home();
  std::vector<std::string> sessions;
  std::vector<LabRelayParty> first, second;
  for (int i = 0; i < kPairs; ++i) {
    sessions.push_back(fresh_session(lab));
    auto party = co_await relay_party(lab, "first " + std::to_string(i), home);
    co_await party.ask_to_join(sessions.back());
    co_await party.say("first of " + sessions.back());
    first.push_back(std::move(party));
  }
  co_await lab.wait(200ms);                // for the first to be the first
  for (int i = kPairs - 1; i >= 0; --i) {  // in another order than they came
    auto party = co_await relay_party(lab, "second " + std::to_string(i), home);
    co_await party.ask_to_join(sessions[i]);
    co_await party.say("second of " + sessions[i]);
    second.insert(second.begin(), std::move(party));
  }
  for (int i = 0; i < kPairs; ++i) {
    auto at_first = co_await first[i].hear(lab.within(5s));
    if (!lab.verdict("RLY-PAIR-06", at_first, Hears("second of " + sessions[i]))) co_return;
    auto at_second = co_await second[i].hear(lab.within(5s));
    if (!lab.verdict("RLY-PAIR-06", at_second, Hears("first of " + sessions[i]))) co_return;
  }
}

// A third who names a running session neither hears it nor is heard in it.
CASE(third_party, "relay/pairing/third-party", checks("RLY-PAIR-07"),
     after("relay/pairing/two-parties"), does(Effect::reads)) {
  const std::string session = fresh_session(lab);
  const net::Endpoint home = lab.home();
  auto first = co_await relay_party(lab, "first", home);
  co_await first.join(session);
  auto second = co_await relay_party(lab, "second", home);
  co_await second.join(session);
  co_await second.say("before");
  auto before = co_await first.hear(lab.within(5s));
  lab.require("the session runs", before, Hears("before"));

  auto third = co_await relay_party(lab, "third", home);
  co_await third.join(session);
  co_await third.try_to_say("from the third");
  for (int i = 0; i < 3; ++i) {
    co_await first.try_to_say("from the first");
    auto at_second = co_await second.hear(lab.within(5s));
    lab.verdict("RLY-PAIR-07", at_second, Hears("from the first"));
    co_await second.try_to_say("from the second");
    auto at_first = co_await first.hear(lab.within(5s));
    lab.verdict("RLY-PAIR-07", at_first, Hears("from the second"));
  }
  // The session's own messages have arrived; a copy for the third would be on its way at most.
  auto at_third = co_await third.hear(lab.within(300ms));
  lab.verdict("RLY-PAIR-07", at_third, testing::Not(Arrived()));
}

// Without a number there is nothing to join: the connection ends.
CASE(empty_number, "relay/pairing/empty-uuid", checks("RLY-PAIR-08"),
     after("relay/pairing/two-parties"), does(Effect::reads)) {
  const net::Endpoint home = lab.home();
  for (const char* name : {"first", "second"}) {
    auto party = co_await relay_party(lab, name, home);
    co_await party.try_to_request(party.request_for(""));
    auto end = co_await party.hear(lab.within(5s));
    lab.verdict("RLY-PAIR-08", end, Ends());
  }
}

// Whoever starts with anything else is sent away.
CASE(other_first_message, "relay/pairing/other-message", checks("RLY-PAIR-09"),
     after("relay/pairing/two-parties"), does(Effect::reads)) {
  const net::Endpoint home = lab.home();
  auto device = co_await relay_party(lab, "device", home);
  hbb::RegisterPeer registration;
  registration.set_id(lab.fresh_id());
  co_await device.try_to_request(registration);
  auto end = co_await device.hear(lab.within(5s));
  lab.verdict("RLY-PAIR-09", end, Ends());

  auto scanner = co_await relay_party(lab, "scanner", home);
  co_await scanner.try_to_say("\xff\xff\xff\xff not a message");
  auto other_end = co_await scanner.hear(lab.within(5s));
  lab.verdict("RLY-PAIR-09", other_end, Ends());
}

}  // namespace deskcheck::conformance
