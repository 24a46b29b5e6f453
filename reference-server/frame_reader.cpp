#include "reference-server/frame_reader.hpp"

#include "proto/net/stream.hpp"

namespace deskcheck::server {

namespace {

// Most connections wait for one short message: they must not hold much while they wait.
constexpr std::size_t kIdleRead = 1024;
constexpr std::size_t kBusyRead = 16 * 1024;

}  // namespace

net::awaitable<net::Result<std::string>> FrameReader::next(net::Deadline deadline) {
  for (;;) {
    auto payload = decoder_.next();
    if (!payload) co_return payload.error();
    if (*payload) {
      if (wrong_.second_frame_lost) decoder_ = wire::FrameDecoder(limit_);
      co_return std::move(**payload);
    }
    const bool cut = decoder_.mid_frame();
    if (cut && wrong_.one_segment_one_frame)
      co_return wire::make_error_code(wire::Error::not_a_message);
    const std::size_t most = cut ? kBusyRead : kIdleRead;
    auto bytes = co_await net::read_some(stream_, most, deadline);
    if (!bytes) co_return bytes.error();
    decoder_.feed(*bytes);
  }
}

}  // namespace deskcheck::server
