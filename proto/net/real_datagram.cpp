#include "proto/net/real_sockets.hpp"

namespace deskcheck::net {

namespace {

using asio::ip::udp;
constexpr std::size_t kSendBatch = 32;
// A burst that comes while the process does something else must fit; the kernel caps it silently.
constexpr int kKernelBuffer = 1 << 20;

udp::socket bound(asio::io_context& io, const Endpoint& local) {
  udp::socket socket(io);
  error_code ec, ignored;
  socket.open(native<udp>(local).protocol(), ec);
  if (ec) throw_cannot_bind("udp", local, ec);
  if (local.address.is_v6()) socket.set_option(asio::ip::v6_only(false), ignored);
  socket.set_option(asio::socket_base::receive_buffer_size(kKernelBuffer), ignored);
  socket.set_option(asio::socket_base::send_buffer_size(kKernelBuffer), ignored);
  socket.bind(native<udp>(local), ec);
  if (ec) throw_cannot_bind("udp", local, ec);
  socket.non_blocking(true);
  return socket;
}

}  // namespace

void throw_cannot_bind(const char* transport, const Endpoint& local, error_code ec) {
  throw boost::system::system_error(
      error_code(ec.value(), ec.category()),
      "cannot bind " + std::string(transport) + ' ' + to_string(local));
}

ReceiveRoom::ReceiveRoom()  // for_overwrite: pages that no datagram needs cost nothing
    : bytes_(std::make_unique_for_overwrite<char[]>(kBatch * kLargest)) {
  for (std::size_t i = 0; i < kBatch; ++i) {
    parts_[i] = {bytes_.get() + i * kLargest, kLargest};
    headers_[i].msg_hdr.msg_name = peers_[i].data();
    headers_[i].msg_hdr.msg_iov = &parts_[i];
    headers_[i].msg_hdr.msg_iovlen = 1;
  }
}

bool ReceiveRoom::take(int socket, std::vector<Datagram>& batch) {
  for (std::size_t i = 0; i < kBatch; ++i)
    headers_[i].msg_hdr.msg_namelen = static_cast<socklen_t>(peers_[i].capacity());
  const int n = ::recvmmsg(socket, headers_, kBatch, MSG_DONTWAIT, nullptr);
  for (int i = 0; i < n; ++i) {
    peers_[i].resize(headers_[i].msg_hdr.msg_namelen);
    batch.push_back({ours(peers_[i]),
                     std::string(static_cast<char*>(parts_[i].iov_base), headers_[i].msg_len)});
  }
  return n > 0;
}

RealDatagramSocket::RealDatagramSocket(asio::io_context& io, Endpoint local, ReceiveRoom& room)
    : socket_(bound(io, local)), local_(ours(socket_.local_endpoint())), room_(room) {}

void RealDatagramSocket::send(std::span<const Datagram> batch) {
  while (!batch.empty()) {
    mmsghdr headers[kSendBatch] = {};
    iovec parts[kSendBatch];
    udp::endpoint peers[kSendBatch];
    const std::size_t n = std::min(kSendBatch, batch.size());
    for (std::size_t i = 0; i < n; ++i) {
      peers[i] = native<udp>(batch[i].peer);
      parts[i] = {const_cast<char*>(batch[i].bytes.data()), batch[i].bytes.size()};
      headers[i].msg_hdr = {
          peers[i].data(), static_cast<socklen_t>(peers[i].size()), &parts[i], 1, nullptr, 0, 0};
    }
    const int sent =
        ::sendmmsg(socket_.native_handle(), headers, static_cast<unsigned>(n), MSG_DONTWAIT);
    // It stops at the first that cannot be sent (too long, no route): that one is lost, as in the
    // network, and must not take the others with it.
    batch = batch.subspan(sent > 0 ? static_cast<std::size_t>(sent) : 1);
  }
}

bool RealDatagramSocket::take(std::vector<Datagram>& batch) {
  return room_.take(socket_.native_handle(), batch);
}

void RealDatagramSocket::wait_readable(Completion completion) {
  socket_.async_wait(udp::socket::wait_read, std::move(completion));
}

}  // namespace deskcheck::net
