// PunchHoleRequest: a controller asks for the way to a device. The server either refuses at once or
// pushes the question to the device and stays silent. rendezvous.md sections 3.8 and 3.9.
#include "reference-server/rendezvous/rendezvous.hpp"

namespace deskcheck::server {

namespace {

using Response = hbb::PunchHoleResponse;

// A failure is an answer without socket_addr; its default number means "unknown id".
Action refuse(const Origin& from, Response::Failure failure, const std::string& address) {
  hbb::RendezvousMessage message;
  message.mutable_punch_hole_response()->set_failure(failure);
  message.mutable_punch_hole_response()->set_socket_addr(address);
  return reply(from, std::move(message));
}

Action refuse(const Origin& from, const char* reason) {
  hbb::RendezvousMessage message;
  message.mutable_punch_hole_response()->set_other_failure(reason);
  return reply(from, std::move(message));
}

}  // namespace

bool Rendezvous::licensed(const hbb::PunchHoleRequest& request) const {
  return options_.licence_key.empty() || options_.licence_key == request.licence_key() ||
         wrong_.no_licence_check;
}

std::optional<Response::Failure> Rendezvous::judge(const hbb::PunchHoleRequest& request,
                                                   const Device* device, net::Time now) const {
  const bool unknown = !device || (wrong_.database_only_is_unknown && !device->registered);
  if (unknown && wrong_.lookup_before_licence) return Response::ID_NOT_EXIST;
  if (!licensed(request)) return Response::LICENSE_MISMATCH;
  if (unknown) return Response::ID_NOT_EXIST;
  if (!devices_.online(device, now))
    return wrong_.offline_is_unknown ? Response::ID_NOT_EXIST : Response::OFFLINE;
  return std::nullopt;
}

// The connection stays open whatever the answer is: the same request may come again on it.
Actions Rendezvous::on(const hbb::PunchHoleRequest& request, const Origin& from, net::Time now) {
  Actions actions;
  if (wrong_.refuses_unknown_nat_type && !hbb::NatType_IsValid(request.nat_type())) return actions;
  if (licensed(request) && !is_let_in(request, api::SwitchGrants::Request::path, from, now)) {
    // A text after which a client does not try again by itself.
    actions.push_back(refuse(from, wrong_.refused_login_looks_offline
                                       ? "Remote desktop is offline"
                                       : "Connections without an account are not allowed"));
    return actions;
  }
  const auto found = devices_.find(request.id());
  if (!found && licensed(request)) {
    actions.push_back(refuse(from, "The server cannot read its storage"));
    return actions;
  }
  const Device* device = found ? *found : nullptr;
  if (auto failure = judge(request, device, now)) {
    const auto address = wrong_.failure_has_address ? address_bytes(from.peer, now) : std::string();
    actions.push_back(refuse(from, *failure, address));
    if (!wrong_.forwards_refused_request || !device || !device->registered) return actions;
  }
  punches_.add(from.peer.address, std::string(device->record.id()), device->at.address(), now);
  auto question = path_question(*device, request, from, now);
  if (question.ByteSizeLong() > kLongestDatagram) {
    actions.push_back(refuse(from, "The request is too long"));
    return actions;
  }
  const bool first = waiting_.add(from.connection, from.peer, Question::path, device->record.id(),
                                  question.punch_hole().udp_port() != 0);
  if (!first && wrong_.repeats_not_forwarded) return actions;
  actions.push_back(to_device(*device, std::move(question)));
  if (wrong_.pushes_twice) actions.push_back(actions.back());
  if (wrong_.answers_before_device) actions.push_back(early_answer(*device, from, now));
  return actions;
}

bool Rendezvous::inside(const net::Endpoint& endpoint) const {
  if (!options_.lan || !endpoint.address.is_v4()) return false;
  const boost::asio::ip::network_v4 host(endpoint.address.to_v4(), 32);
  return options_.lan->is_host() ? host == *options_.lan : host.is_subnet_of(*options_.lan);
}

// Between inside and outside of the operator's network nothing but a relay works.
bool Rendezvous::relay_forced(const Device& device, const hbb::PunchHoleRequest& request,
                              const Origin& from) const {
  const bool asked =
      request.force_relay() && options_.profile == Profile::full && !wrong_.force_relay_lost;
  const bool always = always_use_relay_ && !wrong_.ignores_always_use_relay;
  const bool between = inside(device.at) != inside(from.peer);
  return asked || always || (between && !wrong_.no_relay_between_inside_and_outside);
}

// A device inside reaches the relay at its inner address only.
std::string Rendezvous::proposed_relay(const Device& device, bool forced) {
  std::string next = relays_.next();
  return forced && inside(device.at) ? options_.lan_relay : next;
}

std::int32_t Rendezvous::udp_port(const hbb::PunchHoleRequest& request, bool forced) const {
  const auto port = request.udp_port();
  const bool passed = options_.profile == Profile::full && options_.abilities.udp_punch;
  if (!passed || forced || wrong_.udp_port_lost) return 0;
  return port > 0 && port < 65536 ? port : 0;
}

// Two parties with one address, as seen from here, stand behind one router: the device is asked for
// its address in there. A forced relay needs PunchHole, because FetchLocalAddr cannot express it.
bool Rendezvous::same_lan(const Device& device, const hbb::PunchHoleRequest& request,
                          const Origin& from) const {
  if (from.transport == Transport::websocket && !wrong_.same_lan_over_websocket) return false;
  const bool one_address = device.at.address() == from.peer.address;
  const bool both_inside = inside(device.at) && inside(from.peer);
  if (wrong_.never_same_lan || !(one_address || both_inside)) return false;
  return !relay_forced(device, request, from) || wrong_.lan_ignores_forced_relay ||
         options_.profile == Profile::oss;
}

hbb::RendezvousMessage Rendezvous::path_question(const Device& device,
                                                 const hbb::PunchHoleRequest& request,
                                                 const Origin& from, net::Time now) {
  hbb::RendezvousMessage message;
  const std::string requester = requester_bytes(from, now);
  const bool forced = relay_forced(device, request, from);
  const std::string relay = proposed_relay(device, forced);
  const bool full = options_.profile == Profile::full;
  const bool v6 = full && options_.abilities.ipv6_punch && !wrong_.socket_addr_v6_lost;
  if (same_lan(device, request, from)) {
    auto& question = *message.mutable_fetch_local_addr();
    question.set_socket_addr(requester);
    question.set_relay_server(relay);
    if (v6) question.set_socket_addr_v6(request.socket_addr_v6());
    tell_rules(question);
    return message;
  }
  auto& question = *message.mutable_punch_hole();
  question.set_socket_addr(requester);
  question.set_relay_server(relay);
  if (v6) question.set_socket_addr_v6(request.socket_addr_v6());
  if (full && !wrong_.force_relay_lost) question.set_force_relay(request.force_relay());
  question.set_udp_port(udp_port(request, forced));
  tell_rules(question);
  // SYMMETRIC makes every device start a relay, also those that do not know force_relay.
  if (forced)
    question.set_nat_type(hbb::SYMMETRIC);
  else if (!wrong_.nat_type_lost)
    question.set_nat_type(request.nat_type());
  return message;
}

Action Rendezvous::early_answer(const Device& device, const Origin& from, net::Time now) const {
  hbb::RendezvousMessage message;
  message.mutable_punch_hole_response()->set_socket_addr(address_bytes(device.at, now));
  return reply(from, std::move(message));
}

std::string Rendezvous::requester_bytes(const Origin& from, net::Time now) const {
  if (wrong_.requester_port_lost) return address_bytes({from.peer.address, 0}, now);
  return address_bytes(from.peer, now);
}

}  // namespace deskcheck::server
