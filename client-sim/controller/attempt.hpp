// Internal to the controller: one attempt to reach one device, from the first connection to the
// session. Lives in the frame of Controller::connect.
#pragma once

#include "client-sim/controller/controller.hpp"
#include "client-sim/session/handshake.hpp"

namespace deskcheck::sim {

class Attempt {
 public:
  Attempt(net::World world, ControllerOptions controller, Recorder recorder, net::Random random,
          std::string id, ConnectOptions options, net::Deadline deadline);

  Task<ConnectResult> run();

 private:
  // A step ends with nothing, or with the text of the failure.
  using Failure = std::optional<std::string>;

  Task<Failure> steps();
  // The answer that counts goes to `punched_` or `relay_`; neither: nobody answered.
  Task<Failure> punch(MessageStream& server);
  Task<Failure> connect_directly();
  Task<Failure> ask_for_relay();
  Task<Failure> meet_at_relay(std::string uuid, std::string relay_server);
  Task<Failure> secure(MessageStream stream);

  // With a token the client insists on an encrypted connection. client src/common.rs:1999-2047.
  Task<Failure> encrypt(MessageStream& server);
  // The next message; one KeyExchange before it is skipped. Nothing after silence, an end or
  // garbage. client src/common.rs:1902-1923.
  Task<std::optional<hbb::RendezvousMessage>> next_answer(MessageStream& server,
                                                          net::Duration patience);
  Task<net::Result<MessageStream>> connect_to_server();

  void done(std::string step);  // ends here
  hbb::RendezvousMessage punch_hole_request() const;
  net::Duration direct_patience() const;
  net::Deadline at_most(net::Duration time) const { return sim::at_most(deadline_, time); }

  net::World world_;
  ControllerOptions controller_;
  Recorder recorder_;
  net::Random random_;
  std::string id_;
  ConnectOptions options_;
  net::Deadline deadline_;
  net::Time begun_;
  net::Time step_begun_;
  net::Endpoint local_;  // of the connection to the server: the direct attempt comes from there
  net::Duration punch_took_{};
  std::optional<hbb::PunchHoleResponse> punched_;
  std::optional<hbb::RelayResponse> relay_;
  std::string signed_id_pk_;
  std::optional<MessageStream> peer_;
  ConnectResult result_;
};

}  // namespace deskcheck::sim
