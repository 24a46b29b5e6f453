// Where source addresses of parties come from. Servers limit registrations per address and treat
// two devices at one address as neighbours, so every party gets its own.
#pragma once

#include "conformance/lab/lab.hpp"

#include <boost/asio/ip/network_v4.hpp>

namespace deskcheck::conformance {

// The addresses of an IPv4 network in order from a start, around its end, each at most once.
class NetworkPool final : public AddressPool {
 public:
  // `skip`: an address that is not handed out (the server's).
  NetworkPool(boost::asio::ip::network_v4 network, std::uint32_t start,
              boost::asio::ip::address skip);
  std::optional<boost::asio::ip::address> take() override;

 private:
  boost::asio::ip::network_v4 network_;
  std::uint32_t start_;
  std::uint32_t taken_ = 0;
  boost::asio::ip::address skip_;
};

// Whatever the system chooses, once: a client machine with one address.
class OneAddress final : public AddressPool {
 public:
  explicit OneAddress(boost::asio::ip::address any) : any_(std::move(any)) {}
  std::optional<boost::asio::ip::address> take() override;

 private:
  boost::asio::ip::address any_;
  bool taken_ = false;
};

// For a server at this address: addresses of `sources`, of 127.0.0.0/8 if the server is there, else
// the one of this machine. Parties of one run never share an address, and those of the next are
// unlikely to: limits of a server that outlives the run would join them.
std::unique_ptr<AddressPool> make_pool(const std::optional<boost::asio::ip::network_v4>& sources,
                                       const boost::asio::ip::address& server);

}  // namespace deskcheck::conformance
