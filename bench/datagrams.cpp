#include "bench/datagrams.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace deskcheck::bench {

namespace {

constexpr int kKernelBuffer = 16 << 20;  // bytes; what the system allows of it

void set(int socket, int level, int option, int value) {
  if (::setsockopt(socket, level, option, &value, sizeof value) != 0) fail("setsockopt");
}

union Control {
  cmsghdr header;
  char bytes[CMSG_SPACE(sizeof(in_pktinfo))];
};

}  // namespace

void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

sockaddr_in to_sockaddr(Address address, std::uint16_t port) {
  sockaddr_in made{};
  made.sin_family = AF_INET;
  made.sin_addr.s_addr = htonl(address);
  made.sin_port = htons(port);
  return made;
}

Address parse_address(const std::string& text) {
  in_addr address{};
  if (::inet_pton(AF_INET, text.c_str(), &address) != 1)
    throw std::runtime_error("'" + text + "' is no IPv4 address");
  return ntohl(address.s_addr);
}

struct Datagrams::Buffers {
  std::array<mmsghdr, kBatch> messages;
  std::array<iovec, kBatch> parts;
  std::array<Control, kBatch> controls;
  std::array<std::array<char, kLongest>, kBatch> bytes;
};

Datagrams::Datagrams(const sockaddr_in& server)
    : server_(server), buffers_(std::make_unique<Buffers>()) {
  socket_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket_ < 0) fail("socket");
  set(socket_, SOL_SOCKET, SO_RCVBUF, kKernelBuffer);
  set(socket_, SOL_SOCKET, SO_SNDBUF, kKernelBuffer);
  set(socket_, IPPROTO_IP, IP_PKTINFO, 1);
  sockaddr_in any = to_sockaddr(INADDR_ANY, 0);
  socklen_t size = sizeof any;
  auto* generic = reinterpret_cast<sockaddr*>(&any);
  if (::bind(socket_, generic, size) != 0) fail("bind");
  if (::getsockname(socket_, generic, &size) != 0) fail("getsockname");
  port_ = ntohs(any.sin_port);
}

Datagrams::~Datagrams() { ::close(socket_); }

void Datagrams::send(std::span<const Outgoing> batch) {
  auto& [messages, parts, controls, bytes] = *buffers_;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    parts[i] = {const_cast<char*>(batch[i].bytes.data()), batch[i].bytes.size()};
    msghdr& m = messages[i].msg_hdr;
    m = {};
    m.msg_name = &server_;
    m.msg_namelen = sizeof server_;
    m.msg_iov = &parts[i];
    m.msg_iovlen = 1;
    m.msg_control = &controls[i];
    m.msg_controllen = sizeof controls[i];
    cmsghdr& source = controls[i].header;
    source.cmsg_level = IPPROTO_IP;
    source.cmsg_type = IP_PKTINFO;
    source.cmsg_len = CMSG_LEN(sizeof(in_pktinfo));
    in_pktinfo info{};
    info.ipi_spec_dst.s_addr = htonl(batch[i].from);
    std::memcpy(CMSG_DATA(&source), &info, sizeof info);
  }
  for (std::size_t sent = 0; sent < batch.size();) {
    const auto left = static_cast<unsigned>(batch.size() - sent);
    const int now_sent = ::sendmmsg(socket_, &messages[sent], left, 0);
    if (now_sent > 0) {
      sent += static_cast<std::size_t>(now_sent);
    } else if (errno == EAGAIN || errno == ENOBUFS) {
      pollfd writable{socket_, POLLOUT, 0};
      ::poll(&writable, 1, 1);
    } else if (errno != ECONNREFUSED && errno != EINTR) {
      fail("sendmmsg");
    }
  }
}

std::span<const Datagrams::Incoming> Datagrams::receive(int patience_ms) {
  auto& [messages, parts, controls, bytes] = *buffers_;
  for (std::size_t i = 0; i < kBatch; ++i) {
    parts[i] = {bytes[i].data(), kLongest};
    msghdr& m = messages[i].msg_hdr;
    m = {};
    m.msg_iov = &parts[i];
    m.msg_iovlen = 1;
    m.msg_control = &controls[i];
    m.msg_controllen = sizeof controls[i];
  }
  incoming_.clear();
  int count = ::recvmmsg(socket_, messages.data(), kBatch, 0, nullptr);
  if (count < 0 && patience_ms > 0) {
    pollfd readable{socket_, POLLIN, 0};
    if (::poll(&readable, 1, patience_ms) == 1)
      count = ::recvmmsg(socket_, messages.data(), kBatch, 0, nullptr);
  }
  for (int i = 0; i < count; ++i) {
    const auto n = static_cast<std::size_t>(i);
    in_pktinfo info{};
    if (const cmsghdr* c = CMSG_FIRSTHDR(&messages[n].msg_hdr);
        c && c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO)
      std::memcpy(&info, CMSG_DATA(c), sizeof info);
    incoming_.push_back({ntohl(info.ipi_addr.s_addr), {bytes[n].data(), messages[n].msg_len}});
  }
  return incoming_;
}

}  // namespace deskcheck::bench
