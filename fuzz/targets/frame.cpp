// The frame codec. Input: a byte that chooses the limit, a byte that counts the cuts, the length of
// a piece for each cut, then the stream; the lengths are used again and again.
#include "proto/wire/frame.hpp"
#include "fuzz/engine/cursor.hpp"
#include "fuzz/engine/target.hpp"

#include <vector>

namespace deskcheck::fuzz {

namespace {

struct Decoded {
  std::vector<std::string> payloads;
  bool failed = false;
  std::string rest;
};

void drain(wire::FrameDecoder& decoder, std::size_t limit, Decoded& decoded) {
  for (;;) {
    auto payload = decoder.next();
    if (!payload) {
      require(payload.error() == wire::Error::frame_too_long, "frame_too_long is the only error");
      decoded.failed = true;
      return;
    }
    require(!decoded.failed, "an error of the decoder is for good");
    if (!*payload) return;
    require((*payload)->size() <= limit, "no payload is longer than the limit");
    decoded.payloads.push_back(std::move(**payload));
  }
}

// The rule by itself, over the whole stream: header of 1 to 4 bytes, little-endian.
Decoded model(std::string_view stream, std::size_t limit) {
  Decoded decoded;
  while (!stream.empty()) {
    const std::size_t size = (static_cast<unsigned char>(stream[0]) & 3) + 1u;
    if (stream.size() < size) break;
    const std::size_t length = Cursor(stream).number(size) >> 2;
    if (length > limit) {
      decoded.failed = true;
      break;
    }
    if (stream.size() - size < length) break;
    decoded.payloads.emplace_back(stream.substr(size, length));
    stream.remove_prefix(size + length);
  }
  decoded.rest = stream;
  return decoded;
}

// Planted: a three-byte header of a frame that is not the first one, cut after its second byte,
// loses that byte: as if each read had started a new header.
bool falls_into_the_planted_hole(std::string_view stream, std::size_t limit, std::size_t cut) {
  const auto before = model(stream.substr(0, cut), limit);
  return !before.failed && before.payloads.size() >= 2 && before.rest.size() == 2 &&
         (before.rest[0] & 3) == 2;
}

Decoded decode_in_pieces(std::string_view stream, std::string_view lengths, std::size_t limit) {
  wire::FrameDecoder decoder(limit);
  Decoded decoded;
  std::size_t at = 0;
  for (std::size_t i = 0; at < stream.size(); ++i) {
    std::size_t length = stream.size();
    if (!lengths.empty()) length = static_cast<unsigned char>(lengths[i % lengths.size()]);
    auto piece = stream.substr(at, std::max<std::size_t>(length, 1));
    at += piece.size();
    if (planted() && falls_into_the_planted_hole(stream, limit, at)) piece.remove_suffix(1);
    decoder.feed(piece);
    drain(decoder, limit, decoded);
  }
  decoded.rest = decoder.take_rest();
  require(!decoder.mid_frame(), "nothing is held after the rest was taken");
  return decoded;
}

void same(const Decoded& a, const Decoded& b) {
  require(a.payloads == b.payloads, "any segmentation gives the same payloads");
  require(a.failed == b.failed, "any segmentation fails alike");
  require(a.rest == b.rest, "any segmentation leaves the same rest");
}

void round_trip(const std::vector<std::string>& payloads) {
  std::string stream;
  for (const auto& payload : payloads) {
    const auto frame = wire::encode_frame(payload);
    require(frame.has_value(), "what was decoded can be encoded");
    const auto overhead = frame->size() - payload.size();
    const auto shortest = payload.size() < 64 ? 1u : payload.size() < 16384 ? 2u : 3u;
    require(overhead == shortest, "a header is as short as it can be");
    stream += *frame;
  }
  const auto again = model(stream, wire::kMaxPayload);
  require(again.payloads == payloads && again.rest.empty(), "encoded frames decode to themselves");
}

}  // namespace

std::unique_ptr<google::protobuf::Message> new_input() { return nullptr; }

void one_input(std::string_view input) {
  Cursor cursor(input);
  const auto limit =
      std::min<std::size_t>(std::size_t{1} << (cursor.number(1) & 31), wire::kMaxPayload);
  const auto lengths = cursor.take(cursor.number(1) & 15);
  const auto stream = cursor.rest();
  const auto expected = model(stream, limit);
  same(decode_in_pieces(stream, {}, limit), expected);
  same(decode_in_pieces(stream, lengths, limit), expected);
  round_trip(expected.payloads);
}

}  // namespace deskcheck::fuzz
