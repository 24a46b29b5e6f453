// The framing of TCP connections: a little-endian header of 1 to 4 bytes whose two low bits hold
// (header bytes - 1) and whose other bits hold the payload length. UDP and WebSocket have none.
// Decides nothing about what a payload means. Source of the rules: client, libs/hbb_common
// src/bytes_codec.rs:44-143.
#pragma once

#include "proto/wire/error.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deskcheck::wire {

// The longest payload that a header can express, in bytes.
inline constexpr std::size_t kMaxPayload = 0x3FFFFFFF;

// The shortest header for a payload of `length` bytes; frame_too_long above kMaxPayload.
Result<std::string> encode_header(std::size_t length);
// Header and payload; frame_too_long above kMaxPayload.
Result<std::string> encode_frame(std::string_view payload);

// Splits a byte stream into payloads, whatever the segmentation.
class FrameDecoder {
 public:
  // `limit`: the longest payload accepted, in bytes. Memory grows with the bytes really received,
  // never with the announced length.
  explicit FrameDecoder(std::size_t limit = kMaxPayload) : limit_(limit) {}

  void feed(std::string_view bytes);
  // The next complete payload, nothing if more bytes are needed, frame_too_long (for good) if the
  // announced length exceeds the limit. Non-minimal headers are accepted, as clients accept them.
  Result<std::optional<std::string>> next();
  // True while bytes are held. After next() gave nothing, they are the start of an incomplete
  // frame: an end of stream now cuts it.
  bool mid_frame() const { return head_ < buffer_.size(); }
  // Gives up framing and hands over what was received but not decoded (a relay after pairing).
  std::string take_rest();

 private:
  std::size_t limit_;
  std::string buffer_;
  std::size_t head_ = 0;  // what lies before it has been handed out
};

}  // namespace deskcheck::wire
