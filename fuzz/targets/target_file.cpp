// Target files: any bytes become a profile that can be used, or mistakes; a profile written as a
// file is the same profile.
#include "conformance/target/target_file.hpp"
#include "conformance/target/capabilities.hpp"
#include "fuzz/engine/target.hpp"
#include "fuzz/targets/files.hpp"

#include <boost/json/value.hpp>

namespace deskcheck::fuzz {

namespace {

using conformance::TargetProfile;
namespace json = boost::json;

const conformance::Registry& registry() {
  static const auto kBuiltIn = conformance::Registry::built_in();
  return kBuiltIn;
}

auto parse_file(std::string_view text) {
  return conformance::parse_target(text, kFileName, registry(), [](const std::string& name) {
    return name == "SERVER_KEY" ? std::optional<std::string>("text of a key") : std::nullopt;
  });
}

void check_usable(const TargetProfile& profile) {
  require(!profile.host.empty(), "a target has a host");
  require(profile.rendezvous_port != 0 && profile.nat_port.value_or(1) != 0 &&
              profile.relay_port.value_or(1) != 0 && profile.websocket_port.value_or(1) != 0 &&
              profile.relay_websocket_port.value_or(1) != 0,
          "no port is 0");
  require(profile.nat_port || profile.rendezvous_port > 1,
          "there is a port below P for the NAT test");
  require(profile.relay_port || profile.rendezvous_port < 65535,
          "there is a port above P for the relay");
  require(profile.websocket_port || profile.rendezvous_port < 65534,
          "there is a port above P for WebSockets");
  require(profile.relay_websocket_port || profile.relay_port.value_or(1) < 65534,
          "there is a port above Q for WebSockets");
  const auto& limits = profile.limits;
  require(limits.registrations_per_address > 0 && limits.registrations_per_id > 0 &&
              limits.ids_per_address > 0,
          "limits are above 0");
  require(limits.address_pause > net::Duration::zero() && limits.id_pause > net::Duration::zero(),
          "pauses take time");
  for (const auto& capability : profile.without)
    require(!conformance::capabilities_matching(registry(), capability).empty(),
            "only known capabilities are left out");
  for (const auto& capability : profile.claimed)
    require(!profile.without.contains(capability), "nobody claims what he is without");
  if (profile.sources)
    require(
        profile.sources->prefix_length() <= 30 && *profile.sources == profile.sources->canonical(),
        "sources are a network with room");
}

json::string seconds(net::Duration time) {
  return json::string(std::to_string(time / std::chrono::seconds(1)) + "s");
}

template <class List>
json::array list(const List& items) {
  json::array array;
  for (const auto& item : items) array.emplace_back(item);
  return array;
}

// Planted: of ports above 40000 the last digit gets lost.
json::object ports_of(const TargetProfile& profile) {
  const bool high = profile.rendezvous_port > 40000;
  json::object ports{{"rendezvous", profile.rendezvous_port / (planted() && high ? 10 : 1)}};
  if (profile.nat_port) ports["nat"] = *profile.nat_port;
  if (profile.relay_port) ports["relay"] = *profile.relay_port;
  if (profile.websocket_port) ports["websocket"] = *profile.websocket_port;
  if (profile.relay_websocket_port) ports["relay-websocket"] = *profile.relay_websocket_port;
  return ports;
}

std::string as_file(const TargetProfile& profile) {
  json::object target{{"host", profile.host}};
  if (!profile.name.empty()) target["name"] = profile.name;
  if (!profile.relay_host.empty()) target["relay-host"] = profile.relay_host;
  if (profile.key) target["key"] = wire::to_text(*profile.key);
  if (profile.licence_key) target["licence-key"] = *profile.licence_key;
  if (profile.relay_licence_key) target["relay-licence-key"] = *profile.relay_licence_key;
  const auto& limits = profile.limits;
  json::object file{{"target", target},
                    {"ports", ports_of(profile)},
                    {"with", list(profile.claimed)},
                    {"without", list(profile.without)},
                    {"limits",
                     {{"registrations-per-address", limits.registrations_per_address},
                      {"address-pause", seconds(limits.address_pause)},
                      {"registrations-per-id", limits.registrations_per_id},
                      {"id-pause", seconds(limits.id_pause)},
                      {"ids-per-address", limits.ids_per_address}}}};
  if (profile.trusts_address_headers)
    file["trusts-address-headers"] = *profile.trusts_address_headers;
  if (!profile.api.empty()) file["api"] = profile.api;
  if (profile.relay_servers) file["relay-servers"] = list(*profile.relay_servers);
  if (profile.sources) file["source-addresses"] = profile.sources->to_string();
  if (!profile.baseline.empty()) file["baseline"] = profile.baseline;
  return as_yaml(file);
}

// The version is left out: it is kept as it was written.
void check_same(const TargetProfile& a, const TargetProfile& b) {
  require(a.name == b.name && a.host == b.host && a.relay_host == b.relay_host, "names are kept");
  require(a.rendezvous_port == b.rendezvous_port && a.nat_port == b.nat_port &&
              a.relay_port == b.relay_port && a.websocket_port == b.websocket_port &&
              a.relay_websocket_port == b.relay_websocket_port && a.api == b.api,
          "ports are kept");
  require(a.key == b.key && a.licence_key == b.licence_key &&
              a.relay_licence_key == b.relay_licence_key,
          "keys are kept");
  require(a.relay_servers == b.relay_servers && a.without == b.without && a.claimed == b.claimed &&
              a.trusts_address_headers == b.trusts_address_headers,
          "lists are kept");
  require(a.limits.registrations_per_address == b.limits.registrations_per_address &&
              a.limits.registrations_per_id == b.limits.registrations_per_id &&
              a.limits.ids_per_address == b.limits.ids_per_address,
          "counts are kept");
  require(
      a.limits.address_pause == b.limits.address_pause && a.limits.id_pause == b.limits.id_pause,
      "times are kept");
  require(a.sources == b.sources && a.baseline == b.baseline, "networks and files are kept");
}

}  // namespace

std::unique_ptr<google::protobuf::Message> new_input() { return nullptr; }

void one_input(std::string_view input) {
  const auto profile = parse_file(input);
  if (!profile) return check_mistakes(profile.error(), without_mark(input));
  check_usable(*profile);
  const auto again = parse_file(as_file(*profile));
  require(again.has_value(), "a profile written as a file is accepted");
  check_same(*profile, *again);
}

}  // namespace deskcheck::fuzz
