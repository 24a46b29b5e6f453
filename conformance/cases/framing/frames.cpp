#include "conformance/cases/framing/frames.hpp"

#include "conformance/lab/matchers.hpp"

#include <google/protobuf/io/coded_stream.h>

namespace deskcheck::conformance {

using google::protobuf::io::CodedOutputStream;
using net::Result;

namespace {

// A field of number 1, which no rendezvous message has, of `size` bytes altogether.
std::string filler(std::size_t size) {
  if (size == 0) return {};
  constexpr char kTag = 0x0A;  // length-delimited
  for (std::size_t digits = 1; digits <= 4; ++digits) {
    const auto content = static_cast<std::uint32_t>(size - 1 - digits);
    if (CodedOutputStream::VarintSize32(content) != digits) continue;
    std::string field(1 + digits, kTag);
    CodedOutputStream::WriteVarint32ToArray(content,
                                            reinterpret_cast<std::uint8_t*>(field.data() + 1));
    return field + std::string(content, 'f');
  }
  // The length has one digit more or less than fits: two fields.
  return std::string{kTag, 0} + filler(size - 2);
}

Task<Result<RawFrame>> receive_raw_frame(sim::MessageStream& stream, net::Deadline deadline) {
  RawFrame frame;
  auto first = co_await stream.receive_exactly(1, deadline);
  if (!first) co_return first.error();
  const std::size_t more = static_cast<unsigned char>(first->front()) & 3U;
  auto rest = co_await stream.receive_exactly(more, deadline);
  if (!rest) co_return rest.error();
  frame.header = *first + *rest;
  std::size_t length = 0;
  for (std::size_t i = frame.header.size(); i-- > 0;)
    length = length << 8 | static_cast<unsigned char>(frame.header[i]);
  auto payload = co_await stream.receive_exactly(length >> 2, deadline);
  if (!payload) co_return payload.error();
  frame.payload = std::move(*payload);
  co_return frame;
}

}  // namespace

std::string header_of(std::size_t bytes, std::size_t length) {
  std::size_t value = length << 2 | (bytes - 1);
  std::string header;
  for (std::size_t i = 0; i < bytes; ++i, value >>= 8) header += static_cast<char>(value & 0xFF);
  return header;
}

std::string frame(const std::string& payload) { return wire::encode_frame(payload).value(); }

std::string request_of_size(Lab& lab, LabController& controller, std::size_t size) {
  auto request = controller.request_for(lab.fresh_id());
  if (wrap<hbb::RendezvousMessage>(request).ByteSizeLong() + 4 > size) request.clear_licence_key();
  const std::string payload = wrap<hbb::RendezvousMessage>(request).SerializeAsString();
  return payload + filler(size - payload.size());
}

Task<Answer<hbb::PunchHoleResponse>> ask_raw(Lab&, LabController& controller, std::string bytes,
                                             net::Deadline deadline) {
  co_await controller.connect();
  // A server that gives up in the middle shows itself in what comes back.
  (void)co_await controller.connection().send_bytes(std::move(bytes), deadline);
  co_return co_await controller.next<hbb::PunchHoleResponse>(deadline);
}

void PrintTo(const RawFrame& frame, std::ostream* out) {
  *out << "header " << show_bytes(frame.header) << ", payload " << show_bytes(frame.payload);
}

Task<Answer<RawFrame>> next_raw_frame(Lab& lab, LabController& controller, std::string member,
                                      net::Deadline deadline) {
  const auto* descriptor = hbb::RendezvousMessage::descriptor()->FindFieldByName(member);
  for (;;) {
    auto frame = co_await receive_raw_frame(controller.connection(), deadline);
    hbb::RendezvousMessage message;
    if (frame && message.ParseFromString(frame->payload) &&
        !message.GetReflection()->HasField(message, descriptor))
      continue;
    co_return lab.answer(std::move(frame), "the frame with " + member);
  }
}

}  // namespace deskcheck::conformance
