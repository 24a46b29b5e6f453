#include "proto/net/real_sockets.hpp"

#include <netinet/in.h>

namespace deskcheck::net {

namespace {

using asio::ip::tcp;
constexpr int kBacklog = 1024;

// Without it, binding to port 0 reserves a port for all destinations, and a busy client address
// runs out of them.
error_code bind_client(tcp::socket& socket, const Endpoint& from) {
  const int yes = 1;
  if (from.port == 0) {
    ::setsockopt(socket.native_handle(), SOL_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
  }
  error_code ec;
  // Hole punching: a client chooses the port of a connection that it still has, or just had, for
  // another peer, and listens there afterwards. Linux wants this on both sockets.
  socket.set_option(tcp::socket::reuse_address(true), ec);
  socket.bind(native<tcp>(from), ec);
  return ec;
}

tcp::acceptor listening(asio::io_context& io, const Endpoint& local) {
  tcp::acceptor acceptor(io);
  error_code ec;
  acceptor.open(native<tcp>(local).protocol(), ec);
  if (!ec) acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec && local.address.is_v6()) acceptor.set_option(asio::ip::v6_only(false), ec);
  if (!ec) acceptor.bind(native<tcp>(local), ec);
  if (!ec) acceptor.listen(kBacklog, ec);
  if (ec) throw_cannot_bind("tcp", local, ec);
  acceptor.non_blocking(true);
  return acceptor;
}

}  // namespace

RealStream::RealStream(tcp::socket socket, Endpoint remote)
    : socket_(std::move(socket)), remote_(remote) {
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
}

Result<std::unique_ptr<StreamEnd>> RealStream::open(asio::io_context& io, Endpoint from,
                                                    Endpoint to) {
  const bool chosen = !is_anything(from);
  tcp::socket socket(io);
  error_code ec;
  socket.open(native<tcp>(chosen ? from : to).protocol(), ec);
  if (!ec && chosen) ec = bind_client(socket, from);
  if (ec) return ec;
  return std::make_unique<RealStream>(std::move(socket), to);
}

Endpoint RealStream::local() const {
  error_code ec;
  const auto endpoint = socket_.local_endpoint(ec);
  return ec ? local_before_reset_ : ours(endpoint);
}

void RealStream::connect(Endpoint to, Completion completion) {
  socket_.async_connect(native<tcp>(to), std::move(completion));
}
void RealStream::read_some(Buffers<asio::mutable_buffer> into, Completion completion) {
  socket_.async_read_some(into, std::move(completion));
}
// Asio waits for room after a write that failed, and a connection that the peer has ended never has
// any: every write is tried at once, so that each of them fails.
void RealStream::write_some(Buffers<asio::const_buffer> from, Completion completion) {
  error_code ec;
  socket_.non_blocking(true, ec);
  const std::size_t size = socket_.write_some(from, ec);
  if (ec == asio::error::would_block) return socket_.async_write_some(from, std::move(completion));
  post_completion(std::move(completion), ec, size);
}

void RealStream::shutdown_send() {
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

void RealStream::reset() {
  local_before_reset_ = local();
  error_code ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
}

RealListener::RealListener(asio::io_context& io, Endpoint local)
    : acceptor_(listening(io, local)), local_(ours(acceptor_.local_endpoint())) {}

void RealListener::wait_readable(Completion completion) {
  acceptor_.async_wait(tcp::acceptor::wait_read, std::move(completion));
}

Result<std::unique_ptr<StreamEnd>> RealListener::take() {
  error_code ec;
  tcp::endpoint peer;  // from accept itself: a peer that is gone already has no name any more
  auto socket = acceptor_.accept(peer, ec);
  if (ec) return ec;
  return std::make_unique<RealStream>(std::move(socket), ours(peer));
}

}  // namespace deskcheck::net
