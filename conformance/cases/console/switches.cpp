// What the operator switches while the rendezvous server runs.
#include "conformance/cases/console/console.hpp"
#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"
#include "conformance/lab/relay_gate.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

constexpr const char* kRelay = "192.0.2.7:21117";

Task<void> server_with_one_relay(Lab& lab, bool always_use_relay = false) {
  ServerSetup setup;
  setup.relay_servers = {kRelay};
  setup.always_use_relay = always_use_relay;
  co_await lab.own_server(std::move(setup));
}

// The push that a request with ASYMMETRIC nat_type makes; blocked if there is none.
Task<hbb::PunchHole> next_push(Lab& lab, LabDevice& device) {
  auto controller = lab.controller();
  auto push = co_await controller.reach(device, lab.within(5s));
  lab.require("the device gets a punch_hole", push, Arrived());
  co_return *push;
}

}  // namespace

// The list of relays is shown, replaced, and proposed as it is from then on.
CASE(relays_replaced, "console/rendezvous/relay-servers", checks("ADM-04"),
     after("console/rendezvous/help"), does(Effect::restarts)) {
  co_await server_with_one_relay(lab);
  LabOperator owner(lab);
  for (const char* command : {"relay-servers", "rs"}) {
    auto first = co_await owner.at_rendezvous(command);
    lab.verdict("ADM-04", first, SaysLine(kRelay));
  }
  auto replaced = co_await owner.at_rendezvous("rs 192.0.2.8:21117");
  lab.verdict("ADM-04", replaced, SaysNothing());
  auto second = co_await owner.at_rendezvous("rs");
  lab.verdict("ADM-04", second, SaysLine("192.0.2.8:21117"));
  auto device = co_await lab.registered_device();
  const auto push = co_await next_push(lab, device);
  lab.verdict("ADM-04", push.relay_server(), testing::Eq(std::string("192.0.2.8:21117")));

  // Several are shown one per line.
  const RelayGate one(lab), other(lab);
  auto several = co_await owner.at_rendezvous("relay-servers " + one.name() + "," + other.name());
  lab.verdict("ADM-04", several, SaysNothing());
  auto list = co_await owner.at_rendezvous("rs");
  lab.require("the list is shown", list, Arrived());
  lab.verdict("ADM-04", lines_of(*list), testing::UnorderedElementsAre(one.name(), other.name()));
}

// Whether everybody is relayed.
CASE(relaying_shown, "console/rendezvous/always-use-relay", checks("ADM-05"),
     after("console/rendezvous/help"), does(Effect::restarts)) {
  for (const bool forced : {false, true}) {
    co_await server_with_one_relay(lab, forced);
    LabOperator owner(lab);
    for (const char* command : {"always-use-relay", "aur"}) {
      auto state = co_await owner.at_rendezvous(command);
      lab.verdict("ADM-05", state,
                  SaysLine(forced ? "ALWAYS_USE_RELAY: true" : "ALWAYS_USE_RELAY: false"));
    }
  }
}

// The switch does what it says, and nothing else: the relays stay.
CASE(relaying_switched, "console/rendezvous/always-use-relay-switch", checks("ADM-06"),
     after("console/rendezvous/always-use-relay"), does(Effect::restarts)) {
  co_await server_with_one_relay(lab);
  LabOperator owner(lab);
  auto device = co_await lab.registered_device();
  const std::vector<std::pair<std::string, hbb::NatType>> switches = {{"Y", hbb::SYMMETRIC},
                                                                      {"N", hbb::ASYMMETRIC},
                                                                      {"y", hbb::SYMMETRIC},
                                                                      {"off", hbb::ASYMMETRIC}};
  for (const auto& [value, nat_type] : switches) {
    auto answer = co_await owner.at_rendezvous("aur " + value);
    lab.verdict("ADM-06", answer, SaysNothing());
    auto relays = co_await owner.at_rendezvous("rs");
    lab.verdict("ADM-06", relays, SaysLine(kRelay));
    const auto push = co_await next_push(lab, device);
    lab.verdict("ADM-06", push.nat_type(), testing::Eq(nat_type));
    lab.verdict("ADM-06", push.relay_server(), testing::Eq(std::string(kRelay)));
  }
}

}  // namespace deskcheck::conformance
