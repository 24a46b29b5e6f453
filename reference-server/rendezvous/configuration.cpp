// What the server tells clients about itself: ConfigUpdate and SoftwareUpdate. rendezvous.md
// sections 3.4 and 3.5.
#include "reference-server/rendezvous/rendezvous.hpp"

#include <algorithm>

namespace deskcheck::server {

namespace {

// As clients take it from the URL: what follows the last '-' of the file name, without ".exe".
std::string version_in(const std::string& url) {
  const auto dash = url.rfind('-');
  if (dash == std::string::npos) return {};
  auto version = url.substr(dash + 1);
  const auto dot = version.rfind('.');
  if (dot == std::string::npos) return version;
  const auto last = version.substr(dot + 1);
  const bool number = !last.empty() && std::all_of(last.begin(), last.end(),
                                                   [](char c) { return c >= '0' && c <= '9'; });
  return number ? version : version.substr(0, dot);
}

}  // namespace

// The operator's way to replace the list of servers: only from the server's own host, and only by a
// newer one. Never answered.
Actions Rendezvous::on(const hbb::ConfigUpdate& update, const Origin& from) {
  if (wrong_.config_update_ignored) return {};
  if (!from.peer.address.is_loopback() && !wrong_.config_update_from_anywhere) return {};
  if (update.serial() <= serial_ && !wrong_.older_config_update_taken) return {};
  serial_ = update.serial();
  rendezvous_servers_.clear();
  for (const auto& server : update.rendezvous_servers())
    if (!server.empty()) rendezvous_servers_.push_back(server);
  return {};
}

hbb::ConfigUpdate Rendezvous::config_update() const {
  hbb::ConfigUpdate update;
  update.set_serial(serial_);
  for (const auto& server : rendezvous_servers_) update.add_rendezvous_servers(server);
  return update;
}

// `url` of the question is the version that the client has.
Actions Rendezvous::on(const hbb::SoftwareUpdate& question, const Origin& from) const {
  Actions actions;
  const auto version = version_in(options_.software_url);
  if (version.empty()) return actions;
  if (question.url() == version && !wrong_.software_update_always) return actions;
  hbb::RendezvousMessage answer;
  answer.mutable_software_update()->set_url(
      wrong_.software_update_says_version ? version : options_.software_url);
  actions.push_back(SendDatagram{from.peer, std::move(answer)});
  return actions;
}

}  // namespace deskcheck::server
