// IPv4 addresses in socket_addr fields: how servers write them, and what they must read.
#include "conformance/cases/still_serves.hpp"
#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {
namespace {

using namespace std::chrono_literals;

MATCHER(IsIpv4Form, "an address in the IPv4 form, of 11 bytes at most") {
  return arg.size() <= 11 && wire::decode_address(arg).address.is_v4();
}

// The requester's address in a push, and the device's in the answer: both decode to what they are.
// The same requester a moment later gives other bytes, for they are masked with the time.
CASE(ipv4, "address/ipv4", checks("ADR-ENC-01", "ADR-ENC-03")) {
  auto device = co_await lab.registered_device();
  auto caller = lab.controller();
  auto push = co_await caller.reach(device, lab.within(5s));
  lab.require("the device gets a punch_hole", push, Arrived());
  lab.verdict("ADR-ENC-01", push->socket_addr(), DecodesTo(caller.address()));
  lab.verdict("ADR-ENC-03", push->socket_addr(), IsIpv4Form());

  co_await lab.wait(10ms);
  auto repeated = co_await caller.reach(device, lab.within(5s));
  lab.require("the device gets a punch_hole again", repeated, Arrived());
  lab.verdict("ADR-ENC-01", repeated->socket_addr(), DecodesTo(caller.address()));
  lab.verdict("ADR-ENC-01", repeated->socket_addr(), testing::Not(Bytes(push->socket_addr())));

  const auto reply = co_await device.reply(device.answer_to(*repeated));
  auto answer = co_await caller.next<hbb::PunchHoleResponse>(lab.within(5s));
  lab.require("the controller gets the answer", answer, Arrived());
  lab.verdict("ADR-ENC-01", answer->socket_addr(), DecodesTo(reply.local()));
  lab.verdict("ADR-ENC-03", answer->socket_addr(), IsIpv4Form());
}

// A device may have masked the requester's address again, at any moment of the clock.
CASE(any_mask, "address/any-mask", checks("ADR-DEC-01"), after("address/ipv4")) {
  auto device = co_await lab.registered_device();
  const auto some = static_cast<std::uint32_t>(lab.random().next());
  for (const std::uint32_t mask : {0U, 1U, 0xFFFFU, 0x10000U, 0x80000000U, 0xFFFFFFFFU, some}) {
    auto caller = lab.controller();
    auto push = co_await caller.reach(device, lab.within(5s));
    lab.require("the device gets a punch_hole", push, Arrived());
    auto sent = device.answer_to(*push);
    const auto requester = wire::decode_address(push->socket_addr());
    sent.set_socket_addr(wire::encode_address(requester, mask));
    const auto reply = co_await device.reply(sent);
    auto answer = co_await caller.next<hbb::PunchHoleResponse>(lab.within(5s));
    if (!lab.verdict("ADR-DEC-01", answer, Succeeds())) co_return;
  }
}

// Answers to nobody: socket_addr of every length that no encoder makes, with nonsense inside.
CASE(malformed, "address/malformed", checks("ADR-DEC-02"), after("address/ipv4")) {
  auto device = co_await lab.registered_device();
  std::vector<std::size_t> lengths{16, 17, 19, 20, 64, 5000};
  for (std::size_t length = 0; length < 16; ++length) lengths.push_back(length);
  for (const std::size_t length : lengths) {
    for (const std::string& garbage : {lab.random().bytes(length), std::string(length, '\xFF')}) {
      hbb::PunchHole push;
      push.set_socket_addr(garbage);
      hbb::RequestRelay relay;
      relay.set_socket_addr(garbage);
      hbb::LocalAddr local;
      local.set_socket_addr(garbage);
      local.set_local_addr(garbage);
      local.set_id(device.id());
      local.set_version("1.4.9");
      const auto first = co_await device.reply(device.answer_to(push));
      const auto second = co_await device.reply(device.answer_to(relay));
      const auto third = co_await device.reply(local);
      device.send(device.answer_to(push));
      device.send(local);
    }
  }
  co_await still_serves(lab, "ADR-DEC-02");
}

}  // namespace
}  // namespace deskcheck::conformance
