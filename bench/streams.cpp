#include "bench/streams.hpp"

#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace deskcheck::bench {

namespace {

constexpr int kPatience = 10'000;  // milliseconds

void set(const Descriptor& socket, int level, int option) {
  const int on = 1;
  if (::setsockopt(socket.number(), level, option, &on, sizeof on) != 0) fail("setsockopt");
}

Descriptor stream_socket() {
  Descriptor made(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!made) fail("socket");
  return made;
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this == &other) return *this;
  close();
  number_ = std::exchange(other.number_, -1);
  return *this;
}

void Descriptor::close() {
  if (number_ >= 0) ::close(number_);
  number_ = -1;
}

Descriptor connect_from(Address from, const sockaddr_in& to) {
  Descriptor made = stream_socket();
  set(made, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);
  set(made, IPPROTO_TCP, TCP_NODELAY);
  const sockaddr_in source = to_sockaddr(from, 0);
  if (::bind(made.number(), reinterpret_cast<const sockaddr*>(&source), sizeof source) != 0)
    fail("bind");
  if (::connect(made.number(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0 &&
      errno != EINPROGRESS)
    fail("connect");
  return made;
}

int connect_error(const Descriptor& stream) {
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(stream.number(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error;
}

bool await_connection(const Descriptor& stream) {
  pollfd writable{stream.number(), POLLOUT, 0};
  return ::poll(&writable, 1, kPatience) == 1 && connect_error(stream) == 0;
}

Descriptor listen_at(Address address, std::uint16_t port) {
  Descriptor made = stream_socket();
  set(made, SOL_SOCKET, SO_REUSEADDR);
  const sockaddr_in local = to_sockaddr(address, port);
  if (::bind(made.number(), reinterpret_cast<const sockaddr*>(&local), sizeof local) != 0)
    fail("bind");
  if (::listen(made.number(), 1024) != 0) fail("listen");
  return made;
}

bool send_short(const Descriptor& stream, std::string_view bytes) {
  const auto sent = ::send(stream.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  return sent == static_cast<ssize_t>(bytes.size());
}

std::string_view receive_blocking(const Descriptor& stream, std::span<char> buffer) {
  pollfd readable{stream.number(), POLLIN, 0};
  if (::poll(&readable, 1, kPatience) != 1) return {};
  const auto size = ::recv(stream.number(), buffer.data(), buffer.size(), 0);
  return {buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

Poll::Poll() : epoll_(::epoll_create1(EPOLL_CLOEXEC)), events_() {
  if (!epoll_) fail("epoll_create1");
}

void Poll::add(int descriptor, std::uint32_t events, std::uint64_t tag) {
  epoll_event event{events, {.u64 = tag}};
  if (::epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, descriptor, &event) != 0) fail("epoll_ctl");
}

void Poll::change(int descriptor, std::uint32_t events, std::uint64_t tag) {
  epoll_event event{events, {.u64 = tag}};
  if (::epoll_ctl(epoll_.number(), EPOLL_CTL_MOD, descriptor, &event) != 0) fail("epoll_ctl");
}

std::span<const epoll_event> Poll::wait(int milliseconds) {
  const int count =
      ::epoll_wait(epoll_.number(), events_.data(), static_cast<int>(events_.size()), milliseconds);
  return {events_.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
}

}  // namespace deskcheck::bench
