#include "proto/net/network.hpp"

namespace deskcheck::net {

namespace {

// Any `void start(Completion)` as an operation that takes a deadline.
template <class Start>
awaitable<Result<std::size_t>> within(Deadline deadline, asio::any_io_executor executor,
                                      Start start) {
  return asio::async_initiate<Deadline, void(error_code, std::size_t)>(
      [](auto handler, asio::any_io_executor fallback, Start begin) {
        begin(Completion(std::move(handler), fallback));
      },
      deadline, std::move(executor), std::move(start));
}

}  // namespace

std::string to_string(const Endpoint& e) {
  return e.address.to_string() + ':' + std::to_string(e.port);
}

Endpoint endpoint(const char* address, std::uint16_t port) {
  return {asio::ip::make_address(address), port};
}

void teardown(boost::beast::role_type, ByteStream& stream, error_code& ec) {
  stream->shutdown_send();
  ec = {};
}

awaitable<Result<void>> DatagramSocket::receive(std::vector<Datagram>& batch, Deadline deadline) {
  while (!take(batch)) {
    auto ready = co_await within(deadline, executor(),
                                 [this](Completion c) { wait_readable(std::move(c)); });
    if (!ready) co_return ready.error();
  }
  co_return Result<void>();
}

awaitable<Result<ByteStream>> Listener::accept(Deadline deadline) {
  for (;;) {
    if (auto end = take()) co_return ByteStream(std::move(end));
    auto ready = co_await within(deadline, executor(),
                                 [this](Completion c) { wait_readable(std::move(c)); });
    if (!ready) co_return ready.error();
  }
}

awaitable<Result<ByteStream>> Network::connect(Endpoint from, Endpoint to, Deadline deadline) {
  ByteStream stream(open(from));
  auto* end = stream.operator->();
  auto done = co_await within(deadline, end->executor(), [end, to](Completion c) {
    end->connect(to, std::move(c));
  });
  if (!done) co_return done.error();
  co_return std::move(stream);
}

}  // namespace deskcheck::net
