// The logic of a rendezvous server: what it knows of its devices, and what each message makes it
// do. Sans-IO: no sockets, no clock, no bytes; the shell brings messages and carries out the
// actions. One file per exchange: register_peer.cpp, register_pk.cpp, punch_hole.cpp,
// device_answers.cpp, relay_request.cpp, queries.cpp, configuration.cpp, change_id.cpp,
// accounts.cpp, tunnel.cpp; the operator's commands: console.cpp. What a connection is made of
// (frames or WebSocket messages, KeyExchange, heartbeats) is the shell's; the logic only hears
// whether it is secured.
#pragma once

#include "reference-server/api/api.hpp"
#include "reference-server/rendezvous/address_changes.hpp"
#include "reference-server/rendezvous/devices.hpp"
#include "reference-server/rendezvous/origin.hpp"
#include "reference-server/rendezvous/punch_records.hpp"
#include "reference-server/rendezvous/relays.hpp"
#include "reference-server/rendezvous/signed_keys.hpp"
#include "reference-server/rendezvous/waiting.hpp"
#include "reference-server/rendezvous/words.hpp"

#include <unordered_set>

namespace deskcheck::server {

class Rendezvous {
 public:
  // All of them outlive the logic. `random` is for the secrets of the API. Throws
  // identity::AccountError.
  Rendezvous(const Options& options, PeerStore& store, ApiStore& api_store, net::Random random);
  Rendezvous(const Rendezvous&) = delete;
  Rendezvous& operator=(const Rendezvous&) = delete;

  // Messages that the server does not serve on this transport: silence over UDP, the end of the
  // connection over TCP (rendezvous.md section 2).
  Actions on(const hbb::RendezvousMessage& message, const Origin& from, net::Time now);
  // What is registered in between is stored by the time commit() returns, all at once: no answer
  // may leave before. False: it is not; whoever was answered RegisterPkResponse OK is not
  // registered.
  void begin() { devices_.begin(); }
  bool commit() { return devices_.commit(); }
  // Bytes that are no message.
  Actions on_unparsable(const Origin& from) const;
  // The connection has gone: nothing can be answered on it any more.
  void closed(ConnectionId connection);
  // What the operator's console prints at `command`: rendezvous.md section 6.1. Who may ask is
  // decided by whoever carries the command.
  std::string command(std::string_view command, net::Time now);
  Relays& relays() { return relays_; }
  // The same for the tunnel and for an HTTP port.
  api::Api& api() { return api_; }

 private:
  Actions on_udp(const hbb::RendezvousMessage& message, const Origin& from, net::Time now);
  Actions on_tcp(const hbb::RendezvousMessage& message, const Origin& from, net::Time now);
  Actions on_tcp_nat(const hbb::RendezvousMessage& message, const Origin& from, net::Time now);

  Actions on(const hbb::RegisterPeer& request, const Origin& from, net::Time now);
  Actions on(const hbb::RegisterPk& request, const Origin& from, net::Time now);
  Actions on(const hbb::PunchHoleRequest& request, const Origin& from, net::Time now);
  Actions on(const hbb::PunchHoleSent& answer, const Origin& from, net::Time now);
  Actions on(const hbb::LocalAddr& answer, const Origin& from, net::Time now);
  Actions on(const hbb::RequestRelay& request, const Origin& from, net::Time now);
  Actions on(const hbb::RelayResponse& answer, const Origin& from);
  Actions on(const hbb::ConfigUpdate& update, const Origin& from);
  Actions on(const hbb::SoftwareUpdate& question, const Origin& from) const;
  Actions on(const hbb::TestNatRequest& request, const Origin& from) const;
  Actions on(const hbb::OnlineRequest& request, const Origin& from, net::Time now);
  Actions on(const hbb::HealthCheck& request, const Origin& from, net::Time now);
  Actions on(const hbb::HttpProxyRequest& request, const Origin& from, net::Time now);
  Actions on_register_pk_over_tcp(const hbb::RegisterPk& request, const Origin& from,
                                  net::Time now);

  bool as_open_source() const { return options_.profile == Profile::oss; }
  Actions dispatch(const hbb::RendezvousMessage& message, const Origin& from, net::Time now);
  // Whether this server knows what such a message wants on this transport (Options::without).
  bool offers(const hbb::RendezvousMessage& message, Transport over) const;
  // A configuration to push to a client that has this one.
  bool has_newer_than(std::int32_t serial) const {
    return options_.abilities.config_push && serial_ > serial && !wrong_.never_pushes_config;
  }
  // The open-source server writes one answer per connection, whatever was asked on it.
  Actions only_first_answers(Actions actions);
  std::string show_relays(Words arguments);
  std::string show_addresses(Words arguments, net::Time now);
  std::string show_changes(Words arguments, net::Time now);
  std::string show_punches(Words arguments);
  std::string switch_relay(Words arguments);
  std::string show_next_relay(Words arguments);

