// TCP connections and waiting for many of them, as thin as the kernel's own calls.
#pragma once

#include "bench/datagrams.hpp"

#include <sys/epoll.h>

#include <array>
#include <span>
#include <string_view>
#include <utility>

namespace deskcheck::bench {

// Owns a descriptor.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor() { close(); }
  void close();
  int number() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_;
};

// Begins to connect from this address (any of its ports); writable once it has been connected.
Descriptor connect_from(Address from, const sockaddr_in& to);
// The error of a connect that has ended; 0: connected.
int connect_error(const Descriptor& stream);
// Waits until it has been connected, for ten seconds; false: it has not.
bool await_connection(const Descriptor& stream);
// Listens, without blocking.
Descriptor listen_at(Address address, std::uint16_t port);
// All of it, at once: short messages fit into the kernel's buffer. False: the peer has gone.
bool send_short(const Descriptor& stream, std::string_view bytes);
// Waits for one byte or more; empty: the end, or nothing within ten seconds.
std::string_view receive_blocking(const Descriptor& stream, std::span<char> buffer);

class Poll {
 public:
  Poll();
  // `events`: EPOLLIN and the like; `tag` comes back with the event.
  void add(int descriptor, std::uint32_t events, std::uint64_t tag);
  void change(int descriptor, std::uint32_t events, std::uint64_t tag);
  // What has happened, or happens within this time. Valid until the next call.
  std::span<const epoll_event> wait(int milliseconds);

 private:
  Descriptor epoll_;
  std::array<epoll_event, 256> events_;
};

}  // namespace deskcheck::bench
