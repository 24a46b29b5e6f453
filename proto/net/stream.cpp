#include "proto/net/stream.hpp"

namespace deskcheck::net {

namespace {
constexpr std::size_t kLargestRead =
    64 * 1024;  // what is allocated for one read, whatever `max` is

class Prefixed final : public StreamEnd {
 public:
  Prefixed(ByteStream stream, std::string prefix)
      : stream_(std::move(stream)), prefix_(std::move(prefix)) {}

  asio::any_io_executor executor() override { return stream_.get_executor(); }
  Endpoint local() const override { return end()->local(); }
  Endpoint remote() const override { return end()->remote(); }
  void connect(Endpoint to, Completion completion) override {
    end()->connect(to, std::move(completion));
  }
  void read_some(Buffers<asio::mutable_buffer> into, Completion completion) override {
    if (prefix_.empty()) return end()->read_some(into, std::move(completion));
    const std::size_t taken = asio::buffer_copy(into, asio::buffer(prefix_));
    prefix_.erase(0, taken);
    post_completion(std::move(completion), {}, taken);
  }
  void write_some(Buffers<asio::const_buffer> from, Completion completion) override {
    end()->write_some(from, std::move(completion));
  }
  void shutdown_send() override { end()->shutdown_send(); }
  void reset() override { end()->reset(); }

 private:
  StreamEnd* end() const { return stream_.operator->(); }

  mutable ByteStream stream_;
  std::string prefix_;
};
}  // namespace

ByteStream with_prefix(ByteStream stream, std::string bytes) {
  if (bytes.empty()) return stream;
  return ByteStream(std::make_unique<Prefixed>(std::move(stream), std::move(bytes)));
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
