// When a device says what to its rendezvous server, without sockets and without waiting: the owner
// calls tick() every second and on() for every answer, and sends what they return. Over UDP it is a
// cycle of questions; on a connection that is kept it registers until it is accepted, and answers
// heartbeats. client src/rendezvous_mediator.rs:209-474, 743-818.
#pragma once

#include "proto/net/random.hpp"
#include "proto/net/time.hpp"
#include "proto/schema/rendezvous.pb.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace deskcheck::sim {

// How often a device looks whether something is due. client src/common.rs:63.
inline constexpr net::Duration kTick = std::chrono::seconds(1);

enum class Presence { online, connecting, offline };  // as the user sees it

class Registration {
 public:
  struct Identity {
    std::string id;
    std::string uuid;
    std::string pk;
    std::int32_t serial = 3;
    bool key_confirmed = false;
    bool keeps_id = false;  // whatever the server says

    Identity() = default;
  };
  // `start`: the time of the first tick.
  Registration(Identity identity, net::Random random, net::Time start);

  using Message = std::optional<hbb::RendezvousMessage>;
  // Once per second, with the nominal time of the tick, so that both worlds count alike.
  Message tick(net::Time now);

  // --- on a connection that is kept ---
  void on_connected(net::Time now);
  void on_disconnected() { presence_ = Presence::connecting; }
  // Once per second, as tick().
  Message tick_connected(net::Time now);
  // Anything came, a heartbeat or a message.
  void on_heard(net::Time now) { heard_ = now; }
  // Nothing has been heard for so long that the device gives the connection up.
  bool is_dead(net::Time now) const { return now - heard_ > keep_alive_ * 3 / 2; }
  net::Duration keep_alive() const { return keep_alive_; }

  // True once after 60 s without any answer: the owner takes a new socket before it sends.
  bool wants_new_socket() { return std::exchange(wants_new_socket_, false); }

  Message on(const hbb::RegisterPeerResponse& answer, net::Time now);
  Message on(const hbb::RegisterPkResponse& answer, net::Time now);
  void on(const hbb::ConfigUpdate& update);
  // A controller could not verify this device's key: it will be registered again.
  // client src/server.rs:240-242.
  void on_refused_key() { key_confirmed_ = false; }
  // Its user has given it another id: it is registered under that when it is due the next time.
  // client src/ipc.rs:957-960.
  void on_new_id(std::string id) {
    identity_.id = std::move(id);
    key_confirmed_ = false;
  }

  const std::string& id() const { return identity_.id; }
  bool key_confirmed() const { return key_confirmed_; }
  bool needs_deploy() const { return needs_deploy_; }
  Presence presence() const { return presence_; }
  std::int32_t serial() const { return identity_.serial; }
  // The list that the server pushed; a device with a configured server only stores it.
  // client libs/hbb_common src/config.rs:933-958.
  const std::vector<std::string>& pushed_servers() const { return pushed_servers_; }

 private:
  void alive(net::Time now);
  void missed(net::Time now);
  Message register_pk(net::Time now);
  // As an answer.
  Message register_at_once(net::Time now);

  Identity identity_;
  net::Random random_;
  bool key_confirmed_;
  bool needs_deploy_ = false;
  bool wants_new_socket_ = false;
  Presence presence_ = Presence::connecting;
  std::vector<std::string> pushed_servers_;
  int fails_ = 0;
  int at_once_ = 0;  // since the last tick
  std::optional<net::Time> last_answer_;
  std::optional<net::Time> asked_;  // by a tick, and not answered yet
  std::optional<net::Time> asked_undeployed_;
  net::Time name_looked_up_;
  net::Duration keep_alive_{};
  net::Time heard_{};
  std::optional<net::Time> registered_;  // when it last asked to be, on this connection
};

}  // namespace deskcheck::sim
