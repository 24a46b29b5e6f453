// An endpoint as memory keeps it for each of very many devices: 24 bytes instead of 40.
#pragma once

#include "proto/net/endpoint.hpp"

#include <algorithm>
#include <array>

namespace deskcheck::server {

class PackedEndpoint {
 public:
  PackedEndpoint() : PackedEndpoint(net::Endpoint()) {}
  PackedEndpoint(const net::Endpoint& endpoint)  // converts: it is nothing else
      : port_(endpoint.port), is_v4_(endpoint.address.is_v4()) {
    if (is_v4_) {
      const auto bytes = endpoint.address.to_v4().to_bytes();
      std::copy(bytes.begin(), bytes.end(), bytes_.begin());
    } else {
      bytes_ = endpoint.address.to_v6().to_bytes();
      scope_ = static_cast<std::uint32_t>(endpoint.address.to_v6().scope_id());
    }
  }

  operator net::Endpoint() const { return {address(), port_}; }
  boost::asio::ip::address address() const {
    if (!is_v4_) return boost::asio::ip::address_v6(bytes_, scope_);
    return boost::asio::ip::address_v4({bytes_[0], bytes_[1], bytes_[2], bytes_[3]});
  }

 private:
  boost::asio::ip::address_v6::bytes_type bytes_{};
  std::uint32_t scope_ = 0;
  std::uint16_t port_;
  bool is_v4_;
};

}  // namespace deskcheck::server
