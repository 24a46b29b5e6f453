// Messages of the punch exchange as datagrams, where their sender can be forged.
#include "conformance/lab/call.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

// After the forged datagrams the device answers over TCP, and that is what the controller hears.
Task<void> only_tcp_answer_arrives(Lab& lab, Call& call, std::string requirement) {
  auto sent = call.device.answer_to(call.push);
  sent.set_relay_server("tcp.test");
  const auto reply = co_await call.device.reply(sent);
  auto first = co_await call.controller.next_message(lab.within(5s));
  lab.verdict(requirement, first, IsAnswerWithRelay("tcp.test"));
}

}  // namespace

// A request by datagram wakes nobody, and nothing comes back.
CASE(request_by_datagram, "punch/udp/request", checks("PCH-UDP-01"), after("punch/forward/once")) {
  auto device = co_await lab.registered_device();
  auto stranger = lab.device();
  device.channel().drain();
  const auto controller = lab.controller(stranger.home());
  stranger.send(controller.request_for(device.id()));
  stranger.send(controller.request_for(lab.fresh_id()));
  const auto answered = co_await stranger.before_barrier();
  lab.verdict("PCH-UDP-01", answered, IsNothing());
  const auto heard = co_await device.before_barrier();
  lab.verdict("PCH-UDP-01", heard, HasNoPush());
}

// An answer by datagram to a request that named no UDP port: from a stranger, and from the device's
// own address, which is as easily forged.
CASE(sent_by_datagram, "punch/udp/sent", checks("PCH-UDP-02"), after("punch/sent/answer")) {
  auto call = co_await place_call(lab);
  auto stranger = lab.device();
  auto forged = call.device.answer_to(call.push);
  forged.set_relay_server("udp.test");
  for (auto* sender : {&stranger, &call.device}) {
    sender->send(forged);
    const auto answered = co_await sender->before_barrier();
    lab.verdict("PCH-UDP-02", answered, IsNothing());
  }
  co_await only_tcp_answer_arrives(lab, call, "PCH-UDP-02");
}

// The answer of a neighbour by datagram could send the controller anywhere.
CASE(local_addr_by_datagram, "punch/udp/local-addr", checks("PCH-UDP-03"),
     after("punch/sent/answer")) {
  auto call = co_await place_call(lab);
  auto stranger = lab.device();
  hbb::LocalAddr forged;
  forged.set_socket_addr(call.push.socket_addr());
  forged.set_local_addr(wire::encode_address(stranger.address(), 0x1234567));
  forged.set_id(call.device.id());
  forged.set_relay_server("udp.test");
  forged.set_version("1.4.9");
  for (auto* sender : {&stranger, &call.device}) {
    sender->send(forged);
    const auto answered = co_await sender->before_barrier();
    lab.verdict("PCH-UDP-03", answered, IsNothing());
  }
  co_await only_tcp_answer_arrives(lab, call, "PCH-UDP-03");
}

}  // namespace deskcheck::conformance
