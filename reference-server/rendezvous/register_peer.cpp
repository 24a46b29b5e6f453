// RegisterPeer: a device says every 15 s that it is there. rendezvous.md sections 3.1 and 3.4.
#include "reference-server/rendezvous/rendezvous.hpp"

namespace deskcheck::server {

Actions Rendezvous::on(const hbb::RegisterPeer& request, const Origin& from, net::Time now) {
  Actions actions;
  if (request.id().empty() && !wrong_.answers_empty_id) return actions;

  // In memory only: after a restart the device has to show its uuid and key again.
  Device* device = devices_.in_memory(request.id());
  if (!device && wrong_.register_peer_creates_entry)
    device = devices_.put_without_key(request.id());
  // Compared with the address of the last accepted RegisterPk: whoever sends from elsewhere may be
  // anybody, and must not take the pushes of the device over. Loopback sources are no exception.
  const bool accepted = device && device->has_key() && device->registered &&
                        device->connection == 0 &&
                        (device->at.address() == from.peer.address || wrong_.trusts_any_address ||
                         (as_open_source() && from.peer.address.is_loopback()));
  if (accepted) {
    if (!wrong_.ignores_new_port) device->at = from.peer;
    device->registered = now;
  }
  hbb::RendezvousMessage answer;
  answer.mutable_register_peer_response()->set_request_pk(!accepted && !wrong_.forgets_request_pk);
  actions.push_back(SendDatagram{from.peer, std::move(answer)});

  const bool newer = has_newer_than(request.serial());
  if (newer || wrong_.always_pushes_config) {
    hbb::RendezvousMessage push;
    *push.mutable_configure_update() = config_update();
    actions.push_back(SendDatagram{from.peer, std::move(push)});
  }
  return actions;
}

}  // namespace deskcheck::server
