// One UDP socket that speaks from many source addresses: a device for each, as a server sees it.
// Sends and receives in batches, because the load must cost less than what it measures.
#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::bench {

// Addresses are IPv4 in host byte order.
using Address = std::uint32_t;

sockaddr_in to_sockaddr(Address address, std::uint16_t port);
// "127.0.0.0". Throws std::runtime_error.
Address parse_address(const std::string& text);

// Throws std::system_error that names `what`, from errno.
[[noreturn]] void fail(const char* what);

class Datagrams {
 public:
  static constexpr std::size_t kBatch = 64;
  static constexpr std::size_t kLongest = 512;  // bytes; longer datagrams are cut

  explicit Datagrams(const sockaddr_in& server);
  ~Datagrams();
  Datagrams(const Datagrams&) = delete;
  Datagrams& operator=(const Datagrams&) = delete;

  struct Outgoing {
    Address from = 0;
    std::string_view bytes;
  };
  // At most kBatch; all are handed to the kernel.
  void send(std::span<const Outgoing> batch);

  struct Incoming {
    Address to = 0;  // the device's address that it was sent to
    std::string_view bytes;
  };
  // What is there, or comes within `patience_ms`. Valid until the next call.
  std::span<const Incoming> receive(int patience_ms);

  int descriptor() const { return socket_; }
  std::uint16_t port() const { return port_; }

 private:
  struct Buffers;
  sockaddr_in server_;
  int socket_ = -1;
  std::uint16_t port_ = 0;
  std::vector<Incoming> incoming_;
  std::unique_ptr<Buffers> buffers_;
};

}  // namespace deskcheck::bench
