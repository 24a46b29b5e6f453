#include "reference-server/capabilities.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace deskcheck::server {

namespace {

constexpr std::size_t kMost = 4;
using Names = std::array<std::string_view, kMost>;  // the rest is empty

struct Capability {
  std::string_view name;
  // Without one of these it is left out as well: what a server MUST do for it cannot be done.
  Names needs;
  Names routes;
  // What else is not there.
  void (*leave_out)(Options&) = nullptr;
};

template <bool Abilities::* Part>
void lose(Options& options) {
  options.abilities.*Part = false;
}

// Nothing is signed, and nobody is asked for a key.
void lose_keys(Options& options) {
  options.identity.reset();
  options.licence_key.clear();
  options.relay_licence_key.clear();
}

void lose_secure_channel(Options& options) { options.secure_channel = false; }

void lose_console(Options& options) { options.consoles = Consoles::none; }

void lose_api(Options& options) { options.api = false; }

void lose_config_push(Options& options) {
  options.abilities.config_push = false;
  options.serial = 0;
  options.rendezvous_servers.clear();
}

void lose_plugin_sign(Options& options) { options.sign_plugins = false; }

void lose_deployment(Options& options) { options.deploy_mode = false; }

void lose_feedback(Options& options) {
  options.abilities.session_control = false;
  options.feedback = 0;
  options.control_permissions.reset();
  options.audit_reference.clear();
}

void lose_registration_limits(Options& options) {
  constexpr int kAny = std::numeric_limits<int>::max();
  options.limits.registrations_per_address = kAny;
  options.limits.registrations_per_id = kAny;
  options.limits.ids_per_address = kAny;
}

constexpr std::string_view kUdp = "rendezvous.udp";
constexpr std::string_view kTcp = "rendezvous.tcp-signalling";
constexpr std::string_view kSecure = "rendezvous.secure-tcp";
constexpr std::string_view kApi = "api.general";
constexpr std::string_view kLogin = "api.auth.login";
constexpr std::string_view kPersonal = "api.ab.personal";
constexpr std::string_view kPeers = "api.ab.peers";
constexpr std::string_view kAdd = "api.ab.peer.add";
constexpr std::string_view kTags = "api.ab.tags";
constexpr std::string_view kAddTag = "api.ab.tag.add";

constexpr auto kTable = std::to_array<Capability>({
    {"rendezvous.udp", {}, {}, lose<&Abilities::udp>},
    {"rendezvous.tcp-signalling", {kUdp}, {}, lose<&Abilities::tcp>},
    {"rendezvous.rate-limits", {kUdp}, {}, lose_registration_limits},
    {"rendezvous.signed-keys", {kTcp}, {}, lose_keys},
    {"rendezvous.nat-test", {kTcp}, {}, lose<&Abilities::nat_test>},
    {"rendezvous.online-query", {kUdp}, {}, lose<&Abilities::online_query>},
    {"rendezvous.config-push", {"rendezvous.nat-test"}, {}, lose_config_push},
    {"rendezvous.id-change", {kTcp}, {}, lose<&Abilities::id_change>},
    {"rendezvous.secure-tcp", {"rendezvous.signed-keys"}, {}, lose_secure_channel},
    {"rendezvous.tcp-registration", {kSecure}, {}, lose<&Abilities::tcp_registration>},
    {"rendezvous.http-tunnel", {kSecure, kApi}, {}, lose<&Abilities::http_tunnel>},
    {"rendezvous.session-control", {kSecure, kLogin}, {}, lose_feedback},
    {"rendezvous.udp-punch", {kTcp}, {}, lose<&Abilities::udp_punch>},
    {"rendezvous.ipv6-punch", {kTcp}, {}, lose<&Abilities::ipv6_punch>},
    {"rendezvous.websocket", {kTcp}, {}, lose<&Abilities::websocket>},
    {"rendezvous.ws-registration",
     {"rendezvous.websocket"},
     {},
     lose<&Abilities::websocket_registration>},
    {"relay.tcp", {}, {}, lose<&Abilities::relay>},
    {"relay.websocket", {"relay.tcp"}, {}, lose<&Abilities::relay_websocket>},
    {"relay.limits", {"relay.tcp"}, {}, lose<&Abilities::relay_limits>},
    {"admin.console", {}, {}, lose_console},

    {"api.general", {}, {}, lose_api},
    {"api.probe.login-options", {kApi}, {}, lose<&Abilities::head_probe>},
    {"api.auth.login", {kApi}, {"POST /api/login"}},
    {"api.auth.user-payload", {kLogin}, {}, lose<&Abilities::user_payload>},
    {"api.auth.login-options", {kApi}, {"GET /api/login-options"}},
    {"api.auth.current-user", {kLogin}, {"POST /api/currentUser"}},
    {"api.auth.logout", {kLogin}, {"POST /api/logout"}},
    {"api.oidc.auth", {kApi}, {"POST /api/oidc/auth", "GET /api/oidc/callback"}},
    {"api.oidc.auth-query",
     {"api.oidc.auth", "api.auth.user-payload"},
     {"GET /api/oidc/auth-query"}},
    {"api.ab.legacy.get", {kLogin, "api.ab.legacy.set"}, {"GET /api/ab"}},
    {"api.ab.legacy.set", {kLogin, "api.ab.legacy.get"}, {"POST /api/ab"}},
    {"api.ab.legacy.get-sciter", {"api.ab.legacy.set"}, {"POST /api/ab/get"}},
    {"api.ab.personal", {kLogin}, {"POST /api/ab/personal"}},
    {"api.ab.settings", {kLogin}, {"POST /api/ab/settings"}},
    {"api.ab.shared.profiles", {kLogin}, {"POST /api/ab/shared/profiles"}},
    // A client has a book when it has both, and shows an error otherwise.
    {"api.ab.peers", {kPersonal, kTags}, {"POST /api/ab/peers"}},
    {"api.ab.peer.add", {kPeers}, {"POST /api/ab/peer/add/{guid}"}},
    {"api.ab.peer.update", {kAdd}, {"PUT /api/ab/peer/update/{guid}"}},
    {"api.ab.peer.delete", {kAdd}, {"DELETE /api/ab/peer/{guid}"}},
    {"api.ab.tags", {kPersonal, kPeers}, {"POST /api/ab/tags/{guid}"}},
    {"api.ab.tag.add", {kTags}, {"POST /api/ab/tag/add/{guid}"}},
    {"api.ab.tag.rename", {kAddTag}, {"PUT /api/ab/tag/rename/{guid}"}},
    {"api.ab.tag.update", {kAddTag}, {"PUT /api/ab/tag/update/{guid}"}},
    {"api.ab.tag.delete", {kAddTag}, {"DELETE /api/ab/tag/{guid}"}},
    {"api.group.device-groups", {kLogin}, {"GET /api/device-group/accessible"}},
    {"api.group.users", {kLogin}, {"GET /api/users"}},
    // Clients ask for it after the users only.
    {"api.group.peers", {"api.group.users"}, {"GET /api/peers"}},
    {"api.device.heartbeat", {kApi}, {"POST /api/heartbeat"}},
    {"api.device.sysinfo", {kApi}, {"POST /api/sysinfo"}},
    {"api.device.sysinfo-ver", {kApi}, {"POST /api/sysinfo_ver"}},
    {"api.device.cli", {kApi}, {"POST /api/devices/cli"}},
    {"api.device.deploy", {kApi}, {"POST /api/devices/deploy"}, lose_deployment},
    {"api.audit.conn", {kApi}, {"POST /api/audit/conn"}},
    {"api.audit.file", {kApi}, {"POST /api/audit/file"}},
    {"api.audit.alarm", {kApi}, {"POST /api/audit/alarm"}},
    {"api.audit.conn.active", {"api.audit.conn", kLogin}, {"GET /api/audit/conn/active"}},
    {"api.audit.note", {"api.audit.conn.active"}, {"PUT /api/audit"}},
    {"api.record.upload", {kApi}, {"POST /api/record"}},
    {"api.switch.grant", {kApi}, {"POST /api/switch-grant"}},
    {"api.plugin.sign", {kApi, "rendezvous.signed-keys"}, {}, lose_plugin_sign},
    {"api.download.get", {kApi}, {"GET /downloads/{name}"}},
    {"api.download.head", {"api.download.get"}, {}, lose<&Abilities::download_head>},
});

bool lacks_a_need(const Capability& one, const std::set<std::string>& without) {
  return std::ranges::any_of(
      one.needs, [&](std::string_view need) { return without.contains(std::string(need)); });
}

}  // namespace

std::vector<std::string_view> capabilities() {
  std::vector<std::string_view> names;
  for (const auto& one : kTable) names.push_back(one.name);
  std::ranges::sort(names);
  return names;
}

std::set<std::string> with_what_needs_them(std::set<std::string> without) {
  for (std::size_t before = without.size() + 1; before != without.size();) {
    before = without.size();
    for (const auto& one : kTable)
      if (lacks_a_need(one, without)) without.emplace(one.name);
  }
  return without;
}

Options left_by(Options options) {
  options.without = with_what_needs_them(std::move(options.without));
  for (const auto& one : kTable)
    if (one.leave_out && options.without.contains(std::string(one.name))) one.leave_out(options);
  return options;
}

std::vector<std::string_view> routes_left_out(const Options& options) {
  std::vector<std::string_view> routes;
  for (const auto& one : kTable) {
    if (!options.without.contains(std::string(one.name))) continue;
    for (const auto route : one.routes)
      if (!route.empty()) routes.push_back(route);
  }
  return routes;
}

}  // namespace deskcheck::server
