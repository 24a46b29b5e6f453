// Sockets of the kernel behind the interfaces of network.hpp. Private to the real world.
#pragma once

#include "proto/net/network.hpp"

#include <sys/socket.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/ip/v6_only.hpp>

namespace deskcheck::net {

// Where recvmmsg puts a batch before it is copied out; one for all sockets of a world.
class ReceiveRoom {
 public:
  ReceiveRoom();
  bool take(int socket, std::vector<Datagram>& batch);

 private:
  static constexpr std::size_t kBatch = 32;
  static constexpr std::size_t kLargest = 65536;
  std::unique_ptr<char[]> bytes_;
  mmsghdr headers_[kBatch] = {};
  iovec parts_[kBatch] = {};
  asio::ip::udp::endpoint peers_[kBatch];
};

class RealDatagramSocket final : public DatagramSocket {
 public:
  RealDatagramSocket(asio::io_context& io, Endpoint local, ReceiveRoom& room);
  Endpoint local() const override { return local_; }
  void send(std::span<const Datagram> batch) override;
  bool take(std::vector<Datagram>& batch) override;

 private:
  asio::any_io_executor executor() override { return socket_.get_executor(); }
  void wait_readable(Completion completion) override;
  asio::ip::udp::socket socket_;
  Endpoint local_;
  ReceiveRoom& room_;
};

class RealStream final : public StreamEnd {
 public:
  RealStream(asio::ip::tcp::socket socket, Endpoint remote);
  // A socket that can connect from `from` to `to`.
  static Result<std::unique_ptr<StreamEnd>> open(asio::io_context& io, Endpoint from, Endpoint to);

  asio::any_io_executor executor() override { return socket_.get_executor(); }
  Endpoint local() const override;
  Endpoint remote() const override { return remote_; }
  void connect(Endpoint to, Completion completion) override;
  void read_some(Buffers<asio::mutable_buffer> into, Completion completion) override;
  void write_some(Buffers<asio::const_buffer> from, Completion completion) override;
  void shutdown_send() override;
  void reset() override;

  // For forward.cpp, which lets the kernel move bytes from one socket to another.
  int descriptor() { return socket_.native_handle(); }
  void never_block() { socket_.native_non_blocking(true, ignored_); }
  void wait(asio::ip::tcp::socket::wait_type what, Completion completion) {
    socket_.async_wait(what, std::move(completion));
  }

 private:
  asio::ip::tcp::socket socket_;
  error_code ignored_;
  Endpoint remote_;
  Endpoint local_before_reset_;
};

class RealListener final : public Listener {
 public:
  RealListener(asio::io_context& io, Endpoint local);
  Endpoint local() const override { return local_; }

 private:
  asio::any_io_executor executor() override { return acceptor_.get_executor(); }
  void wait_readable(Completion completion) override;
  Result<std::unique_ptr<StreamEnd>> take() override;
  asio::ip::tcp::acceptor acceptor_;
  Endpoint local_;
};

template <class Protocol>
typename Protocol::endpoint native(const Endpoint& e) {
  return {e.address, e.port};
}
template <class NativeEndpoint>
Endpoint ours(const NativeEndpoint& e) {
  return {e.address(), e.port()};
}
// "cannot bind udp 127.0.0.1:21116: Address already in use".
[[noreturn]] void throw_cannot_bind(const char* transport, const Endpoint& local, error_code ec);

}  // namespace deskcheck::net
