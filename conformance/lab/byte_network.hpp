// A network on top of another in which the side that connects reads and writes one byte at a time.
// Decides nothing about datagrams and about who is connected to.
#pragma once

#include "proto/net/network.hpp"

namespace deskcheck::conformance {

// So many bytes of each direction of a stream: messages fit, and the rest of a large transfer need
// not cost a system call for each byte.
inline constexpr std::size_t kCutBytes = 16 * 1024;

class ByteNetwork final : public net::Network {
 public:
  explicit ByteNetwork(net::Network& below) : below_(below) {}

  std::unique_ptr<net::DatagramSocket> bind_udp(net::Endpoint local) override {
    return below_.bind_udp(std::move(local));
  }
  std::unique_ptr<net::Listener> listen(net::Endpoint local) override {
    return below_.listen(std::move(local));
  }

 private:
  net::Result<std::unique_ptr<net::StreamEnd>> open(net::Endpoint from, net::Endpoint to) override;

  net::Network& below_;
};

}  // namespace deskcheck::conformance
