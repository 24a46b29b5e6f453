// Controller and device behind one address: the device is asked for its address in the local
// network, and the controller gets exactly that.
#include "conformance/lab/call.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

MATCHER(ForcesRelay, "a punch_hole that forces the relay, or a request_relay") {
  if (!arg.arrived()) return false;
  if (const auto* punch = get_if<hbb::PunchHole>(*arg))
    return punch->nat_type() == hbb::SYMMETRIC || punch->force_relay();
  return get_if<hbb::RequestRelay>(*arg) != nullptr;
}

}  // namespace

// From the device's own address the request arrives as fetch_local_addr, and as nothing else.
CASE(same_address, "punch/lan/same-address", checks("PCH-LAN-01")) {
  auto device = co_await lab.registered_device();
  auto neighbour = lab.controller(device.home());
  co_await neighbour.send(neighbour.request_for(device.id()));
  auto push = co_await device.any_push(lab.within(5s));
  lab.verdict("PCH-LAN-01", push, IsMember("fetch_local_addr"));
  const auto rest = co_await device.before_barrier();
  lab.verdict("PCH-LAN-01", rest, HasNoPush());
}

// What the device says about itself reaches the controller unchanged, marked as local, with the
// device's key and its relay.
CASE(local_address, "punch/lan/local-address", checks("PCH-LAN-02"),
     after("punch/lan/same-address")) {
  auto device = co_await lab.registered_device();
  auto neighbour = lab.controller(device.home());
  co_await neighbour.send(neighbour.request_for(device.id()));
  auto push = co_await device.push<hbb::FetchLocalAddr>(lab.within(5s));
  lab.require("the device is asked for its local address", push,
              NamesRequester(neighbour.address()));

  const net::Endpoint listening = net::endpoint("192.168.7.9", 50123);
  hbb::LocalAddr local;
  local.set_id(device.id());
  local.set_socket_addr(push->socket_addr());
  local.set_local_addr(wire::encode_address(listening, 0x1234567));
  local.set_relay_server("chosen.test:21117");
  local.set_version("1.4.9");
  const auto reply = co_await device.reply(local);

  auto answer = co_await neighbour.next<hbb::PunchHoleResponse>(lab.within(5s));
  if (!lab.verdict("PCH-LAN-02", answer, Succeeds())) co_return;
  lab.verdict("PCH-LAN-02", answer->socket_addr(), Bytes(local.local_addr()));
  lab.verdict("PCH-LAN-02", answer->is_local(), testing::IsTrue());
  lab.verdict("PCH-LAN-02", answer->relay_server(), testing::Eq(local.relay_server()));
  if (!lab.target().key) co_return;  // a server without key signs nothing
  const std::string pk(wire::view(device.identity().keys.public_key.bytes));
  lab.verdict("PCH-LAN-02", answer->pk(), SignedIdentity(*lab.target().key, device.id(), pk));
}

// A controller that wants the relay gets it, however near the device is.
CASE(forced_by_controller, "punch/lan/forced-by-controller", checks("PCH-LAN-04"),
     after("punch/lan/same-address")) {
  auto device = co_await lab.registered_device();
  auto neighbour = lab.controller(device.home());
  auto request = neighbour.request_for(device.id());
  request.set_force_relay(true);
  request.set_nat_type(hbb::SYMMETRIC);  // how clients say it to servers that do not know the field
  co_await neighbour.send(request);
  auto push = co_await device.any_push(lab.within(5s));
  lab.verdict("PCH-LAN-04", push, ForcesRelay());
}

// The same where the operator wants all sessions to be relayed.
CASE(forced_by_operator, "punch/lan/forced-by-operator", checks("PCH-LAN-04"),
     after("punch/lan/same-address"), does(Effect::restarts)) {
  ServerSetup setup;
  setup.always_use_relay = true;
  co_await lab.own_server(std::move(setup));
  auto device = co_await lab.registered_device();
  auto neighbour = lab.controller(device.home());
  co_await neighbour.send(neighbour.request_for(device.id()));
  auto push = co_await device.any_push(lab.within(5s));
  lab.verdict("PCH-LAN-04", push, ForcesRelay());
}

}  // namespace deskcheck::conformance
