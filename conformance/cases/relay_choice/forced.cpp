// A relay for everybody, because the operator wants it so.
#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

MATCHER(TellsSymmetric, "a punch_hole with nat_type SYMMETRIC") {
  return arg.arrived() && arg->nat_type() == hbb::SYMMETRIC;
}

}  // namespace

// Whatever the controller's NAT is, the device is told the one that no direct path leads through.
CASE(relay_forced, "relay-choice/forced", checks("RLR-FRC-01"), after("nat-type/controller"),
     does(Effect::restarts)) {
  ServerSetup setup;
  setup.always_use_relay = true;
  co_await lab.own_server(std::move(setup));
  auto device = co_await lab.registered_device();
  const net::Endpoint home = lab.home();
  for (const auto type : {hbb::UNKNOWN_NAT, hbb::ASYMMETRIC, hbb::SYMMETRIC}) {
    auto controller = lab.controller(home);
    auto request = controller.request_for(device.id());
    request.set_nat_type(type);
    co_await controller.send(request);
    auto push = co_await device.push<hbb::PunchHole>(lab.within(5s));
    lab.verdict("RLR-FRC-01", push, TellsSymmetric());
  }
}

// Between the operator's own network and the rest of the world there is always a relay: from inside
// and from outside. Who is inside is told its address there.
CASE(relay_between, "relay-choice/own-network", checks("RLR-FRC-01"), after("nat-type/controller"),
     does(Effect::restarts)) {
  for (const bool device_inside : {true, false}) {
    const net::Endpoint inside = lab.home(), outside = lab.home();
    ServerSetup setup;
    setup.lan.emplace(inside.address.to_v4(), 32);
    setup.lan_relay = "192.0.2.77";
    setup.relay_servers = {"192.0.2.7:21117"};
    co_await lab.own_server(std::move(setup));
    auto device = lab.device();
    device.move_to(device_inside ? inside : outside);
    auto key = co_await device.register_pk(lab.within(5s));
    lab.require("the device registers", key, Results(hbb::RegisterPkResponse::OK));
    auto controller = lab.controller(device_inside ? outside : inside);
    auto push = co_await controller.reach(device, lab.within(5s));
    if (!lab.verdict("RLR-FRC-01", push, TellsSymmetric())) co_return;
    const std::string relay = device_inside ? "192.0.2.77" : "192.0.2.7:21117";
    lab.verdict("RLR-FRC-01", push->relay_server(), testing::Eq(relay));
  }
}

}  // namespace deskcheck::conformance
