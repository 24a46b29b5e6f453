// The roles come to life. Each kind of party has its own file; the player asks them to say things
// and to hear the next thing.
#pragma once

#include "client-sim/account/account.hpp"
#include "client-sim/agent/agent.hpp"
#include "client-sim/channel/datagram_channel.hpp"
#include "client-sim/channel/message_stream.hpp"
#include "client-sim/controller/controller.hpp"
#include "client-sim/device/device.hpp"
#include "client-sim/scenario/observations.pb.h"
#include "client-sim/scenario/play.hpp"

#include <memory>

namespace deskcheck::scenario {

using sim::Task;

// One thing that a party has seen.
struct Heard {
  enum class What { message, end, state, result };
  What what = What::message;
  std::string bytes;        // of a message
  Observation observation;  // state or result

  Heard() = default;
};

// The identity that a role has by itself.
struct Identity {
  std::string id, uuid;
  wire::KeyPair keys;
};

// What a party is made of.
struct Birth {
  const Role* role = nullptr;
  net::World world;
  Site site;
  net::Endpoint home;
  sim::Recorder recorder;
  Identity identity;
};

class Party {
 public:
  explicit Party(Birth birth) : birth_(std::move(birth)) {}
  virtual ~Party() = default;
  Party(const Party&) = delete;
  Party& operator=(const Party&) = delete;

  const Role& role() const { return *birth_.role; }
  const Identity& identity() const { return birth_.identity; }
  net::Endpoint home() const { return birth_.home; }
  virtual net::Endpoint address() const { return birth_.home; }

  // The next thing; of states the current one at once if it is the `first` look. timed_out.
  virtual Task<net::Result<Heard>> hear(bool first, net::Deadline deadline) = 0;
  // Ends whatever goes on by itself.
  virtual Task<void> end();

 protected:
  Birth birth_;
};

// Parties that say what they are told.
class Speaker : public Party {
 public:
  using Party::Party;
  // Ready to speak; errors of connecting.
  virtual Task<net::Result<void>> open(net::Deadline deadline) = 0;
  // A message of an envelope, or a payload. What cannot be sent is found out by whoever expects an
  // answer: the other side may have ended already, and may do so.
  virtual Task<void> send(sim::Protocol protocol, std::string bytes, net::Deadline deadline) = 0;
  virtual Task<void> send_raw(std::string bytes, net::Deadline deadline) = 0;
  // The next bytes of a connection without regard to frames: this many of them, or for 0 what
  // comes.
  virtual Task<net::Result<Heard>> hear_raw(std::size_t count, net::Deadline deadline) = 0;
  // What comes next belongs to this protocol.
  virtual void listen_for(sim::Protocol) {}
  virtual void drain() {}
  virtual void close(Step::Close how) = 0;
  // Goes on from there; port 0: any.
  virtual void move_to(net::Endpoint home) = 0;
};

std::unique_ptr<Speaker> make_udp_party(Birth birth);
std::unique_ptr<Speaker> make_tcp_party(Birth birth);

class DeviceParty final : public Party {
 public:
  explicit DeviceParty(Birth birth);
  net::Endpoint address() const override;
  Task<net::Result<Heard>> hear(bool first, net::Deadline deadline) override;
  Task<void> end() override;
  // Throws boost::system::system_error if it cannot bind.
  void start();
  bool started() const { return device_ != nullptr; }
  // Of one that is started: its user asks for another id, and reads how that went.
  Task<void> change_id(std::string id, net::Deadline deadline);

 private:
  Heard state() const;

  std::string id_failure_;
  std::unique_ptr<sim::Device> device_;  // while it runs
};

class ControllerParty final : public Party {
 public:
  explicit ControllerParty(Birth birth);
  ~ControllerParty() override;
  Task<net::Result<Heard>> hear(bool first, net::Deadline deadline) override;
  Task<void> end() override;
  // Goes on by itself; an earlier call has been ended with end().
  void call(std::string id, sim::ConnectOptions options);

 private:
  struct Call;
  std::unique_ptr<Call> call_;
};

// Somebody who does one thing after the other, and each to its end.
class AccountParty final : public Party {
 public:
  explicit AccountParty(Birth birth);
  Task<net::Result<Heard>> hear(bool first, net::Deadline deadline) override;
  sim::Account& account() { return account_; }
  // Of the last time that somebody was signed in.
  const std::string& last_token() const { return last_token_; }
  Task<void> log_in(std::string user, std::string password);
  Task<void> enter_code(std::string code);
  Task<void> add_peer(boost::json::object peer);

 private:
  Heard state() const;

  sim::Account account_;
  std::string last_token_, book_failure_;
};

class AgentParty final : public Party {
 public:
  explicit AgentParty(Birth birth);
  Task<net::Result<Heard>> hear(bool first, net::Deadline deadline) override;
  Task<void> end() override;
  void start();
  bool started() const { return started_; }
  sim::Agent& agent() { return agent_; }
  void end_sessions();

 private:
  Heard state() const;

  sim::Agent agent_;
  bool started_ = false;
};

}  // namespace deskcheck::scenario
