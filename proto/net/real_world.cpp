#include "proto/net/real_world.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <sys/socket.h>

namespace deskcheck::net {

namespace {

using asio::ip::tcp;
using asio::ip::udp;
constexpr std::size_t kBatch = 32;
constexpr std::size_t kMaxDatagram = 65536;

template <class Protocol>
typename Protocol::endpoint native(const Endpoint& e) {
  return {e.address, e.port};
}
template <class NativeEndpoint>
Endpoint ours(const NativeEndpoint& e) {
  return {e.address(), e.port()};
}

class RealDatagramSocket final : public DatagramSocket {
 public:
  RealDatagramSocket(asio::io_context& io, Endpoint local) : socket_(io, native<udp>(local)) {
    socket_.non_blocking(true);
  }
  Endpoint local() const override { return ours(socket_.local_endpoint()); }

  void send(std::span<const Datagram> batch) override {
    for (; !batch.empty(); batch = batch.subspan(std::min(kBatch, batch.size()))) {
      mmsghdr headers[kBatch] = {};
      iovec parts[kBatch];
      udp::endpoint peers[kBatch];
      const std::size_t n = std::min(kBatch, batch.size());
      for (std::size_t i = 0; i < n; ++i) {
        peers[i] = native<udp>(batch[i].peer);
        parts[i] = {const_cast<char*>(batch[i].bytes.data()), batch[i].bytes.size()};
        headers[i].msg_hdr = {peers[i].data(), static_cast<socklen_t>(peers[i].size()),
                              &parts[i], 1, nullptr, 0, 0};
      }
      ::sendmmsg(socket_.native_handle(), headers, static_cast<unsigned>(n), MSG_DONTWAIT);
    }
  }

  bool take(std::vector<Datagram>& batch) override {
    mmsghdr headers[kBatch] = {};
    iovec parts[kBatch];
    udp::endpoint peers[kBatch];
    if (room_.empty()) room_.resize(kBatch * kMaxDatagram);  // untouched pages cost nothing
    for (std::size_t i = 0; i < kBatch; ++i) {
      parts[i] = {room_.data() + i * kMaxDatagram, kMaxDatagram};
      headers[i].msg_hdr = {peers[i].data(), static_cast<socklen_t>(peers[i].capacity()),
                            &parts[i], 1, nullptr, 0, 0};
    }
    const int n = ::recvmmsg(socket_.native_handle(), headers, kBatch, MSG_DONTWAIT, nullptr);
    for (int i = 0; i < n; ++i) {
      peers[i].resize(headers[i].msg_hdr.msg_namelen);
      batch.push_back({ours(peers[i]),
                       std::string(static_cast<char*>(parts[i].iov_base), headers[i].msg_len)});
    }
    return n > 0;
  }

 private:
  asio::any_io_executor executor() override { return socket_.get_executor(); }
  void wait_readable(Completion completion) override {
    socket_.async_wait(udp::socket::wait_read, std::move(completion));
  }
  udp::socket socket_;
  std::vector<char> room_;
};

class RealStream final : public StreamEnd {
 public:
  explicit RealStream(tcp::socket socket) : socket_(std::move(socket)) { prepare(); }
  RealStream(asio::io_context& io, Endpoint from) : socket_(io) {
    socket_.open(native<tcp>(from).protocol());
    socket_.bind(native<tcp>(from));
    prepare();
  }
  asio::any_io_executor executor() override { return socket_.get_executor(); }
  Endpoint local() const override { return ours(socket_.local_endpoint()); }
  Endpoint remote() const override { return ours(socket_.remote_endpoint()); }
  void connect(Endpoint to, Completion completion) override {
    socket_.async_connect(native<tcp>(to), std::move(completion));
  }
  void read_some(Buffers<asio::mutable_buffer> into, Completion completion) override {
    socket_.async_read_some(into, std::move(completion));
  }
  void write_some(Buffers<asio::const_buffer> from, Completion completion) override {
    socket_.async_write_some(from, std::move(completion));
  }
  void shutdown_send() override {
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
  }
  void reset() override {
    error_code ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
  }

 private:
  void prepare() {
    error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
  }
  tcp::socket socket_;
};

class RealListener final : public Listener {
 public:
  RealListener(asio::io_context& io, Endpoint local) : acceptor_(io, native<tcp>(local)) {
    acceptor_.non_blocking(true);
  }
  Endpoint local() const override { return ours(acceptor_.local_endpoint()); }

 private:
  asio::any_io_executor executor() override { return acceptor_.get_executor(); }
  void wait_readable(Completion completion) override {
    acceptor_.async_wait(tcp::acceptor::wait_read, std::move(completion));
  }
  std::unique_ptr<StreamEnd> take() override {
    error_code ec;
    auto socket = acceptor_.accept(ec);
    if (ec) return nullptr;
    return std::make_unique<RealStream>(std::move(socket));
  }
  tcp::acceptor acceptor_;
};

}  // namespace

RealWorld::RealWorld(std::uint64_t seed) : random_(seed) {}

Time RealWorld::now() const { return Time(std::chrono::steady_clock::now() - start_); }

void RealWorld::first_changed() {
  const auto at = start_ + next().time_since_epoch();
  // Most alarms are deadlines that never ring: an early wake-up is cheaper than a new wait per alarm.
  if (timer_running_ && timer_.expiry() <= at) return;
  timer_running_ = true;
  timer_.expires_at(at);
  timer_.async_wait([this](error_code ec) {
    if (!ec) ring_due();
  });
}

void RealWorld::ring_due() {
  timer_running_ = false;
  const Time due = now();
  while (!idle() && next() <= due) ring_first();
  if (!idle()) first_changed();
}

void RealWorld::run(awaitable<void> scenario) {
  TaskGroup root(io_.get_executor());
  root.spawn("scenario", std::move(scenario));
  while (!root.empty()) io_.run_one();
  timer_.cancel();
  io_.restart();
  io_.poll();
  if (root.failure()) std::rethrow_exception(root.failure());
}

std::unique_ptr<DatagramSocket> RealWorld::bind_udp(Endpoint local) {
  return std::make_unique<RealDatagramSocket>(io_, local);
}
std::unique_ptr<Listener> RealWorld::listen(Endpoint local) {
  return std::make_unique<RealListener>(io_, local);
}
std::unique_ptr<StreamEnd> RealWorld::open(Endpoint from) {
  return std::make_unique<RealStream>(io_, from);
}

}  // namespace deskcheck::net
