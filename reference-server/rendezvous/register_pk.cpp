// RegisterPk: a device proves with its uuid that an id is its own and leaves its public key.
// rendezvous.md sections 3.2 and 3.3; the order of the checks is part of the rule.
#include "reference-server/rendezvous/rendezvous.hpp"

namespace deskcheck::server {

namespace {

using Response = hbb::RegisterPkResponse;

// The lowest serial that a real client can have (client libs/hbb_common src/config.rs:53).
constexpr std::int32_t kClientSerial = 3;

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
  const auto result = register_device(request, from, now, actions);
  actions.push_back(SendDatagram{from.peer, answer(result)});
  return actions;
}

// A device's own connection, which stays for its pushes; see rendezvous.md section 3.3. Whatever
// the answer, a device goes on with it: it chooses another id, or tries again later.
Actions Rendezvous::on_register_pk_over_tcp(const hbb::RegisterPk& request, const Origin& from,
                                            net::Time now) {
  Actions actions;
  if (wrong_.register_pk_over_tcp_is_silent) return close(from);
  const Abilities& can = options_.abilities;
  const bool oss = options_.profile == Profile::oss;
  const bool renames = !request.old_id().empty();
  if (renames && !oss && can.id_change) return change_id(request, from, now);
  const bool on_websocket = from.transport == Transport::websocket;
  bool offered = on_websocket
                     ? can.websocket_registration && !wrong_.no_registration_over_websocket
                     : can.tcp_registration && from.secured && !wrong_.no_registration_over_tcp;
  if (renames || oss) offered = false;
  if (!offered || request.uuid().empty() || request.pk().empty()) {
    actions.push_back(SendFrame{from.connection, answer(Response::NOT_SUPPORT)});
    actions.push_back(CloseConnection{from.connection});
    return actions;
  }
  const auto result = register_device(request, from, now, actions);
  const auto period = options_.keep_alive.period;
  auto message = answer(result);
  const auto seconds = static_cast<std::int32_t>(period.count());
  if (result == Response::OK)
    message.mutable_register_pk_response()->set_keep_alive(
        wrong_.keep_alive_in_milliseconds ? seconds * 1000 : seconds);
  actions.push_back(SendFrame{from.connection, std::move(message)});
  actions.push_back(KeepConnection{from.connection, period});
  // RegisterPeer, which says what the device has, is not sent on connections.
  if (result == Response::OK && has_newer_than(kClientSerial)) {
    hbb::RendezvousMessage update;
    *update.mutable_configure_update() = config_update();
    actions.push_back(SendFrame{from.connection, std::move(update)});
  }
  if (result == Response::UUID_MISMATCH && wrong_.uuid_mismatch_ends_the_connection)
    actions.push_back(CloseConnection{from.connection});
  return actions;
}

Response::Result Rendezvous::register_device(const hbb::RegisterPk& request, const Origin& from,
                                             net::Time now, Actions& actions) {
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
  if (is_new && !may_register(request.id())) return Response::NOT_DEPLOYED;
  if (!is_new) {
    const auto result = judge(*device, request, address);
    if (result != Response::OK) {
      if (wrong_.refused_registration_changes_key) {
        PeerRecord record = device->record.unpacked();
        record.pk = request.pk();
        device->record = PackedRecord(record);
      }
      return result;
    }
    if (!device->limit.allows(now, options_.limits, wrong_)) return Response::TOO_FREQUENT;
  }

  const bool changed = is_new || device->record.uuid() != request.uuid() ||
                       device->record.pk() != request.pk() || device->record.address() != address;
  if (!is_new && device->record.address() != address)
    address_changes_.add(request.id(), from.peer.address, now);
  if (changed) {
    PeerRecord record{request.id(), request.uuid(), request.pk(), address};
    if (wrong_.keeps_old_key && !is_new) record.pk = device->record.pk();
    auto stored = devices_.put(record);
    if (!stored) return Response::SERVER_ERROR;
    device = *stored;
  }
  device->limit.count(now, options_.limits, wrong_);
  if (!changed && (wrong_.restart_needs_register_peer || as_open_source())) return Response::OK;
  if (is_new || !device->registered || !wrong_.keeps_old_address) device->at = from.peer;
  const auto left = devices_.attach(*device, from.connection);
  if (left != 0) actions.push_back(CutConnection{left});
  device->registered = now;
  return Response::OK;
}

Action Rendezvous::to_device(const Device& device, hbb::RendezvousMessage message) const {
  if (device.connection == 0 || wrong_.pushes_are_always_datagrams)
    return SendDatagram{device.at, std::move(message)};
  return SendFrame{device.connection, std::move(message)};
}

// Whether a known device may be registered with this uuid and key from this address.
Response::Result Rendezvous::judge(const Device& known, const hbb::RegisterPk& request,
                                   const std::string& address) const {
  if (known.record.uuid() != request.uuid() && !wrong_.accepts_foreign_uuid)
    return Response::UUID_MISMATCH;
  // The key or the address may change, not both at once: uuids are no secrets.
  if (known.record.pk() != request.pk() && known.record.address() != address &&
      !wrong_.accepts_moved_key)
    return Response::UUID_MISMATCH;
  return Response::OK;
}

}  // namespace deskcheck::server
