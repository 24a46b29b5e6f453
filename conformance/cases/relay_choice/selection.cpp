// Which of several relays a server proposes. Real servers look every 3 s who accepts connections,
// and give an attempt 3 s.
#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"
#include "conformance/lab/relay_gate.hpp"

#include <map>

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

// Two looks, and an attempt that takes its time.
constexpr net::Duration kNoticed = 8s;

struct Relays {
  RelayGate first, second, third;
  std::vector<std::string> names() const { return {first.name(), second.name(), third.name()}; }
};

// A server with these three relays, which are all open.
Task<void> server_with(Lab& lab, const Relays& relays) {
  ServerSetup setup;
  setup.relay_servers = relays.names();
  co_await lab.own_server(std::move(setup));
}

// The relays that nine requests are given, each with how often.
Task<std::map<std::string, int>> nine_proposals(Lab& lab) {
  std::map<std::string, int> proposals;
  auto device = co_await lab.registered_device();
  const net::Endpoint home = lab.home();
  for (int i = 0; i < 9; ++i) {
    auto controller = lab.controller(home);
    auto push = co_await controller.reach(device, lab.within(5s));
    lab.require("the device gets a punch_hole", push, Arrived());
    ++proposals[push->relay_server()];
  }
  co_return proposals;
}

using testing::Ge;
using testing::Pair;
using testing::UnorderedElementsAre;

}  // namespace

// Every relay gets its share. A look between two requests may begin the round anew.
CASE(relays_rotate, "relay-choice/rotation", checks("RLR-SEL-01"), after("punch/forward/one-relay"),
     does(Effect::restarts)) {
  const Relays relays{RelayGate(lab), RelayGate(lab), RelayGate(lab)};
  co_await server_with(lab, relays);
  const auto proposals = co_await nine_proposals(lab);
  lab.verdict(
      "RLR-SEL-01", proposals,
      UnorderedElementsAre(Pair(relays.first.name(), Ge(2)), Pair(relays.second.name(), Ge(2)),
                           Pair(relays.third.name(), Ge(2))));
}

// A relay that stops accepting connections is proposed no more, until it accepts them again.
CASE(relay_stops, "relay-choice/one-stops", checks("RLR-SEL-02"), after("relay-choice/rotation"),
     takes(2 * kNoticed), does(Effect::restarts)) {
  Relays relays{RelayGate(lab), RelayGate(lab), RelayGate(lab)};
  co_await server_with(lab, relays);
  relays.second.close();
  co_await lab.wait(kNoticed);
  const auto without = co_await nine_proposals(lab);
  lab.verdict(
      "RLR-SEL-02", without,
      UnorderedElementsAre(Pair(relays.first.name(), Ge(2)), Pair(relays.third.name(), Ge(2))));
  relays.second.open();
  co_await lab.wait(kNoticed);
  const auto with = co_await nine_proposals(lab);
  lab.verdict("RLR-SEL-02", with, testing::Contains(testing::Key(relays.second.name())));
}

// When none accepts connections, as the server sees it, a device still gets one of the last known.
CASE(all_relays_stop, "relay-choice/all-stop", checks("RLR-SEL-03"), after("relay-choice/rotation"),
     takes(kNoticed), does(Effect::restarts)) {
  Relays relays{RelayGate(lab), RelayGate(lab), RelayGate(lab)};
  co_await server_with(lab, relays);
  for (auto* gate : {&relays.first, &relays.second, &relays.third}) gate->close();
  co_await lab.wait(kNoticed);
  const auto proposals = co_await nine_proposals(lab);
  lab.verdict("RLR-SEL-03", proposals,
              testing::Each(testing::Key(testing::AnyOfArray(relays.names()))));
}

}  // namespace deskcheck::conformance
