// RequestRelay and RelayResponse: the two parties agree on a relay. Either may begin. Both messages
// are carried with everything in them, also fields that this server does not know.
// rendezvous.md sections 3.11 and 3.12.
#include "reference-server/rendezvous/rendezvous.hpp"

#include "proto/wire/address.hpp"

namespace deskcheck::server {

namespace {

// Texts after which a client does not try again by itself.
constexpr auto kUnknown = "ID does not exist";
constexpr auto kOffline = "Remote desktop is offline";
constexpr auto kBroken = "The server cannot read its storage";
constexpr auto kNotSignedIn = "Connections without an account are not allowed";
constexpr auto kTooLong = "The request is too long";

Action refuse(const Origin& from, const char* reason) {
  hbb::RendezvousMessage message;
  message.mutable_relay_response()->set_refuse_reason(reason);
  return reply(from, std::move(message));
}

}  // namespace

// No licence check: clients do not send the key here, the relay asks for it.
Actions Rendezvous::on(const hbb::RequestRelay& request, const Origin& from, net::Time now) {
  Actions actions;
  if (wrong_.request_relay_needs_licence && request.licence_key() != options_.licence_key)
    return actions;
  if (!is_let_in(request, api::SwitchGrants::Request::relay, from, now)) {
    actions.push_back(refuse(from, kNotSignedIn));
    return actions;
  }
  const auto found = devices_.find(request.id());
  const Device* device = found ? *found : nullptr;
  if (as_open_source()) {
    device = devices_.in_memory(request.id());
    if (!device || !device->registered) return actions;  // offline or not
  } else if (!devices_.online(device, now)) {
    const auto* reason = !found ? kBroken : device ? kOffline : kUnknown;
    if (!wrong_.silent_about_unknown_relay_target) actions.push_back(refuse(from, reason));
    return actions;
  }
  hbb::RendezvousMessage message;
  auto& push = *message.mutable_request_relay();
  push = request;
  tell_rules(push);
  if (wrong_.request_relay_drops_token) push.clear_token();
  if (!wrong_.request_relay_without_requester) push.set_socket_addr(requester_bytes(from, now));
  // Frames can be longer than datagrams: whoever asks is told, as the device would hear nothing. A
  // device on a connection is not to be flooded either.
  if (message.ByteSizeLong() > kLongestDatagram) {
    actions.push_back(refuse(from, kTooLong));
    return actions;
  }
  waiting_.add(from.connection, from.peer, Question::relay, device->record.id());
  actions.push_back(to_device(*device, std::move(message)));
  return actions;
}

Actions Rendezvous::on(const hbb::RelayResponse& answer, const Origin& from) {
  const auto requester = wire::decode_address(answer.socket_addr());
  // A device that was asked for a relay does not say its id; one that begins a relay does.
  std::optional<ConnectionId> to;
  for (auto question : {Question::relay, Question::path})
    if (!to)
      to = answer.id().empty() ? waiting_.take(requester, question)
                               : waiting_.take(requester, question, answer.id());
  if (!to) return close(from);
  hbb::RendezvousMessage message;
  auto& response = *message.mutable_relay_response();
  response = answer;
  response.clear_socket_addr();
  // Same oneof: the pk takes the place of the id, and is there even if it is empty.
  if (!answer.id().empty() && !wrong_.relay_response_keeps_id)
    response.set_pk(signed_key(answer.id(), answer.version()));
  if (answer.id().empty() && wrong_.signs_relay_response_without_id)
    response.set_pk(std::string(kUnknown));
  if (wrong_.oneof_default_dropped && response.pk().empty()) response.clear_pk();
  if (wrong_.relay_response_changes_uuid) response.set_uuid(answer.uuid() + "0");
  // Whoever is inside the operator's network reaches the relay at its inner address, others do not.
  if (options_.lan && !response.relay_server().empty()) {
    if (inside(requester))
      response.set_relay_server(options_.lan_relay);
    else if (response.relay_server() == options_.lan_relay)
      response.set_relay_server(relays_.next());
  }
  if (wrong_.drops_refuse_reason) response.clear_refuse_reason();
  if (const auto wanted = feedback(*to)) response.set_feedback(wanted);
  return deliver(*to, std::move(message), from);
}

}  // namespace deskcheck::server
