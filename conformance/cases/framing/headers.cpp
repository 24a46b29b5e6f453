// Headers of frames, both ways: their form, every size of payload, the shortest and others.
#include "conformance/cases/framing/frames.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {
namespace {

using namespace std::chrono_literals;

MATCHER(HasShortestHeader, "a frame with the shortest header for its payload") {
  return arg.header == wire::encode_header(arg.payload.size()).value();
}
MATCHER(HoldsAnAnswer, "a frame that holds a punch_hole_response") {
  hbb::RendezvousMessage message;
  return arg.arrived() && message.ParseFromString(arg->payload) &&
         message.has_punch_hole_response();
}

// A request in a frame is answered in a frame.
CASE(plain, "framing/plain", checks("FRM-HDR-01"), does(Effect::reads)) {
  auto controller = lab.controller();
  co_await controller.send(controller.request_for(lab.fresh_id()));
  auto answer = co_await next_raw_frame(lab, controller, "punch_hole_response", lab.within(5s));
  lab.verdict("FRM-HDR-01", answer, HoldsAnAnswer());
}

// Requests that fill their frames to the last size of each header, and one byte more.
CASE(sizes, "framing/sizes", checks("FRM-HDR-02"), after("framing/unknown-fields-tcp"), heavy(),
     does(Effect::reads)) {
  for (const std::size_t size : {63U, 64U, 0x3FFFU, 0x4000U, 0x3FFFFFU, 0x400000U}) {
    auto controller = lab.controller();
    const std::string payload = request_of_size(lab, controller, size);
    lab.require("the size of the request", payload.size(), testing::Eq(size));
    auto answer = co_await ask_raw(lab, controller, frame(payload), lab.within(20s));
    if (!lab.verdict("FRM-HDR-02", answer, HasNoAddress())) co_return;
  }
}

// No request fits into 0 or 1 byte, so the server may end the connection. What it must not do is
// wait for more of such a frame: then neither the end nor the answer to what follows would come.
CASE(tiny, "framing/tiny", checks("FRM-HDR-02"), after("framing/unknown-fields-tcp"),
     does(Effect::reads)) {
  const std::string empty = frame("");
  const std::string one_byte = frame("\n");
  for (const auto* tiny : {&empty, &one_byte}) {
    auto controller = lab.controller();
    const std::string request = request_of_size(lab, controller, 200);
    auto answer = co_await ask_raw(lab, controller, *tiny + frame(request), lab.within(5s));
    lab.verdict("FRM-HDR-02", answer, testing::AnyOf(HasNoAddress(), Ends()));
  }
}

// Longer headers than needed.
CASE(long_headers, "framing/long-headers", checks("FRM-HDR-04"),
     after("framing/unknown-fields-tcp"), does(Effect::reads)) {
  for (const std::size_t bytes : {2U, 3U, 4U}) {
    auto controller = lab.controller();
    const std::string payload = request_of_size(lab, controller, 60);
    const std::string raw = header_of(bytes, payload.size()) + payload;
    auto answer = co_await ask_raw(lab, controller, raw, lab.within(5s));
    lab.verdict("FRM-HDR-04", answer, HasNoAddress());
  }
}

// The shortest answer that there is.
CASE(short_answer, "framing/short-answer", checks("FRM-HDR-03"), after("framing/plain"),
     does(Effect::reads)) {
  auto controller = lab.controller();
  co_await controller.send(controller.request_for(lab.fresh_id()));
  auto answer = co_await next_raw_frame(lab, controller, "punch_hole_response", lab.within(5s));
  lab.require("the request is answered", answer, Arrived());
  lab.verdict("FRM-HDR-03", *answer, HasShortestHeader());
}

// Longer answers: the device's words of refusal, which the server passes on, around the sizes at
// which headers grow. A server may cut the longest ones.
CASE(longer_answers, "framing/longer-answers", checks("FRM-HDR-03"), after("framing/plain")) {
  auto device = co_await lab.registered_device();
  for (const std::size_t length : {58U, 59U, 16376U, 16377U}) {
    auto controller = lab.controller();
    auto push = co_await controller.reach(device, lab.within(5s));
    lab.require("the device gets a punch_hole", push, Arrived());
    hbb::RelayResponse refusal;
    refusal.set_socket_addr(push->socket_addr());
    refusal.set_refuse_reason(std::string(length, 'n'));
    const auto reply = co_await device.reply(refusal);
    auto answer = co_await next_raw_frame(lab, controller, "relay_response", lab.within(3s));
    if (length < 100) lab.require("a refusal reaches the controller", answer, Arrived());
    if (answer) lab.verdict("FRM-HDR-03", *answer, HasShortestHeader());
  }
}

}  // namespace
}  // namespace deskcheck::conformance
