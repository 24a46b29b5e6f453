#include "conformance/target/target_file.hpp"

#include "conformance/registry/usage_error.hpp"
#include "conformance/target/capabilities.hpp"
#include "conformance/target/control_reader.hpp"
#include "conformance/target/host.hpp"
#include "proto/document/schema.hpp"
#include "proto/net/http_client.hpp"
#include "proto/net/resolve.hpp"
#include "target.schema.json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace deskcheck::conformance {

namespace {

using document::Cursor;
using document::Mistakes;

// RFC 4648 in either case, without or with its padding.
bool is_base32(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  const auto is_digit = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7');
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

class Reader {
 public:
  // Commands of the file run in `folder`.
  Reader(Cursor root, std::filesystem::path folder, const Registry& registry,
         const Environment& environment)
      : root_(std::move(root)),
        folder_(std::move(folder)),
        registry_(registry),
        environment_(environment) {}

  boost::system::result<TargetProfile, Mistakes> read() {
    read_target(*root_.find("target"));
    if (const auto ports = root_.find("ports")) read_ports(*ports);
    if (const auto api = root_.find("api")) read_api(*api);
    if (const auto ca = root_.find("api-ca")) read_api_ca(*ca);
    if (const auto accounts = root_.find("accounts")) read_accounts(*accounts);
    if (const auto control = root_.find("control"))
      profile_.control = std::make_shared<const Control>(
          read_control(*control, profile_.accounts, folder_, mistakes_));
    if (const auto mailbox = root_.find("mailbox")) read_mailbox(*mailbox);
    profile_.script_token = secret(root_, "script-token").value_or("");
    if (const auto download = root_.find("download")) profile_.download = from_a_slash(*download);
    if (const auto limits = root_.find("limits")) read_limits(*limits);
    read_capabilities();
    if (const auto trusts = root_.find("trusts-address-headers"))
      profile_.trusts_address_headers = trusts->json().as_bool();
    if (const auto relays = root_.find("relay-servers")) {
      profile_.relay_servers.emplace();
      for (const auto& one : relays->children()) profile_.relay_servers->emplace_back(one.text());
    }
    if (const auto network = root_.find("source-addresses")) {
      profile_.sources = parse_source_network(std::string(network->text()));
      if (!profile_.sources)
        refuse(network->mistake("'" + network->written() + "' is no IPv4 network",
                                "write it as 10.78.0.0/16"));
    }
    if (const auto baseline = root_.find("baseline")) profile_.baseline = baseline->text();
    if (!mistakes_.empty()) return std::move(mistakes_);
    return std::move(profile_);
  }

 private:
  void refuse(document::Mistake mistake) { mistakes_.push_back(std::move(mistake)); }

  void read_target(const Cursor& target) {
    if (const auto name = target.find("name")) profile_.name = name->text();
    if (const auto version = target.find("version")) profile_.version = version->written();
    profile_.host = host(*target.find("host"), "'rendezvous' below 'ports'");
    if (const auto relay = target.find("relay-host"))
      profile_.relay_host = host(*relay, "'relay' below 'ports'");
    if (const auto text = secret(target, "key")) {
      if (const auto key = wire::parse_public_key(*text))
        profile_.key = *key;
      else
        refuse(secret_place(target, "key")
                   .mistake("this is no public key: " + key.error().message(),
                            "it is the text of the server's id_ed25519.pub, 44 characters of "
                            "base64"));
    }
    profile_.licence_key = secret(target, "licence-key");
    profile_.relay_licence_key = secret(target, "relay-licence-key");
  }

  std::string host(const Cursor& place, std::string_view port) {
    if (auto mistake = host_mistake(place.text(), port))
      refuse(place.mistake(std::move(mistake->what), std::move(mistake->mend)));
    return std::string(place.text());
  }

  static Cursor secret_place(const Cursor& map, const std::string& key) {
    const auto direct = map.find(key);
    return direct ? *direct : *map.find(key + "-env");
  }

  // The value of `key`, or of the environment variable that `key`-env names.
  std::optional<std::string> secret(const Cursor& map, const std::string& key) {
    const auto direct = map.find(key), named = map.find(key + "-env");
    if (direct && named) {
      refuse(named->mistake_at_key(fmt::format("'{}' and '{}-env' say the same", key, key),
                                   "keep one of them"));
      return std::nullopt;
    }
    if (direct) return std::string(direct->text());
    if (!named) return std::nullopt;
    auto value = environment_(std::string(named->text()));
    if (!value)
      refuse(named->mistake(fmt::format("the environment variable {} is not set", named->written()),
                            "set it"));
    return value;
  }

  void read_ports(const Cursor& ports) {
    const auto port = [&](const char* key) -> std::optional<std::uint16_t> {
      const auto found = ports.find(key);
      if (!found) return std::nullopt;
      return found->json().to_number<std::uint16_t>();
    };
    profile_.rendezvous_port = port("rendezvous").value_or(kDefaultPort);
    profile_.nat_port = port("nat");
    profile_.relay_port = port("relay");
    profile_.websocket_port = port("websocket");
    profile_.relay_websocket_port = port("relay-websocket");
    if (!profile_.nat_port && profile_.rendezvous_port == 1)
      refuse(ports.mistake("no port is left below 1 for the NAT test", "say 'nat' as well"));
    if (!profile_.relay_port && profile_.rendezvous_port == 65535)
      refuse(ports.mistake("no port is left above 65535 for the relay", "say 'relay' as well"));
    const int relay =
        profile_.relay_port ? int{*profile_.relay_port} : profile_.rendezvous_port + 1;
    if (!profile_.websocket_port && profile_.rendezvous_port > 65533)
      refuse(
          ports.mistake("no port is left above 65535 for WebSockets", "say 'websocket' as well"));
    if (!profile_.relay_websocket_port && relay > 65533)
      refuse(ports.mistake("no port is left above 65535 for the relay's WebSockets",
                           "say 'relay-websocket' as well"));
  }

  void read_api(const Cursor& api) {
    std::string url(api.text());
    while (url.ends_with('/')) url.pop_back();
    if (!net::parse_http_url(url))
      refuse(api.mistake("'" + url + "' is no URL of an API that the suite can ask",
                         "write it as http://host:port or https://host:port"));
    profile_.api = std::move(url);
  }

  void read_api_ca(const Cursor& ca) {
    if (!profile_.api.starts_with("https://"))
      refuse(ca.mistake("certificates are for an API over HTTPS, and 'api' is none",
                        "write 'api' as https://host:port, or leave out 'api-ca'"));
    profile_.api_ca = ca.text();
  }

  void read_accounts(const Cursor& accounts) {
    for (const auto& one : accounts.children()) {
      Account account(std::string(one.find("user")->text()), secret(one, "password").value_or(""));
      if (const auto text = secret(one, "totp-secret")) {
        if (!is_base32(*text))
          refuse(secret_place(one, "totp-secret")
                     .mistake("this is no secret of a second factor",
                              "it is a text in base32, as authenticator apps take it"));
        account.totp_secret = *text;
      } else if (one.key() == "totp") {
        refuse(one.mistake_at_key("'totp' is the account with a second factor",
                                  "say 'totp-secret-env' as well"));
      }
      if (const auto address = one.find("address"))
        account.email = address->text();
      else if (one.key() == "email")
        refuse(one.mistake_at_key("'email' is the account that is sent a code by e-mail",
                                  "say its 'address' as well"));
      profile_.accounts[std::string(one.key())] = std::move(account);
    }
  }

  // Where mails are taken has to be known to the port: the server is told it.
  void read_mailbox(const Cursor& mailbox) {
    const std::string text(mailbox.text());
    const auto colon = text.rfind(':');
    std::uint16_t port = 0;
    if (colon != std::string::npos)
      std::from_chars(text.data() + colon + 1, text.data() + text.size(), port);
    std::string host = text.substr(0, colon == std::string::npos ? 0 : colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(host, error);
    if (error || port == 0)
      refuse(mailbox.mistake("'" + text + "' is no place at which mails could be taken",
                             "write an address of this machine and a port, as 127.0.0.1:2525"));
    else
      profile_.mailbox = net::Endpoint{address, port};
  }

  std::string from_a_slash(const Cursor& place) {
    if (!place.text().starts_with('/'))
      refuse(place.mistake("'" + place.written() + "' begins with no slash", "write it as /a/b"));
    return std::string(place.text());
  }

  void read_count(const Cursor& limits, const char* key, int& count) {
    if (const auto found = limits.find(key)) count = found->json().to_number<int>();
  }

  void read_time(const Cursor& limits, const char* key, net::Duration& time) {
    const auto found = limits.find(key);
    if (!found) return;
    const std::string& text = found->written();
    int amount = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
    const std::string unit(end, text.data() + text.size());
    const int seconds = unit == "s" || unit.empty() ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 0;
    if (error != std::errc() || amount <= 0 || amount > 86'400 || seconds == 0)
      refuse(found->mistake("'" + text + "' is no time", "write it as 61s or 2m"));
    else
      time = std::chrono::seconds(amount) * seconds;
  }

  void read_limits(const Cursor& limits) {
    auto& all = profile_.limits;
    read_count(limits, "registrations-per-address", all.registrations_per_address);
    read_time(limits, "address-pause", all.address_pause);
    read_count(limits, "registrations-per-id", all.registrations_per_id);
    read_time(limits, "id-pause", all.id_pause);
    read_count(limits, "ids-per-address", all.ids_per_address);
  }

  // The capabilities that a list names; globs are fine.
  std::set<std::string> named(const Cursor& list) {
    std::set<std::string> all;
    for (const auto& item : list.children()) {
      const auto found = capabilities_matching(registry_, item.text());
      if (found.empty())
        refuse(item.mistake(unknown_capability(registry_, std::string(item.text())),
                            "`deskcheck list` shows them"));
      all.insert(found.begin(), found.end());
    }
    return all;
  }

  void read_capabilities() {
    auto& claimed = profile_.claimed;
    if (const auto list = root_.find("capabilities")) {
      claimed = named(*list);
      profile_.without = optional_capabilities(registry_);
      for (const auto& one : claimed) profile_.without.erase(one);
    }
    if (const auto more = root_.find("with"))
      for (const auto& one : named(*more)) {
        claimed.insert(one);
        profile_.without.erase(one);
      }
    const auto without = root_.find("without");
    if (!without) return;
    for (const auto& one : named(*without)) {
      if (claimed.contains(one))
        refuse(without->mistake_at_key(fmt::format("'{}' is claimed as well", one),
                                       "a server has it or has it not"));
      profile_.without.insert(one);
    }
  }

  Cursor root_;
  std::filesystem::path folder_;
  const Registry& registry_;
  const Environment& environment_;
  TargetProfile profile_;
  Mistakes mistakes_;
};

net::Endpoint endpoint(const boost::asio::ip::address& address, int port) {
  return {address, static_cast<std::uint16_t>(port)};
}

boost::asio::ip::address resolve_host(const std::string& host) {
  const auto address = net::resolve(host);
  if (!address)
    throw UsageError(
        fmt::format("host {}: {}; give a name or an address that this machine can resolve", host,
                    address.error().message()));
  return *address;
}

}  // namespace

std::string_view target_schema() { return kSchema; }

boost::system::result<TargetProfile, Mistakes> parse_target(std::string_view text,
                                                            const std::string& name,
                                                            const Registry& registry,
                                                            const Environment& environment) {
  static const document::Schema schema(kSchema);
  const auto document = document::parse(text, name);
  if (!document) return Mistakes{document.error()};
  auto mistakes = schema.check(*document);
  if (!mistakes.empty()) return mistakes;
  auto folder = std::filesystem::path(name).parent_path();
  return Reader(document->root(), std::move(folder), registry, environment).read();
}

Target resolve_target(const TargetProfile& profile) {
  Target target;
  target.name = profile.name.empty() ? profile.host : profile.name;
  const auto address = resolve_host(profile.host);
  const auto relay_address =
      profile.relay_host.empty() ? address : resolve_host(profile.relay_host);
  target.rendezvous = endpoint(address, profile.rendezvous_port);
  target.nat = endpoint(address, profile.nat_port.value_or(profile.rendezvous_port - 1));
  target.relay = endpoint(relay_address, profile.relay_port.value_or(profile.rendezvous_port + 1));
  target.websocket = endpoint(address, profile.websocket_port.value_or(target.rendezvous.port + 2));
  target.relay_websocket =
      endpoint(relay_address, profile.relay_websocket_port.value_or(target.relay.port + 2));
  target.api = profile.api;
  target.api_certificates = profile.api_certificates;
  target.accounts = profile.accounts;
  target.control = profile.control;
  target.mailbox = profile.mailbox;
  target.script_token = profile.script_token;
  target.download = profile.download;
  target.key = profile.key;
  const std::string key_text = profile.key ? wire::to_text(*profile.key) : std::string();
  target.licence_key = profile.licence_key.value_or(key_text);
  target.relay_licence_key = profile.relay_licence_key;
  target.relay_servers = profile.relay_servers;
  target.without = profile.without;
  target.claimed = profile.claimed;
  target.limits = profile.limits;
  target.trusts_address_headers = profile.trusts_address_headers;
  return target;
}

TargetProfile profile_of(const Target& target) {
  TargetProfile profile;
  profile.name = target.name;
  profile.host = target.rendezvous.address.to_string();
  if (target.relay.address != target.rendezvous.address)
    profile.relay_host = target.relay.address.to_string();
  profile.rendezvous_port = target.rendezvous.port;
  profile.nat_port = target.nat.port;
  profile.relay_port = target.relay.port;
  profile.websocket_port = target.websocket.port;
  profile.relay_websocket_port = target.relay_websocket.port;
  profile.api = target.api;
  profile.api_certificates = target.api_certificates;
  profile.key = target.key;
  profile.download = target.download;
  profile.licence_key = target.licence_key;
  profile.relay_licence_key = target.relay_licence_key;
  profile.without = target.without;
  if (target.claimed) profile.claimed = *target.claimed;
  return profile;
}

std::optional<boost::asio::ip::network_v4> parse_source_network(const std::string& text) {
  boost::system::error_code error;
  const auto network = boost::asio::ip::make_network_v4(text, error);
  if (error || network.prefix_length() > 30) return std::nullopt;
  return network.canonical();
}

}  // namespace deskcheck::conformance
