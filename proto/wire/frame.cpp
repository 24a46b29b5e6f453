#include "proto/wire/frame.hpp"

#include <utility>

namespace deskcheck::wire {
namespace {

unsigned octet(char c) { return static_cast<unsigned char>(c); }

std::size_t header_length(std::size_t payload_length) {
  if (payload_length <= 0x3F) return 1;
  if (payload_length <= 0x3FFF) return 2;
  if (payload_length <= 0x3FFFFF) return 3;
  return 4;
}

}  // namespace

Result<std::string> encode_header(std::size_t length) {
  if (length > kMaxPayload) return Error::frame_too_long;
  const std::size_t size = header_length(length);
  const std::size_t value = length << 2 | (size - 1);
  std::string header;
  for (std::size_t i = 0; i < size; ++i) header += static_cast<char>(value >> (8 * i) & 0xFF);
  return header;
}

Result<std::string> encode_frame(std::string_view payload) {
  auto frame = encode_header(payload.size());
  if (frame) frame->append(payload);
  return frame;
}

void FrameDecoder::feed(std::string_view bytes) {
  // Dropping what was handed out only when it is the larger part moves each byte at most once on
  // average, however small the pieces are.
  if (head_ > buffer_.size() - head_) {
    buffer_.erase(0, head_);
    head_ = 0;
  }
  buffer_.append(bytes);
}

Result<std::optional<std::string>> FrameDecoder::next() {
  const std::string_view held = std::string_view(buffer_).substr(head_);
  if (held.empty()) return std::nullopt;
  const std::size_t size = (octet(held[0]) & 3) + 1;
  if (held.size() < size) return std::nullopt;

  std::size_t length = 0;
  for (std::size_t i = 0; i < size; ++i) length |= std::size_t{octet(held[i])} << (8 * i);
  length >>= 2;
  if (length > limit_) return Error::frame_too_long;
  if (held.size() - size < length) return std::nullopt;

  head_ += size + length;
  return std::string(held.substr(size, length));
}

std::string FrameDecoder::take_rest() {
  buffer_.erase(0, std::exchange(head_, 0));
  return std::exchange(buffer_, {});
}

}  // namespace deskcheck::wire
