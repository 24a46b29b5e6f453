#include "conformance/doctor/caller.hpp"

#include <algorithm>

namespace deskcheck::doctor {

namespace ip = boost::asio::ip;

namespace {

net::Endpoint at(const ip::address& address, int port) {
  return {address, static_cast<std::uint16_t>(port)};
}

}  // namespace

net::Endpoint Caller::home(const net::Endpoint& to) const {
  if (!patient.home.is_unspecified() && patient.home.is_v4() == to.address.is_v4())
    return {patient.home, 0};
  if (to.address.is_v4()) return {ip::address_v4::any(), 0};
  return {ip::address_v6::any(), 0};
}

ip::address chosen(const std::vector<ip::address>& addresses) {
  const auto v4 = std::ranges::find_if(addresses, [](const auto& a) { return a.is_v4(); });
  return v4 != addresses.end() ? *v4 : addresses.front();
}

void place_ports(Caller& caller, const ip::address& address) {
  const auto& profile = caller.patient.profile;
  caller.rendezvous = at(address, profile.rendezvous_port);
  caller.nat = at(address, profile.nat_port.value_or(profile.rendezvous_port - 1));
  caller.websocket = at(address, profile.websocket_port.value_or(profile.rendezvous_port + 2));
  caller.relay = at(address, profile.relay_port.value_or(profile.rendezvous_port + 1));
  caller.relay_websocket =
      at(address, profile.relay_websocket_port.value_or(caller.relay.port + 2));
}

Task<void> place_relay(Caller& caller) {
  const auto& host = caller.patient.profile.relay_host;
  if (host.empty()) co_return;
  std::string name = host;
  auto found = co_await caller.patient.look_up(std::move(name), caller.patience());
  if (!found || found->empty()) co_return;
  caller.relay.address = caller.relay_websocket.address = found->front();
}

std::string api_url(const Caller& caller) {
  const auto& profile = caller.patient.profile;
  if (!profile.api.empty()) return profile.api;
  net::HttpPlace place;
  place.host = profile.host;
  place.port = static_cast<std::uint16_t>(profile.rendezvous_port - 2);
  return "http://" + net::authority(place);
}

Task<std::optional<sim::ApiAccess>> api_access(Caller& caller) {
  const auto url = api_url(caller);
  const auto place = net::parse_http_url(url);
  if (!place) co_return std::nullopt;
  auto found = co_await caller.patient.look_up(place->host, caller.patience());
  if (!found || found->empty()) co_return std::nullopt;
  const auto address = chosen(*found);
  sim::ApiAccess access;
  access.id = caller.patient.identity.id;
  access.uuid = caller.patient.identity.uuid;
  access.api = *sim::ApiServer::at(url, address);
  access.api.trust = caller.patient.trust;
  access.home = caller.home({address, place->port});
  access.key = caller.patient.key;
  co_return access;
}

bool is_page(const sim::HttpAnswer& answer) {
  const auto begin = answer.body.find_first_not_of(" \t\r\n");
  return answer.header("content-type").starts_with("text/html") ||
         (begin != std::string::npos && answer.body[begin] == '<');
}

}  // namespace deskcheck::doctor
