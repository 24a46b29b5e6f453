// Which socket of a simulated world holds which local endpoint; conflicts as in Linux.
#pragma once

#include "proto/net/sim_routes.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/result.hpp>

namespace deskcheck::net {

template <class Socket>
class Binds {
 public:
  // Gives the endpoint with port 0 replaced; error: address_in_use.
  boost::system::result<Endpoint> add(Endpoint local, Socket& socket) {
    if (local.port == 0) local.port = free_port(local.address);
    if (local.port == 0 || taken(local))
      return boost::system::error_code(asio::error::address_in_use);
    sockets_.emplace(local, &socket);
    return local;
  }
  void remove(const Endpoint& local) { sockets_.erase(local); }

  // Who gets what is sent to the plain endpoint `to`. Wildcards get it only if the host exists.
  Socket* find(const Endpoint& to, const Routes& routes) const {
    if (Socket* exact = at(to)) return exact;
    if (!routes.exists(to.address)) return nullptr;
    if (to.address.is_v4())
      if (Socket* any = at({asio::ip::address_v4::any(), to.port})) return any;
    return at({asio::ip::address_v6::any(), to.port});
  }

  // Wildcards take the port of every address; "[::]" that of IPv4 addresses too.
  bool taken(const Endpoint& local) const {
    if (at(local) || at({asio::ip::address_v6::any(), local.port})) return true;
    if (local.address.is_v4() && at({asio::ip::address_v4::any(), local.port})) return true;
    if (!local.address.is_unspecified()) return false;
    for (const auto& [other, socket] : sockets_)
      if (other.port == local.port && (local.address.is_v6() || other.address.is_v4())) return true;
    return false;
  }

  // Ephemeral ports are counted per address; 0: all are taken.
  std::uint16_t free_port(const asio::ip::address& address) {
    auto& next = next_.try_emplace(address, kFirstPort).first->second;
    for (int tries = kFirstPort; tries <= kLastPort; ++tries) {
      const std::uint16_t port = next;
      next = port == kLastPort ? kFirstPort : static_cast<std::uint16_t>(port + 1);
      if (!taken({address, port})) return port;
    }
    return 0;
  }

  auto begin() const { return sockets_.begin(); }
  auto end() const { return sockets_.end(); }

 private:
  static constexpr std::uint16_t kFirstPort = 40001, kLastPort = 65535;
  Socket* at(const Endpoint& local) const {
    const auto found = sockets_.find(local);
    return found == sockets_.end() ? nullptr : found->second;
  }
  // Ordered by endpoint, never by address in memory: iteration must be repeatable.
  std::map<Endpoint, Socket*> sockets_;
  std::map<asio::ip::address, std::uint16_t> next_;
};

}  // namespace deskcheck::net
