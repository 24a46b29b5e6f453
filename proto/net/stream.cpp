#include "proto/net/stream.hpp"

namespace deskcheck::net {

namespace {
constexpr std::size_t kLargestRead =
    64 * 1024;  // what is allocated for one read, whatever `max` is
}

awaitable<Result<void>> write_all(ByteStream& stream, std::string bytes, Deadline deadline) {
  for (std::size_t done = 0; done < bytes.size();) {
    const auto rest = asio::buffer(bytes) + done;
    auto written = co_await stream.async_write_some(rest, deadline);
    if (!written) co_return written.error();
    done += *written;
  }
  co_return Result<void>();
}

awaitable<Result<std::string>> read_some(ByteStream& stream, std::size_t max, Deadline deadline) {
  std::string bytes(std::min(max, kLargestRead), '\0');
  const auto room = asio::buffer(bytes);
  auto count = co_await stream.async_read_some(room, deadline);
  if (!count) co_return count.error();
  bytes.resize(*count);
  co_return std::move(bytes);
}

}  // namespace deskcheck::net
