// PunchHoleSent and LocalAddr: what a device answers, on a connection of its own, to the question
// for its path; it is carried to the controller that waits. rendezvous.md sections 3.9 and 3.10.
#include "reference-server/rendezvous/rendezvous.hpp"

#include "proto/wire/address.hpp"

namespace deskcheck::server {

Actions Rendezvous::deliver(ConnectionId to, hbb::RendezvousMessage message,
                            const Origin& from) const {
  Actions actions;
  actions.push_back(SendFrame{to, std::move(message)});
  if (from.transport != Transport::udp) actions.push_back(CloseConnection{from.connection});
  return actions;
}

bool Rendezvous::tells_v6() const {
  return options_.profile == Profile::full && options_.abilities.ipv6_punch &&
         !wrong_.device_socket_addr_v6_lost;
}

Actions Rendezvous::on(const hbb::PunchHoleSent& answer, const Origin& from, net::Time now) {
  const auto requester = wire::decode_address(answer.socket_addr());
  const bool datagram = from.transport == Transport::udp;
  const auto to = datagram ? waiting_.take_datagram(requester, answer.id())
                           : waiting_.take(requester, Question::path, answer.id());
  if (!to) return close(from);
  hbb::RendezvousMessage message;
  auto& response = *message.mutable_punch_hole_response();
  response.set_is_udp(datagram && !wrong_.is_udp_not_said);
  response.set_socket_addr(address_bytes(wrong_.device_address_lost ? requester : from.peer, now));
  response.set_pk(signed_key(answer.id(), answer.version()));
  if (!wrong_.device_relay_lost) response.set_relay_server(answer.relay_server());
  if (tells_v6()) response.set_socket_addr_v6(answer.socket_addr_v6());
  response.set_feedback(feedback(*to));
  // A member of a oneof: UNKNOWN_NAT, too, has to be on the wire.
  const bool dropped = wrong_.oneof_default_dropped && answer.nat_type() == hbb::UNKNOWN_NAT;
  if (hbb::NatType_IsValid(answer.nat_type()) && !dropped && !wrong_.device_nat_type_lost)
    response.set_nat_type(answer.nat_type());
  return deliver(*to, std::move(message), from);
}

Actions Rendezvous::on(const hbb::LocalAddr& answer, const Origin& from, net::Time now) {
  const auto requester = wire::decode_address(answer.socket_addr());
  const auto to = waiting_.take(requester, Question::path, answer.id());
  if (!to) return close(from);
  hbb::RendezvousMessage message;
  auto& response = *message.mutable_punch_hole_response();
  // The server does not know the device's network: its address is passed on as it is.
  response.set_socket_addr(wrong_.rewrites_local_addr ? address_bytes(from.peer, now)
                                                      : answer.local_addr());
  response.set_pk(signed_key(answer.id(), answer.version()));
  response.set_relay_server(answer.relay_server());
  if (tells_v6()) response.set_socket_addr_v6(answer.socket_addr_v6());
  response.set_is_local(true);
  response.set_feedback(feedback(*to));
  return deliver(*to, std::move(message), from);
}

}  // namespace deskcheck::server
