#include "proto/net/sim_routes.hpp"

#include <boost/asio/error.hpp>

namespace deskcheck::net {

using asio::ip::address;
using asio::ip::address_v4;
using asio::ip::address_v6;

bool NatBox::has_inside(const address& a) const {
  if (!a.is_v4()) return false;
  const auto mask = nat_.inside.netmask().to_uint();
  return (a.to_v4().to_uint() & mask) == nat_.inside.network().to_uint();
}

Endpoint NatBox::outbound(Transport transport, const Endpoint& from, const Endpoint& to) {
  const bool cone = nat_.mapping == Nat::Mapping::cone;
  const auto [entry, is_new] =
      ports_.try_emplace(Key(transport, from, cone ? Endpoint() : to), next_port_);
  if (is_new) ++next_port_;
  Mapping& mapping = mappings_[{transport, entry->second}];
  mapping.inside = from;
  mapping.peers.insert(to);
  return {nat_.outside, entry->second};
}

std::optional<Endpoint> NatBox::inbound(Transport transport, const Endpoint& from,
                                        const Endpoint& to) const {
  const auto mapping = mappings_.find({transport, to.port});
  if (mapping == mappings_.end()) return std::nullopt;
  const bool open = nat_.filter == Nat::Filter::none || mapping->second.peers.contains(from);
  return open ? std::optional(mapping->second.inside) : std::nullopt;
}

Endpoint Routes::leave(Transport transport, const Endpoint& from, const Endpoint& to) {
  for (auto& nat : nats_)
    if (nat.has_inside(from.address) && !nat.has_inside(to.address))
      return nat.outbound(transport, from, to);
  return from;
}

std::optional<Endpoint> Routes::enter(Transport transport, const Endpoint& from,
                                      const Endpoint& to) const {
  for (const auto& nat : nats_) {
    if (to.address == nat.outside()) return nat.inbound(transport, from, to);
    // Private addresses mean nothing outside.
    if (nat.has_inside(to.address) && !nat.has_inside(from.address)) return std::nullopt;
  }
  return to;
}

Endpoint plain(const Endpoint& to) {
  Endpoint e = to;
  if (e.address.is_v6() && e.address.to_v6().is_v4_mapped())
    e.address = make_address_v4(asio::ip::v4_mapped, e.address.to_v6());
  if (!e.address.is_unspecified()) return e;
  if (e.address.is_v4()) return {address_v4::loopback(), e.port};
  return {address_v6::loopback(), e.port};
}

Endpoint seen_by(const Endpoint& local, const Endpoint& from) {
  if (local.address.is_v4() || from.address.is_v6()) return from;
  return {make_address_v6(asio::ip::v4_mapped, from.address.to_v4()), from.port};
}

boost::system::result<Endpoint> source(const Endpoint& local, const Endpoint& to,
                                       const address& reached_at) {
  if (!local.address.is_unspecified()) {
    if (local.address.is_v4() == to.address.is_v4()) return local;
    if (local.address.is_v4())
      return boost::system::error_code(asio::error::address_family_not_supported);
    return boost::system::error_code(asio::error::network_unreachable);
  }
  if (local.address.is_v4() && to.address.is_v6())
    return boost::system::error_code(asio::error::address_family_not_supported);
  if (to.address.is_loopback()) {
    const bool v4 = to.address.is_v4();
    return Endpoint{v4 ? address(address_v4::loopback()) : address(address_v6::loopback()),
                    local.port};
  }
  const bool fits = !reached_at.is_unspecified() && reached_at.is_v4() == to.address.is_v4() &&
                    !reached_at.is_loopback();
  return Endpoint{fits ? reached_at : to.address, local.port};
}

}  // namespace deskcheck::net
