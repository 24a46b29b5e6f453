// What accounts are good for: controllers that have to be signed in, the connection that tells how
// long their sessions last, devices that an account deploys. rendezvous.md section 3.17;
// http-api.md section 13.2.
#include "reference-server/rendezvous/rendezvous.hpp"

#include <algorithm>

namespace deskcheck::server {

bool Rendezvous::may_ask(const std::string& token, const Origin& from, net::Time now) {
  const bool known = api_.signed_in(token, now);
  if (known && from.connection != 0)
    signed_in_.insert(from.connection);
  else
    signed_in_.erase(from.connection);
  return known || !options_.require_login;
}

std::int32_t Rendezvous::feedback(ConnectionId requester) const {
  if (wrong_.feedback_without_health_check) return 1;
  return signed_in_.contains(requester) ? options_.feedback : 0;
}

// Kept for the whole session of the controller; its end is the end of the session.
Actions Rendezvous::on(const hbb::HealthCheck& request, const Origin& from, net::Time now) {
  const bool protected_well = from.secured || from.transport == Transport::websocket;
  const bool offered = options_.feedback != 0 && protected_well && !wrong_.ends_health_checks;
  if (!offered || !api_.signed_in(request.token(), now)) return close(from);
  const auto period = options_.keep_alive.period;
  hbb::RendezvousMessage message;
  auto& answer = *message.mutable_register_pk_response();
  answer.set_keep_alive(static_cast<std::int32_t>(period.count()));
  Actions actions;
  actions.push_back(reply(from, std::move(message)));
  actions.push_back(KeepConnection{from.connection, period});
  return actions;
}

bool Rendezvous::may_register(const std::string& id) const {
  const auto& ids = options_.deployed;
  return !options_.deploy_mode || std::find(ids.begin(), ids.end(), id) != ids.end();
}

boost::system::result<std::optional<std::string>> Rendezvous::registered_uuid(
    const std::string& id) {
  const auto known = devices_.find(id);
  if (!known) return known.error();
  if (!*known || !(*known)->has_key()) return std::optional<std::string>();
  return std::optional<std::string>((*known)->record.uuid());
}

boost::system::result<std::optional<std::string>> Rendezvous::registered_key(
    const std::string& id) {
  const auto known = devices_.find(id);
  if (!known) return known.error();
  if (!*known || !(*known)->has_key()) return std::optional<std::string>();
  return std::optional<std::string>((*known)->record.pk());
}

// A deployed device is a known one: what it registers with is held against this.
api::DeployResult Rendezvous::deploy(const api::Deployment& deployment) {
  if (!options_.deploy_mode) return api::DeployResult::not_enabled;
  if (deployment.id.size() < kShortestId) return api::DeployResult::invalid_input;
  const auto known = devices_.find(deployment.id);
  if (!known) return api::DeployResult::failed;
  PeerRecord record{deployment.id, deployment.uuid, deployment.pk, {}};
  if (*known && (*known)->has_key()) {
    if ((*known)->record.uuid() != deployment.uuid && !wrong_.deploy_takes_ids)
      return api::DeployResult::id_taken;
    if (wrong_.deploy_is_for_once) return api::DeployResult::id_taken;
    record.address = (*known)->record.address();
  }
  if (wrong_.deploy_binds_nothing) return api::DeployResult::ok;
  return devices_.put(record) ? api::DeployResult::ok : api::DeployResult::failed;
}

}  // namespace deskcheck::server
