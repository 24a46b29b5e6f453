// What a client has found out about its NAT reaches the other one: both then know how long a direct
// attempt is worth waiting for.
#include "conformance/lab/call.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

constexpr std::array kNatTypes = {hbb::UNKNOWN_NAT, hbb::ASYMMETRIC, hbb::SYMMETRIC};

MATCHER_P(TellsNatType, type, "nat_type " + hbb::NatType_Name(type)) {
  return arg.arrived() && arg->nat_type() == type;
}
// A oneof member: set, whatever its value.
MATCHER_P(DeliversNatType, type,
          "a response in which nat_type is set to " + hbb::NatType_Name(type)) {
  return arg.arrived() && arg->has_nat_type() && arg->nat_type() == type;
}

}  // namespace

// The controller's, to the device.
CASE(nat_type_of_controller, "nat-type/controller", checks("NAT-TYPE-01")) {
  auto device = co_await lab.registered_device();
  const net::Endpoint home = lab.home();
  for (const auto type : kNatTypes) {
    auto controller = lab.controller(home);
    auto request = controller.request_for(device.id());
    request.set_nat_type(type);
    co_await controller.send(request);
    auto push = co_await device.push<hbb::PunchHole>(lab.within(5s));
    lab.verdict("NAT-TYPE-01", push, TellsNatType(type));
  }
}

// The device's, to the controller.
CASE(nat_type_of_device, "nat-type/device", checks("NAT-TYPE-02")) {
  auto device = co_await lab.registered_device();
  const net::Endpoint home = lab.home();
  for (const auto type : kNatTypes) {
    auto controller = lab.controller(home);
    auto push = co_await controller.reach(device, lab.within(5s));
    lab.require("the device gets a punch_hole", push, Arrived());
    auto sent = device.answer_to(*push);
    sent.set_nat_type(type);
    const auto reply = co_await device.reply(sent);
    auto answer = co_await controller.next<hbb::PunchHoleResponse>(lab.within(5s));
    lab.verdict("NAT-TYPE-02", answer, DeliversNatType(type));
  }
}

}  // namespace deskcheck::conformance
