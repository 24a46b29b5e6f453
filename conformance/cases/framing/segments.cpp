// Frames and the TCP segments in which they arrive, also when the rest never arrives.
#include "conformance/cases/framing/frames.hpp"
#include "conformance/cases/still_serves.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {
namespace {

using namespace std::chrono_literals;

// Long enough for the kernel to send what was written before.
constexpr net::Duration kBetweenSegments = 2ms;

// Sends `bytes` in pieces that end at `cuts` (ascending), each in a segment of its own.
Task<void> send_in_pieces(Lab& lab, LabController& controller, std::string bytes,
                          std::vector<std::size_t> cuts) {
  co_await controller.connect();
  cuts.push_back(bytes.size());
  std::size_t begin = 0;
  for (const std::size_t end : cuts) {
    std::string piece = bytes.substr(begin, end - begin);
    (void)co_await controller.connection().send_bytes(std::move(piece), lab.within(5s));
    co_await lab.wait(kBetweenSegments);
    begin = end;
  }
}

// One byte at a time.
CASE(byte_by_byte, "framing/byte-by-byte", checks("FRM-SEG-01"),
     after("framing/unknown-fields-tcp"), does(Effect::reads)) {
  auto controller = lab.controller();
  const std::string bytes = frame(request_of_size(lab, controller, 200));
  std::vector<std::size_t> cuts;
  for (std::size_t i = 1; i < bytes.size(); ++i) cuts.push_back(i);
  co_await send_in_pieces(lab, controller, bytes, cuts);
  auto answer = co_await controller.next<hbb::PunchHoleResponse>(lab.within(5s));
  lab.verdict("FRM-SEG-01", answer, HasNoAddress());
}

// Cut inside the header, and anywhere else.
CASE(arbitrary_segments, "framing/arbitrary-segments", checks("FRM-SEG-01"),
     after("framing/unknown-fields-tcp"), does(Effect::reads)) {
  for (int round = 0; round < 4; ++round) {
    auto controller = lab.controller();
    const std::string bytes = frame(request_of_size(lab, controller, 17000));  // header of 3 bytes
    std::vector<std::size_t> cuts{1, 2};
    while (cuts.size() < 8) cuts.push_back(cuts.back() + 1 + lab.random().below(2500));
    co_await send_in_pieces(lab, controller, bytes, cuts);
    auto answer = co_await controller.next<hbb::PunchHoleResponse>(lab.within(5s));
    lab.verdict("FRM-SEG-01", answer, HasNoAddress());
  }
}

// A request and its repetition in one segment: the device hears of both.
CASE(two_in_one, "framing/two-in-one", checks("FRM-SEG-02"), after("framing/plain")) {
  auto device = co_await lab.registered_device();
  auto controller = lab.controller();
  const auto request = wrap<hbb::RendezvousMessage>(controller.request_for(device.id()));
  const std::string one = frame(request.SerializeAsString());
  co_await controller.connect();
  const auto sent = co_await controller.connection().send_bytes(one + one, lab.within(5s));
  lab.require("the requests are sent", sent.has_value(), testing::IsTrue());
  for (int i = 0; i < 2; ++i) {
    auto push = co_await device.push<hbb::PunchHole>(lab.within(5s));
    lab.verdict("FRM-SEG-02", push, Arrived());
  }
}

// Connections that end in the middle of a header or of a payload, in every way in which connections
// end. Who was connected before, and who comes later, notices nothing.
CASE(cut_off, "framing/cut-off", checks("FRM-EOF-01"), after("framing/plain"),
     does(Effect::reads)) {
  auto bystander = lab.controller();
  co_await bystander.connect();
  auto leaver = lab.controller();
  const std::string whole = frame(request_of_size(lab, leaver, 300));
  for (const std::size_t length : {1U, 2U, 150U}) {
    for (int way = 0; way < 3; ++way) {
      co_await leaver.connect();
      auto sent = co_await leaver.connection().send_bytes(whole.substr(0, length), lab.within(5s));
      lab.require("a part of a frame is sent", sent.has_value(), testing::IsTrue());
      if (way == 0) {
        leaver.connection().shutdown_send();
        (void)co_await leaver.connection().closed(lab.within(2s));
      }
      if (way == 1) leaver.connection().reset();
      leaver.hang_up();
    }
  }
  auto answer = co_await bystander.ask_for(lab.fresh_id(), lab.within(5s));
  lab.verdict("FRM-EOF-01", answer, HasNoAddress());
  co_await still_serves(lab, "FRM-EOF-01");
}

// Many connections that announce almost 1 GiB each and send little of it.
CASE(huge_announced, "framing/huge-announced", checks("FRM-BIG-01"), after("framing/plain"),
     does(Effect::reads)) {
  constexpr int kConnections = 64;
  const net::Endpoint home = lab.home();
  const std::string start = header_of(4, wire::kMaxPayload) + std::string(1000, 'x');
  std::vector<sim::MessageStream> greedy;
  for (int i = 0; i < kConnections; ++i) {
    auto stream = co_await lab.connect("greedy", home, lab.target().rendezvous);
    (void)co_await stream.send_bytes(start, lab.within(5s));
    greedy.push_back(std::move(stream));
  }
  co_await still_serves(lab, "FRM-BIG-01");
}

// The longest frame that can be announced is more than any documented limit.
CASE(over_the_limit, "framing/over-the-limit", checks("FRM-BIG-02"), after("framing/plain"),
     does(Effect::reads)) {
  auto controller = lab.controller();
  co_await controller.connect();
  const std::string start = header_of(4, wire::kMaxPayload) + std::string(1000, 'x');
  (void)co_await controller.connection().send_bytes(start, lab.within(5s));
  auto next = co_await controller.next_message(lab.within(3s));
  lab.verdict("FRM-BIG-02", next, Ends());
}

}  // namespace
}  // namespace deskcheck::conformance
