// RegisterPk: a device proves with its uuid that an id is its own and leaves its public key.
// rendezvous.md sections 3.2 and 3.3; the order of the checks is part of the rule.
#include "reference-server/rendezvous/rendezvous.hpp"

namespace deskcheck::server {

namespace {

using Response = hbb::RegisterPkResponse;
constexpr std::size_t kShortestId = 6;  // bytes

hbb::RendezvousMessage answer(Response::Result result) {
  hbb::RendezvousMessage message;
  message.mutable_register_pk_response()->set_result(result);
  return message;
}

}  // namespace

Actions Rendezvous::on(const hbb::RegisterPk& request, const Origin& from, net::Time now) {
  Actions actions;
  if ((request.uuid().empty() || request.pk().empty()) && !wrong_.answers_without_key)
    return actions;
  actions.push_back(SendDatagram{from.peer, answer(register_device(request, from, now))});
  return actions;
}

// Registration over TCP and the id change are not offered; saying so ends a client's wait at once.
Actions Rendezvous::on_register_pk_over_tcp(const Origin& from) const {
  Actions actions;
  if (!wrong_.register_pk_over_tcp_is_silent)
    actions.push_back(SendFrame{from.connection, answer(Response::NOT_SUPPORT)});
  actions.push_back(CloseConnection{from.connection});
  return actions;
}

Response::Result Rendezvous::register_device(const hbb::RegisterPk& request, const Origin& from,
                                             net::Time now) {
  // UUID_MISMATCH is the code that makes a client choose a new id.
  if (request.uuid().empty() || request.pk().empty()) return Response::UUID_MISMATCH;
  if (request.id().size() < kShortestId && !wrong_.accepts_short_ids)
    return Response::UUID_MISMATCH;
  if (!address_limits_.accept(from.peer.address, request.id(), now)) return Response::TOO_FREQUENT;

  auto known = devices_.find(request.id());
  if (!known && !wrong_.hides_storage_failure) return Response::SERVER_ERROR;
  Device* device = known ? *known : nullptr;
  const std::string address = from.peer.address.to_string();
  const bool is_new = !device || !device->has_key();
  if (!is_new) {
    const auto result = judge(*device, request, address);
    if (result != Response::OK) {
      if (wrong_.refused_registration_changes_key) device->record.pk = request.pk();
      return result;
    }
    if (!device->limit.allows(now, options_.limits, wrong_)) return Response::TOO_FREQUENT;
  }

  const bool changed = is_new || device->record.uuid != request.uuid() ||
                       device->record.pk != request.pk() || device->record.address != address;
  if (!is_new && device->record.address != address)
    address_changes_.add(request.id(), from.peer.address, now);
  if (changed) {
    PeerRecord record{request.id(), request.uuid(), request.pk(), address};
    if (wrong_.keeps_old_key && !is_new) record.pk = device->record.pk;
    auto stored = devices_.put(record);
    if (!stored) return Response::SERVER_ERROR;
    device = *stored;
  }
  device->limit.count(now, options_.limits, wrong_);
  if (!changed && (wrong_.restart_needs_register_peer || as_open_source())) return Response::OK;
  if (is_new || !device->registered || !wrong_.keeps_old_address) device->at = from.peer;
  device->registered = now;
  return Response::OK;
}

// Whether a known device may be registered with this uuid and key from this address.
Response::Result Rendezvous::judge(const Device& known, const hbb::RegisterPk& request,
                                   const std::string& address) const {
  if (known.record.uuid != request.uuid() && !wrong_.accepts_foreign_uuid)
    return Response::UUID_MISMATCH;
  // The key or the address may change, not both at once: uuids are no secrets.
  if (known.record.pk != request.pk() && known.record.address != address &&
      !wrong_.accepts_moved_key)
    return Response::UUID_MISMATCH;
  return Response::OK;
}

}  // namespace deskcheck::server
