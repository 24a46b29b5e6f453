// IPv6 addresses in socket_addr fields, as servers write them. A target that is reached over IPv4
// never has to; these cases need servers that listen on IPv6.
#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::make_address;

// 16 octets in network order, then the port, low byte first.
std::string plain_form(const net::Endpoint& endpoint) {
  const auto octets = endpoint.address.to_v6().to_bytes();
  std::string bytes(octets.begin(), octets.end());
  bytes += static_cast<char>(endpoint.port & 0xFF);
  bytes += static_cast<char>(endpoint.port >> 8);
  return bytes;
}

// A server of its own at this address; not applicable where the machine does not have it.
Task<void> own_server_at(Lab& lab, const char* address) {
  ServerSetup setup;
  setup.address = make_address(address);
  std::string missing;
  try {
    co_await lab.own_server(setup);
  } catch (const boost::system::system_error& error) {
    const auto code = error.code();
    if (code != boost::system::errc::address_not_available &&
        code != boost::system::errc::address_family_not_supported)
      throw;
    missing = error.what();
  }
  if (!missing.empty()) lab.not_applicable("no such address here: " + missing);
}

// A device at this address, registered and online.
Task<LabDevice> device_at(Lab& lab, const char* address) {
  auto device = lab.device();
  device.move_to(net::endpoint(address, 0));
  auto registered = co_await device.register_pk(lab.within(5s));
  lab.require("register_pk over IPv6", registered, Results(hbb::RegisterPkResponse::OK));
  co_return std::move(device);
}

// Requester and device of a call over IPv6, as push and answer name them. The loopback address
// looks like an IPv4-compatible one, and is none. All parties are on one host, so the device hears
// of a neighbour.
CASE(ipv6, "address/ipv6", checks("ADR-ENC-02", "ADR-ENC-04"), after("address/ipv4"),
     does(Effect::restarts)) {
  co_await own_server_at(lab, "::1");
  auto device = co_await device_at(lab, "::1");
  auto caller = lab.controller(device.home());
  co_await caller.send(caller.request_for(device.id()));
  auto push = co_await device.push<hbb::FetchLocalAddr>(lab.within(5s));
  lab.require("the device gets a fetch_local_addr", push, Arrived());
  lab.verdict("ADR-ENC-02", push->socket_addr(), Bytes(plain_form(caller.address())));
  lab.verdict("ADR-ENC-04", push->socket_addr(), Bytes(plain_form(caller.address())));

  // A device that punches all the same: the server names the address that it sees.
  hbb::PunchHole punch;
  punch.set_socket_addr(push->socket_addr());
  auto sent = device.answer_to(punch);
  const auto reply = co_await device.reply(std::move(sent));
  auto answer = co_await caller.next<hbb::PunchHoleResponse>(lab.within(5s));
  lab.require("the controller gets the answer", answer, Arrived());
  lab.verdict("ADR-ENC-02", answer->socket_addr(), Bytes(plain_form(reply.local())));
}

// A server that takes both families on one socket sees IPv4 clients as ::ffff:a.b.c.d.
CASE(ipv4_mapped, "address/ipv4-mapped", checks("ADR-ENC-03"), after("address/ipv4"),
     does(Effect::restarts)) {
  co_await own_server_at(lab, "::");
  auto device = co_await lab.registered_device();
  auto caller = lab.controller();
  auto push = co_await caller.reach(device, lab.within(5s));
  lab.require("the device gets a punch_hole", push, Arrived());
  lab.verdict("ADR-ENC-03", push->socket_addr().size(), testing::Le(11U));
  lab.verdict("ADR-ENC-03", push->socket_addr(), DecodesTo(caller.address()));
  const auto reply = co_await device.reply(device.answer_to(*push));
  auto answer = co_await caller.next<hbb::PunchHoleResponse>(lab.within(5s));
  lab.require("the controller gets the answer", answer, Arrived());
  lab.verdict("ADR-ENC-03", answer->socket_addr().size(), testing::Le(11U));
  lab.verdict("ADR-ENC-03", answer->socket_addr(), DecodesTo(reply.local()));
}

}  // namespace
}  // namespace deskcheck::conformance
