// Which hosts exist in a simulated world, and how NAT boxes rewrite endpoints. No packets here.
// Endpoints in here are plain: no IPv4-mapped IPv6 addresses, no wildcards.
#pragma once

#include "proto/net/endpoint.hpp"
#include "proto/net/sim_link.hpp"

#include <boost/system/result.hpp>

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace deskcheck::net {

enum class Transport { udp, tcp };

class NatBox {
 public:
  explicit NatBox(const Nat& nat) : nat_(nat) {}
  bool has_inside(const asio::ip::address& address) const;
  asio::ip::address outside() const { return nat_.outside; }
  // The public endpoint that `to` sees instead of `from`; opens the way back.
  Endpoint outbound(Transport transport, const Endpoint& from, const Endpoint& to);
  // The inside endpoint that a packet for the public endpoint `to` reaches; none: dropped.
  std::optional<Endpoint> inbound(Transport transport, const Endpoint& from,
                                  const Endpoint& to) const;

 private:
  struct Mapping {
    Endpoint inside;
    std::set<Endpoint> peers;  // that the inside has sent to
  };
  using Key = std::tuple<Transport, Endpoint, Endpoint>;  // inside; peer if symmetric
  Nat nat_;
  std::map<Key, std::uint16_t> ports_;
  std::map<std::pair<Transport, std::uint16_t>, Mapping> mappings_;
  std::uint16_t next_port_ = 50000;
};

class Routes {
 public:
  void add_host(const asio::ip::address& address) { hosts_.insert(address); }
  void add_nat(const Nat& nat) { nats_.emplace_back(nat); }
  // Loopback addresses always exist; others from the first time that something is bound to them.
  bool exists(const asio::ip::address& address) const {
    return address.is_loopback() || hosts_.contains(address);
  }
  // What the world sees as the sender of a packet that leaves `from`.
  Endpoint leave(Transport transport, const Endpoint& from, const Endpoint& to);
  // Where a packet for `to` arrives, `from` being what leave() gave; none: dropped.
  std::optional<Endpoint> enter(Transport transport, const Endpoint& from,
                                const Endpoint& to) const;

 private:
  std::set<asio::ip::address> hosts_;
  std::vector<NatBox> nats_;
};

// An IPv4-mapped address as IPv4, "any" as the loopback address: what a kernel makes of a
// destination.
Endpoint plain(const Endpoint& to);
// `from` as a socket bound to `local` sees it: ::ffff:a.b.c.d on an IPv6 socket.
Endpoint seen_by(const Endpoint& local, const Endpoint& from);
// The address from which a socket bound to `local` sends to the plain endpoint `to`. `reached_at`
// is where a wildcard socket was reached last: as on a host with that one address, answers come
// from there. Errors: the family does not fit.
boost::system::result<Endpoint> source(const Endpoint& local, const Endpoint& to,
                                       const asio::ip::address& reached_at);

}  // namespace deskcheck::net
