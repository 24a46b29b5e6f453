// Fields of requests that came with later releases, and what a server has to do with them.
#include "conformance/lab/call.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

// IPv6 sockets as clients describe them; servers pass the bytes on as they are.
std::string ipv6_socket(std::uint16_t port) {
  return wire::encode_address(net::endpoint("2001:db8::7", port), 0);
}

MATCHER_P(ForcesRelay, requester,
          "a push of this request with force_relay, or with SYMMETRIC nat_type") {
  return arg.arrived() && (arg->force_relay() || arg->nat_type() == hbb::SYMMETRIC) &&
         wire::decode_address(arg->socket_addr()) == requester;
}
MATCHER_P(NamesUdpPort, port, "a punch_hole with udp_port " + std::to_string(port)) {
  return arg.arrived() && arg->udp_port() == port;
}
MATCHER(IsUdpPath, "a punch_hole_response with is_udp") { return arg.arrived() && arg->is_udp(); }
MATCHER_P(CarriesIpv6, bytes, "socket_addr_v6 " + show_bytes(bytes)) {
  return arg.arrived() && arg->socket_addr_v6() == bytes;
}

}  // namespace

// A client that wants the relay says so in a field of its own.
CASE(force_relay, "punch/extensions/force-relay", checks("PCH-EXT-03"),
     after("punch/forward/once")) {
  auto device = co_await lab.registered_device();
  auto controller = lab.controller();
  auto request = controller.request_for(device.id());
  request.set_force_relay(true);
  co_await controller.send(request);
  auto push = co_await device.push<hbb::PunchHole>(lab.within(5s));
  lab.verdict("PCH-EXT-03", push, ForcesRelay(controller.address()));
}

// The UDP port of the controller reaches the device. Its answer by datagram reaches the controller,
// as a UDP path to where the datagram came from; nothing in it could be forged by others.
CASE(udp_port, "punch/extensions/udp-port", checks("PCH-EXT-01"), after("punch/forward/once")) {
  auto device = co_await lab.registered_device();
  auto controller = lab.controller();
  auto request = controller.request_for(device.id());
  request.set_udp_port(40123);
  co_await controller.send(request);
  auto push = co_await device.push<hbb::PunchHole>(lab.within(5s));
  lab.verdict("PCH-EXT-01", push, NamesUdpPort(40123));
  lab.require("the device gets a punch_hole", push, Arrived());

  // Devices punch from a socket of their own, and send the answer three times.
  sim::DatagramChannel punching(lab.world(), device.home(), lab.recorder(device.party()));
  const auto sent = wrap<hbb::RendezvousMessage>(device.answer_to(*push));
  for (int i = 0; i < 3; ++i) punching.send(lab.target().rendezvous, sent);
  auto answer = co_await controller.next<hbb::PunchHoleResponse>(lab.within(5s));
  lab.verdict("PCH-EXT-01", answer, IsUdpPath());
  if (answer) lab.verdict("PCH-EXT-01", answer->socket_addr(), DecodesTo(punching.local()));
}

// The IPv6 sockets of both, each to the other, when they are not neighbours ...
CASE(ipv6_far, "punch/extensions/ipv6", checks("PCH-EXT-02"), after("punch/forward/once")) {
  auto device = co_await lab.registered_device();
  auto controller = lab.controller();
  auto request = controller.request_for(device.id());
  request.set_socket_addr_v6(ipv6_socket(50001));
  co_await controller.send(request);
  auto push = co_await device.push<hbb::PunchHole>(lab.within(5s));
  lab.verdict("PCH-EXT-02", push, CarriesIpv6(ipv6_socket(50001)));
  lab.require("the device gets a punch_hole", push, Arrived());
  auto sent = device.answer_to(*push);
  sent.set_socket_addr_v6(ipv6_socket(50002));
  const auto reply = co_await device.reply(sent);
  auto answer = co_await controller.next<hbb::PunchHoleResponse>(lab.within(5s));
  lab.verdict("PCH-EXT-02", answer, CarriesIpv6(ipv6_socket(50002)));
}

// ... and when they are.
CASE(ipv6_near, "punch/extensions/ipv6-neighbours", checks("PCH-EXT-02"),
     after("punch/lan/same-address")) {
  auto device = co_await lab.registered_device();
  auto controller = lab.controller(device.home());
  auto request = controller.request_for(device.id());
  request.set_socket_addr_v6(ipv6_socket(50003));
  co_await controller.send(request);
  auto push = co_await device.push<hbb::FetchLocalAddr>(lab.within(5s));
  lab.verdict("PCH-EXT-02", push, CarriesIpv6(ipv6_socket(50003)));
  lab.require("the device gets a fetch_local_addr", push, Arrived());
  hbb::LocalAddr local;
  local.set_id(device.id());
  local.set_socket_addr(push->socket_addr());
  local.set_local_addr(wire::encode_address(device.address(), 0x1234567));
  local.set_version("1.4.9");
  local.set_socket_addr_v6(ipv6_socket(50004));
  const auto reply = co_await device.reply(local);
  auto answer = co_await controller.next<hbb::PunchHoleResponse>(lab.within(5s));
  lab.verdict("PCH-EXT-02", answer, CarriesIpv6(ipv6_socket(50004)));
}

}  // namespace deskcheck::conformance
