#include "conformance/runner/reference_host.hpp"

#include "proto/net/tls_certificate.hpp"
#include "reference-server/server.hpp"
#include "reference-server/store/memory_api_store.hpp"
#include "reference-server/store/memory_peer_store.hpp"

#include <boost/system/errc.hpp>

namespace deskcheck::conformance {

namespace json = boost::json;

namespace {

// Storage as it is after the disk has filled up: everything can be read, nothing can be written.
class FullPeerStore final : public server::PeerStore {
 public:
  boost::system::result<std::optional<server::PeerRecord>> find(std::string_view) override {
    return std::optional<server::PeerRecord>();
  }
  boost::system::result<void> put(const server::PeerRecord&) override {
    return make_error_code(boost::system::errc::no_space_on_device);
  }
  boost::system::result<void> rename(std::string_view, const server::PeerRecord&) override {
    return make_error_code(boost::system::errc::no_space_on_device);
  }
};

std::unique_ptr<server::PeerStore> make_store(const ServerSetup& setup) {
  if (setup.storage_fails) return std::make_unique<FullPeerStore>();
  return std::make_unique<server::MemoryPeerStore>();
}

server::Options options_for(const ServerSetup& setup, const boost::asio::ip::address& address,
                            const server::FaultPlan& faults) {
  server::Options options;
  options.password_cost = server::PasswordCost::minimal;
  options.bind = setup.address.value_or(address);
  if (!setup.default_ports) options.rendezvous_port = 0;
  options.relay_servers = setup.relay_servers;
  options.always_use_relay = setup.always_use_relay;
  options.lan = setup.lan;
  options.lan_relay = setup.lan_relay;
  options.serial = setup.serial;
  options.rendezvous_servers = setup.rendezvous_servers;
  options.software_url = setup.software_url;
  options.relay_limits.session = setup.relay_session_speed;
  options.relay_limits.total = setup.relay_total_speed;
  options.limits.registrations_per_address = setup.limits.registrations_per_address;
  options.limits.address_pause = setup.limits.address_pause;
  options.limits.registrations_per_id = setup.limits.registrations_per_id;
  options.limits.id_pause = setup.limits.id_pause;
  options.limits.ids_per_address = setup.limits.ids_per_address;
  for (const auto& text : setup.trusted_proxies)
    if (const auto range = server::AddressRange::parse(text))
      options.trusted_proxies.push_back(*range);
  options.api = setup.api;
  options.tokens = setup.tokens;
  options.deploy_mode = setup.deploy_mode;
  options.take_recordings = setup.recordings != 0;
  options.limits.recordings = setup.recordings;
  options.downloads = setup.downloads;
  options.sign_plugins = setup.signs_plugins;
  // The suite's parties are at addresses of their own, wherever it runs.
  options.admin_from = {server::AddressRange::parse("0.0.0.0/0").value(),
                        server::AddressRange::parse("::/0").value()};
  options.require_login = setup.require_login;
  options.feedback = setup.wants_feedback ? 1 : 0;
  if (setup.control_permissions != 0) options.control_permissions = setup.control_permissions;
  options.audit_reference = setup.conn_audit_ref;
  if (setup.open_source_level) options.profile = server::Profile::oss;
  options.faults = faults;
  return options;
}

// One of each role that a target can have.
std::vector<SetupAccount> accounts_of_all_roles(net::Random random) {
  std::vector<SetupAccount> accounts;
  for (const char* role : {"user", "other", "admin", "totp"}) {
    SetupAccount account;
    account.role = role;
    account.user = role + std::string("-of-the-suite");
    account.password = wire::to_base64(random.bytes(18));
    account.administrator = account.role == "admin";
    if (account.role == "totp") account.totp_secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    accounts.push_back(std::move(account));
  }
  return accounts;
}

server::AccountFixture fixture_of(const SetupAccount& account) {
  server::AccountFixture fixture;
  fixture.name = account.user;
  fixture.password = account.password;
  fixture.administrator = account.administrator;
  fixture.disabled = account.disabled;
  fixture.email = account.email;
  fixture.devices = account.devices;
  fixture.totp_secret = account.totp_secret;
  fixture.email_code = account.email_code;
  return fixture;
}

// Roles become the names of accounts.
void take_books_and_groups(const ServerSetup& setup, server::Options& options) {
  std::map<std::string, std::string> names;
  for (const auto& account : setup.accounts) names[account.role] = account.user;
  if (setup.legacy_books) options.address_books = server::AddressBooks::legacy;
  options.limits.peers_per_book = setup.peers_per_book;
  for (const auto& book : setup.books) {
    server::BookFixture fixture;
    fixture.name = book.name;
    fixture.owner = names.at(book.owner);
    fixture.note = book.note;
    fixture.password = book.password;
    for (const auto& [role, rule] : book.rules) fixture.rules[names.at(role)] = rule;
    options.books.push_back(std::move(fixture));
  }
  for (const auto& group : setup.device_groups) {
    server::DeviceGroupFixture fixture;
    fixture.name = group.name;
    fixture.devices = group.devices;
    for (const auto& role : group.members) fixture.members.push_back(names.at(role));
    options.device_groups.push_back(std::move(fixture));
  }
}

Hook post(std::string path, json::value body) {
  HookCall call;
  call.path = "/api/admin" + std::move(path);
  call.body = std::move(body);
  return Hook(std::move(call));
}

Hook get(std::string path, std::string answer) {
  HookCall call;
  call.method = "GET";
  call.path = "/api/admin" + std::move(path);
  call.answer = std::move(answer);
  return Hook(std::move(call));
}

Hook answered(Hook hook, std::string place) {
  hook.calls.back().answer = std::move(place);
  return hook;
}

class OwnReferenceServer final : public OwnServer {
 public:
  // `address`: where clients reach a server that listens on all of them.
  OwnReferenceServer(const net::World& world, ServerSetup setup, server::Options options,
                     boost::asio::ip::address address, Lack lack)
      : world_(world),
        address_(std::move(address)),
        setup_(std::move(setup)),
        options_(std::move(options)),
        lack_(std::move(lack)),
        store_(make_store(setup_)) {
    if (setup_.accounts.empty())
      setup_.accounts = accounts_of_all_roles(world_.random.fork("accounts"));
    for (const auto& account : setup_.accounts) options_.accounts.push_back(fixture_of(account));
    options_.script_tokens = {wire::to_base64(world_.random.fork("script token").bytes(24))};
    if (options_.downloads.empty())
      options_.downloads["sample.bin"] = world_.random.fork("download").bytes(100'000);
    take_books_and_groups(setup_, options_);
    options_.without = lack_.without;
    if (lack_.admits("rendezvous.signed-keys")) {
      setup_.signs = false;
      setup_.key_folder.clear();
      setup_.licence = ServerSetup::Licence::none;
    }
    if (setup_.https) take_certificate();
    options_.send_mail = [this](const std::string& to, const std::string& text) {
      mails_[to].push_back(text);
    };
    start();
  }

  Target target() const override {
    Target target = places();
    if (lack_.admitted) target.without = lack_.without;
    if (options_.identity) target.key = options_.identity->public_key;
    target.licence_key = options_.licence_key;
    target.relay_licence_key = options_.relay_licence_key;
    target.relay_servers = options_.relay_servers;
    target.limits = setup_.limits;
    for (const auto& account : setup_.accounts) {
      target.accounts[account.role] = {account.user, account.password};
      target.accounts[account.role].totp_secret = account.totp_secret;
    }
    const bool signs_in = !lack_.admits("api.auth.login");
    if (signs_in && target.accounts.contains("admin"))
      target.control = std::make_shared<const Control>(hooks_of_the_admin_api());
    target.script_token = options_.script_tokens.front();
    target.download = "/downloads/" + options_.downloads.begin()->first;
    return target;
  }

  std::vector<std::string> mails_to(const std::string& address) const override {
    const auto found = mails_.find(address);
    return found == mails_.end() ? std::vector<std::string>() : found->second;
  }

  boost::asio::awaitable<void> restart() override {
    options_.rendezvous_port = server_->ports().rendezvous.port;
    options_.https_port = server_->ports().https.port;
    co_await server_->stop();
    server_.reset();
    start();
  }
  boost::asio::awaitable<void> stop() override { return server_->stop(); }

 private:
  net::Endpoint reached(net::Endpoint listening) const {
    if (listening.address.is_unspecified()) listening.address = address_;
    return listening;
  }

  // Also of what it lacks: where that would be.
  Target places() const {
    const auto ports = server_->ports();
    const auto at = [&](int offset) {
      const int port = ports.rendezvous.port + offset;
      return reached({ports.rendezvous.address, static_cast<std::uint16_t>(port)});
    };
    Target target;
    target.rendezvous = at(0);
    target.nat = at(-1);
    target.relay = at(+1);
    target.websocket = at(+2);
    target.relay_websocket = at(+3);
    if (options_.api && !lack_.admits("api.general")) target.api = "http://" + to_string(at(-2));
    if (ports.https.port != 0) {
      target.api = "https://" + to_string(reached(ports.https));
      target.api_certificates = options_.tls->certificates;
    }
    return target;
  }

  void start() {
    take_keys();
    server_ = std::make_unique<server::Server>(world_, options_, *store_, &api_store_);
    server_->start();
  }

  void take_certificate() {
    net::CertificateWish wish;
    wish.hosts = {reached({options_.bind, 0}).address.to_string()};
    const auto made = net::make_certificate(wish);
    options_.tls.emplace();
    options_.tls->certificates = made.certificate;
    options_.tls->private_key = made.private_key;
  }

  // As at the start of a process: key files are read again, other keys stay what they are.
  void take_keys() {
    net::Random random = world_.random.fork("server keys");
    if (!setup_.key_folder.empty()) {
      auto pair = wire::load_or_create_key_files(setup_.key_folder, random);
      if (!pair) throw boost::system::system_error(pair.error(), setup_.key_folder.string());
      options_.identity = *pair;
    } else if (setup_.signs && !options_.identity) {
      options_.identity = wire::make_server_key_pair(random);
    }
    switch (setup_.licence) {
      case ServerSetup::Licence::none:
        break;
      case ServerSetup::Licence::text:
        options_.licence_key = setup_.licence_text;
        break;
      case ServerSetup::Licence::public_key:
        if (options_.identity) options_.licence_key = wire::to_text(options_.identity->public_key);
    }
    options_.relay_licence_key = options_.licence_key;
  }

  net::World world_;
  boost::asio::ip::address address_;
  ServerSetup setup_;
  server::Options options_;
  Lack lack_;
  std::unique_ptr<server::PeerStore> store_;
  server::MemoryApiStore api_store_;
  std::map<std::string, std::vector<std::string>> mails_;  // by address
  std::unique_ptr<server::Server> server_;
};

}  // namespace

Control hooks_of_the_admin_api() {
  Control control;
  control.hooks = {
      {"put-strategy",
       post("/strategies", {{"name", "${strategy}"}, {"config_options", "${options}"}})},
      {"remove-strategy", post("/strategies/remove", {{"name", "${strategy}"}})},
      {"strategy-of-device",
       post("/strategies/assign", {{"strategy", "${strategy}"}, {"device", "${device}"}})},
      {"strategy-of-device-group",
       post("/strategies/assign", {{"strategy", "${strategy}"}, {"device_group", "${group}"}})},
      {"strategy-of-user",
       post("/strategies/assign", {{"strategy", "${strategy}"}, {"user", "${user}"}})},
      {"put-device-group",
       post("/device-groups", {{"name", "${group}"}, {"devices", "${devices}"}})},
      {"remove-device-group", post("/device-groups/remove", {{"name", "${group}"}})},
      {"owner-of-device", post("/devices", {{"id", "${device}"}, {"user", "${user}"}})},
      {"disconnect",
       post("/devices/disconnect", {{"id", "${device}"}, {"connections", "${connections}"}})},
      {"force-sysinfo", post("/devices/sysinfo", {{"id", "${device}"}})},
      {"put-user",
       post("/users", {{"name", "${user}"}, {"password", "${password}"}, {"email", "${email}"}})},
      {"remove-user", post("/users/remove", {{"name", "${user}"}})},
      {"set-password", post("/users", {{"name", "${user}"}, {"password", "${password}"}})},
      {"enable-totp", answered(post("/users/totp", {{"name", "${user}"}}), "/secret")},
      {"require-email-code",
       post("/users", {{"name", "${user}"}, {"email", "${address}"}, {"email_code", true}})},
      {"put-group", post("/device-groups", {{"name", "${group}"}, {"members", "${users}"}})},
      // People have no groups of their own here: they are members of groups of devices.
      {"remove-group", post("/device-groups", {{"name", "${group}"}, {"members", json::array()}})},
      {"share-book",
       post("/books/share", {{"name", "${book}"}, {"user", "${user}"}, {"rule", "${rule}"}})},
      {"remove-book", post("/books/remove", {{"name", "${book}"}})},
      {"expire-token", post("/users/expire-token", {{"token", "${token}"}})},
      {"put-identity-provider",
       post("/identity-providers", {{"name", "${name}"},
                                    {"issuer", "${issuer}"},
                                    {"client_id", "${client_id}"},
                                    {"client_secret", "${client_secret}"}})},
      {"remove-identity-provider", post("/identity-providers/remove", {{"name", "${name}"}})},
      {"read-device", get("/devices?id=${device}", "/devices/0")},
      {"read-connection-audits", get("/audits/connections?device=${device}", "/audits")},
      {"read-file-audits", get("/audits/files?device=${device}", "/audits")},
      {"read-alarm-audits", get("/audits/alarms?device=${device}", "/audits")},
      {"read-recordings", get("/recordings", "/recordings")},
      {"read-recording", get("/recordings/${file}", "")},
  };
  return control;
}

Target with_administrator_only(Target target) {
  std::erase_if(target.accounts, [](const auto& one) { return one.first != "admin"; });
  return target;
}

ReferenceHost::ReferenceHost(boost::asio::ip::address address, server::FaultPlan faults, bool https,
                             Lack lack)
    : address_(std::move(address)),
      faults_(std::move(faults)),
      https_(https),
      lack_(std::move(lack)) {}

std::unique_ptr<OwnServer> ReferenceHost::start(const net::World& world, const ServerSetup& setup) {
  ServerSetup wanted = setup;
  wanted.https |= https_ && wanted.api;
  auto options = options_for(wanted, address_, faults_);
  return std::make_unique<OwnReferenceServer>(world, std::move(wanted), std::move(options),
                                              address_, lack_);
}

}  // namespace deskcheck::conformance
