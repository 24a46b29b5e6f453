// The controlled side as it behaves by its own will: registers with the real client's timers,
// answers pushes over new connections, serves sessions. What must be scripted step by step (wrong
// messages, wrong order) is not here. UDP punching (udp_port, KCP) and IPv6 punching are not
// simulated: such pushes are answered as plain ones. Registration on a connection that is kept,
// over TCP or a WebSocket, is.
// client src/rendezvous_mediator.rs:160-741, src/server.rs:170-340.
#pragma once

#include "client-sim/channel/datagram_channel.hpp"
#include "client-sim/device/changes.hpp"
#include "client-sim/device/options.hpp"
#include "client-sim/device/registration.hpp"
#include "client-sim/device/serve.hpp"
#include "client-sim/session/handshake.hpp"
#include "proto/net/task_group.hpp"

#include <list>
#include <memory>
#include <optional>

namespace deskcheck::sim {

// Lets a push through unless the same requester sent the last one less than 100 ms ago. The one
// that is held back counts as the last one, too. client src/rendezvous_mediator.rs:490-497,
// 565-572.
class DuplicateFilter {
 public:
  bool passes(const net::Endpoint& requester, net::Time now);

 private:
  struct Push {
    net::Endpoint requester;
    net::Time at;
  };
  std::optional<Push> last_;
};

class Device {
 public:
  struct Counters {
    int register_peer = 0;  // sent
    int register_pk = 0;
    int pushes = 0;  // received, duplicates included
    int duplicates = 0;
    int connections = 0;  // of its registration, made
    int heartbeats = 0;   // echoed
  };

  Device(net::World world, DeviceOptions options, Recorder recorder);
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;
  ~Device();  // stop() must have ended

  // Begins to register. Over UDP it binds its socket, and throws boost::system::system_error if it
  // cannot.
  void start();
  // Ends everything, sessions included; nothing of the device is left when it returns.
  Task<void> stop();

  // Its user gives it another id. What the user reads then; empty: it has that id, and is
  // registered under it when it is due the next time, within 15 s. Sessions go on. Whoever calls it
  // ends before stop(). A wait that would last beyond `deadline` ends there.
  Task<std::string> change_id(std::string id, net::Deadline deadline);

  // --- what a test may look at
  // ----------------------------------------------------------------------
  const std::string& id() const { return registration_.id(); }
  bool key_confirmed() const { return registration_.key_confirmed(); }
  Presence presence() const { return registration_.presence(); }
  const Registration& registration() const { return registration_; }
  const Counters& counters() const { return counters_; }
  // Oldest first, ended ones included. References stay valid as long as the device.
  const std::list<SessionRecord>& sessions() const { return sessions_; }
  net::Endpoint local() const { return channel_->local(); }  // its UDP socket, if it has one

  // The server has confirmed the key and answers; timed_out. Nobody may wait during stop().
  Task<net::Result<void>> registered(net::Deadline deadline);
  // Something above has changed.
  Task<net::Result<void>> changed(net::Deadline deadline);

 private:
  // What it takes to meet a controller at a relay.
  struct RelayCall {
    std::string requester;  // mangled, as the server sent it
    std::string relay_server;
    std::string uuid;
    bool secure = true;
    bool by_device = true;  // this side chose relay and uuid

    RelayCall() = default;
  };

  // Over datagrams.
  Task<void> run();
  void bind();
  void send(Registration::Message message);
  void count(const hbb::RendezvousMessage& sent);
  // On one connection after another.
  Task<void> run_connected();
  Task<void> keep_connection();
  // Why the connection ended.
  Task<std::string> stay_registered(MessageStream& server);
  Task<net::Result<void>> send_on(MessageStream& server, Registration::Message message);

  // What there is to answer, on the same path.
  Registration::Message handle(const hbb::RendezvousMessage& message);
  bool is_new(DuplicateFilter& filter, const std::string& requester);

  Task<void> on_punch_hole(hbb::PunchHole push);
  Task<void> on_fetch_local_addr(hbb::FetchLocalAddr push);
  Task<void> on_request_relay(hbb::RequestRelay push);
  Task<void> punch(hbb::PunchHole push);
  Task<bool> offer_local_address(hbb::FetchLocalAddr push);
  Task<void> start_relay(std::string requester, std::string proposed_relay);
  Task<void> meet_at_relay(RelayCall call);
  Task<void> accept_on(net::Endpoint local, Route route);
  Task<void> serve(MessageStream stream, bool secure, Route route);

  bool only_by_relay() const;
  Task<net::Result<MessageStream>> connect_to_server();
  std::string relay_choice(const std::string& proposed) const;
  std::string mangled(const net::Endpoint& endpoint) const;
  net::Deadline connect_limit() const { return net::in(world_.clock, kConnectTimeout); }

  net::World world_;
  DeviceOptions options_;
  Recorder recorder_;
  net::Random random_;
  std::string salt_;
  Registration registration_;
  std::optional<DatagramChannel> channel_;
  DuplicateFilter punches_;  // also local address requests
  DuplicateFilter relays_;
  std::list<SessionRecord> sessions_;
  Counters counters_;
  Changes changes_;
  net::TaskGroup tasks_;
};

}  // namespace deskcheck::sim