  // A connection that the device has left is cut.
  hbb::RegisterPkResponse::Result register_device(const hbb::RegisterPk& request,
                                                  const Origin& from, net::Time now,
                                                  Actions& actions);
  Actions change_id(const hbb::RegisterPk& request, const Origin& from, net::Time now);
  hbb::RegisterPkResponse::Result renamed(const hbb::RegisterPk& request, const Origin& from,
                                          net::Time now);
  Actions exchange(const hbb::HttpProxyRequest& request, const Origin& from, net::Time now);
  // What becomes of a response of the API; `request` has `asked` bytes of body.
  hbb::HttpProxyResponse tunnelled(api::Response response, bool head, std::size_t asked) const;
  Actions answer_tunnel(const Origin& from, hbb::HttpProxyResponse response) const;
  // Whether a controller with this token is served; remembers that its connection is signed in.
  bool may_ask(const std::string& token, const Origin& from, net::Time now);
  // The same, or the device has let it in to switch sides.
  template <class Request>
  bool is_let_in(const Request& request, api::SwitchGrants::Request kind, const Origin& from,
                 net::Time now) {
    return may_ask(request.token(), from, now) ||
           api_.switch_grants().passes(request.id(), request.switch_code(), kind, from.connection,
                                       now);
  }
  // What the controller on this connection is told.
  std::int32_t feedback(ConnectionId requester) const;
  // A device that was never registered.
  bool may_register(const std::string& id) const;
  api::DeployResult deploy(const api::Deployment& deployment);
  // For the API: nothing for an id that was never registered.
  boost::system::result<std::optional<std::string>> registered_uuid(const std::string& id);
  boost::system::result<std::optional<std::string>> registered_key(const std::string& id);
  // To the device: on its connection, or as a datagram.
  Action to_device(const Device& device, hbb::RendezvousMessage message) const;
  hbb::RegisterPkResponse::Result judge(const Device& known, const hbb::RegisterPk& request,
                                        const std::string& address) const;
  bool licensed(const hbb::PunchHoleRequest& request) const;
  std::optional<hbb::PunchHoleResponse::Failure> judge(const hbb::PunchHoleRequest& request,
                                                       const Device* device, net::Time now) const;
  bool relay_forced(const Device& device, const hbb::PunchHoleRequest& request,
                    const Origin& from) const;
  // In the operator's own network.
  bool inside(const net::Endpoint& endpoint) const;
  // The port from which the requester punches; 0: it does not, or must not.
  std::int32_t udp_port(const hbb::PunchHoleRequest& request, bool forced) const;
  // The operator's rules for what a controller may do, in a push to a device.
  template <class Push>
  void tell_rules(Push& push) const;
  // Whether requesters get the device's address of IPv6.
  bool tells_v6() const;
  std::string proposed_relay(const Device& device, bool forced);
  bool same_lan(const Device& device, const hbb::PunchHoleRequest& request,
                const Origin& from) const;
  hbb::RendezvousMessage path_question(const Device& device, const hbb::PunchHoleRequest& request,
                                       const Origin& from, net::Time now);
  Action early_answer(const Device& device, const Origin& from, net::Time now) const;
  // Carries a device's answer to the controller that waits for it; the device's connection ends.
  Actions deliver(ConnectionId to, hbb::RendezvousMessage message, const Origin& from) const;
  hbb::ConfigUpdate config_update() const;
  bool has_dot(const Device* device, net::Time now) const;  // green in device lists
  std::string address_bytes(const net::Endpoint& endpoint, net::Time now) const;
  std::string requester_bytes(const Origin& from, net::Time now) const;
  // The signed identity of a device that reported `version`; empty without any of the three.
  std::string signed_key(const std::string& id, const std::string& version);

  const Options& options_;
  const WrongPolicies& wrong_;
  Devices devices_;
  SignedKeys signed_keys_;
  AddressLimits address_limits_;
  Waiting waiting_;
  Relays relays_;
  std::unordered_set<ConnectionId> answered_;  // with the profile of the open-source server
  bool always_use_relay_;
  std::int32_t serial_;
  std::vector<std::string> rendezvous_servers_;
  bool console_stopped_ = false;  // a fault
  PunchRecords punches_;
  AddressChanges address_changes_;
  std::unordered_set<ConnectionId> signed_in_;  // of controllers
  api::Api api_;
};

constexpr std::size_t kShortestId = 6;  // bytes

template <class Push>
void Rendezvous::tell_rules(Push& push) const {
  if (options_.profile == Profile::oss || wrong_.control_permissions_lost) return;
  // Whoever asks must not make the rules.
  push.clear_control_permissions();
  push.clear_controlled_context();
  if (options_.control_permissions)
    push.mutable_control_permissions()->set_permissions(*options_.control_permissions);
  if (!options_.audit_reference.empty())
    push.mutable_controlled_context()->set_conn_audit_ref(options_.audit_reference);
}

// Silence over UDP; over TCP the end of the connection.
Actions close(const Origin& from);
// An answer to where the message came from.
Action reply(const Origin& from, hbb::RendezvousMessage message);

}  // namespace deskcheck::server
