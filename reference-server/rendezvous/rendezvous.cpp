#include "reference-server/rendezvous/rendezvous.hpp"

#include "proto/wire/address.hpp"
#include "reference-server/faults/wrong.hpp"

namespace deskcheck::server {

using Message = hbb::RendezvousMessage;

Rendezvous::Rendezvous(const Options& options, PeerStore& store, ApiStore& api_store,
                       net::Random random)
    : options_(options),
      wrong_(options.faults.policies),
      devices_(store, options),
      address_limits_(options.limits, wrong_),
      waiting_(options),
      relays_(options.relay_servers, wrong_),
      always_use_relay_(options.always_use_relay),
      serial_(options.serial),
      rendezvous_servers_(options.rendezvous_servers),
      punches_(wrong_),
      api_(options, api_store, random,
           {[this](const api::Deployment& deployment) { return deploy(deployment); },
            [this](const std::string& id) { return registered_uuid(id); },
            [this](const std::string& id) { return registered_key(id); }}) {}

Actions close(const Origin& from) {
  Actions actions;
  if (from.transport != Transport::udp) actions.push_back(CloseConnection{from.connection});
  return actions;
}

Action reply(const Origin& from, Message message) {
  if (from.transport == Transport::udp) return SendDatagram{from.peer, std::move(message)};
  return SendFrame{from.connection, std::move(message)};
}

Actions Rendezvous::on(const Message& message, const Origin& from, net::Time now) {
  if (wrong_.refuses_unknown_fields && has_unknown_fields(message)) return close(from);
  auto actions = dispatch(message, from, now);
  return as_open_source() ? only_first_answers(std::move(actions)) : actions;
}

Actions Rendezvous::only_first_answers(Actions actions) {
  Actions first;
  for (auto& action : actions) {
    const auto* frame = std::get_if<SendFrame>(&action);
    if (!frame || answered_.insert(frame->to).second) first.push_back(std::move(action));
  }
  return first;
}

bool Rendezvous::offers(const Message& message, Transport over) const {
  const Abilities& can = options_.abilities;
  switch (message.union_case()) {
    case Message::kPunchHoleSent:
      return over != Transport::udp || can.udp_punch;
    case Message::kTestNatRequest:
      if (over == Transport::udp) return can.udp_punch;
      return over == Transport::websocket || can.nat_test;
    case Message::kOnlineRequest:
      return can.online_query;
    case Message::kConfigureUpdate:
    case Message::kSoftwareUpdate:
      return can.config_push;
    case Message::kHc:
      return can.session_control;
    case Message::kHttpProxyRequest:
      return can.http_tunnel;
    default:
      return true;
  }
}

Actions Rendezvous::dispatch(const Message& message, const Origin& from, net::Time now) {
  if (!offers(message, from.transport)) return close(from);
  switch (from.transport) {
    case Transport::udp:
      return on_udp(message, from, now);
    case Transport::tcp:
    case Transport::websocket:
      return on_tcp(message, from, now);
    case Transport::tcp_nat:
      return on_tcp_nat(message, from, now);
  }
  return {};
}

Actions Rendezvous::on_udp(const Message& message, const Origin& from, net::Time now) {
  switch (message.union_case()) {
    case Message::kRegisterPeer:
      return on(message.register_peer(), from, now);
    case Message::kRegisterPk:
      return on(message.register_pk(), from, now);
    case Message::kPunchHoleRequest:
      if (wrong_.serves_punch_over_udp) return on(message.punch_hole_request(), from, now);
      return {};
    case Message::kPunchHoleSent:
      if (options_.profile == Profile::full) return on(message.punch_hole_sent(), from, now);
      return {};
    case Message::kTestNatRequest:
      if (options_.profile == Profile::full && !wrong_.no_nat_test_over_udp)
        return on(message.test_nat_request(), from);
      return {};
    case Message::kLocalAddr:
      if (wrong_.local_addr_over_udp) return on(message.local_addr(), from, now);
      return {};
    case Message::kConfigureUpdate:
      return on(message.configure_update(), from);
    case Message::kSoftwareUpdate:
      return on(message.software_update(), from);
    // Everything else is silence: what answers over UDP can be used against third parties.
    default:
      return {};
  }
}

Actions Rendezvous::on_tcp(const Message& message, const Origin& from, net::Time now) {
  switch (message.union_case()) {
    case Message::kRegisterPeer:
      if (wrong_.register_peer_over_tcp) return on(message.register_peer(), from, now);
      return close(from);
    case Message::kRegisterPk:
      return on_register_pk_over_tcp(message.register_pk(), from, now);
    case Message::kPunchHoleRequest:
      return on(message.punch_hole_request(), from, now);
    case Message::kPunchHoleSent:
      return on(message.punch_hole_sent(), from, now);
    case Message::kLocalAddr:
      return on(message.local_addr(), from, now);
    case Message::kRequestRelay:
      return on(message.request_relay(), from, now);
    case Message::kRelayResponse:
      return on(message.relay_response(), from);
    case Message::kTestNatRequest:
      if (from.transport == Transport::websocket && wrong_.no_nat_test_over_websocket)
        return close(from);
      return on(message.test_nat_request(), from);
    case Message::kOnlineRequest:
      if (as_open_source()) return close(from);
      if (from.transport == Transport::websocket ? wrong_.no_online_query_over_websocket
                                                 : wrong_.no_online_query_on_main_port)
        return close(from);
      return on(message.online_request(), from, now);
    case Message::kHc:
      return on(message.hc(), from, now);
    case Message::kHttpProxyRequest:
      return on(message.http_proxy_request(), from, now);
    default:
      return close(from);
  }
}

Actions Rendezvous::on_tcp_nat(const Message& message, const Origin& from, net::Time now) {
  switch (message.union_case()) {
    case Message::kTestNatRequest:
      return on(message.test_nat_request(), from);
    case Message::kOnlineRequest:
      return on(message.online_request(), from, now);
    default:
      return close(from);
  }
}

Actions Rendezvous::on_unparsable(const Origin& from) const {
  if (!wrong_.answers_unparsable_datagrams || from.transport != Transport::udp) return close(from);
  Message answer;
  answer.mutable_register_peer_response()->set_request_pk(true);
  Actions actions;
  actions.push_back(reply(from, std::move(answer)));
  return actions;
}

void Rendezvous::closed(ConnectionId connection) {
  waiting_.closed(connection);
  answered_.erase(connection);
  devices_.closed(connection);
  signed_in_.erase(connection);
}

std::string Rendezvous::address_bytes(const net::Endpoint& endpoint, net::Time now) const {
  if (wrong_.addresses_as_ipv6) return mapped_address(endpoint);
  const auto microseconds =
      std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count();
  return wire::encode_address(endpoint, static_cast<std::uint32_t>(microseconds));
}

std::string Rendezvous::signed_key(const std::string& id, const std::string& version) {
  if (!options_.identity) return {};
  if (version.empty() && !wrong_.signs_without_version) return {};
  const auto device = devices_.find(id);
  if (!device || !*device || !(*device)->has_key()) return {};
  const auto signer = wrong_.signs_with_another_key ? another_key() : *options_.identity;
  const std::string pk((*device)->record.pk());
  return signed_keys_.sign(wrong_.signs_wrong_id ? id + "0" : id, pk, signer);
}

}  // namespace deskcheck::server
