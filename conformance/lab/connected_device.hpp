// A device whose registration is its connection, over encrypted TCP or a WebSocket, and that does
// only what the case says; as all clients do, it echoes heartbeats while it listens. (The one with
// the real client's own will is client-sim/device.)
#pragma once

#include "conformance/lab/device.hpp"

#include <optional>

namespace deskcheck::conformance {

class ConnectedDevice {
 public:
  ConnectedDevice(Lab& lab, Identity identity, net::Endpoint home, std::string party, Over over);

  const std::string& id() const { return identity_.id; }
  Identity& identity() { return identity_; }
  net::Endpoint home() const { return home_; }

  // A new connection instead of the one it may have; blocked if that fails.
  Task<void> connect();
  sim::MessageStream& connection();
  void hang_up() { connection_.reset(); }
  // Heartbeats heard and echoed on all its connections.
  int heartbeats() const { return heartbeats_; }
  void keep_silent() { echoes_ = false; }  // from now on it echoes none

  hbb::RegisterPk register_pk_message() const { return identity_.register_pk(); }
  // Blocked if it cannot be sent.
  template <class Member>
  Task<void> send(Member member) {
    auto message = wrap<hbb::RendezvousMessage>(std::move(member));
    return send_message(std::move(message));
  }
  // Sends and scans for the answer.
  Task<Answer<hbb::RegisterPkResponse>> register_pk(net::Deadline deadline);
  // The next message of this kind on its connection: an answer, or a push.
  template <class Member>
  Task<Answer<Member>> next(net::Deadline deadline) {
    auto heard = co_await scan_for(
        [](const hbb::RendezvousMessage& m) { return get_if<Member>(m) != nullptr; }, deadline);
    const std::string what = "the next " + Member::descriptor()->name();
    if (!heard) {
      net::Result<Member> nothing = heard.error();
      co_return lab_->answer(std::move(nothing), what);
    }
    net::Result<Member> member = *get_if<Member>(*heard);
    co_return lab_->answer(std::move(member), what);
  }
  // The next message of any kind.
  Task<Answer<hbb::RendezvousMessage>> next_message(net::Deadline deadline);
  // The next heartbeat: how long it took from now on. Messages before it are dropped.
  Task<Answer<net::Duration>> heartbeat(net::Deadline deadline);
  // Listens until then. False if the connection ends before.
  Task<bool> stay(net::Duration time);

  // What it would answer to a push, and doing so over a new connection, as clients do: in plain
  // text, or over a WebSocket if it has one. Blocked if that cannot be done.
  template <class Push>
  auto answer_to(const Push& push) const {
    return identity_.answer_to(push);
  }
  template <class Member>
  Task<sim::MessageStream> reply(Member answer) {
    auto message = wrap<hbb::RendezvousMessage>(std::move(answer));
    return reply_with(std::move(message));
  }

 private:
  using Wanted = bool (*)(const hbb::RendezvousMessage&);
  Task<net::Result<hbb::RendezvousMessage>> scan_for(Wanted wanted, net::Deadline deadline);
  // The next payload, heartbeats included: those are empty.
  Task<net::Result<std::string>> hear(net::Deadline deadline);
  Task<void> send_message(hbb::RendezvousMessage message);
  Task<sim::MessageStream> reply_with(hbb::RendezvousMessage message);

  Lab* lab_;
  Identity identity_;
  net::Endpoint home_;
  std::string party_;
  Over over_;
  bool echoes_ = true;
  int heartbeats_ = 0;
  std::optional<sim::MessageStream> connection_;
};

// Rows of the TCP capability hold for WebSockets as well, where there are such devices; not
// applicable where there are none.
void need_websocket_devices(const Lab& lab);
// Somebody new who has connected and said nothing yet; blocked if that fails.
Task<ConnectedDevice> connected_device(Lab& lab, Over over);
// Registered and online; the case is blocked if that does not work.
Task<ConnectedDevice> registered_over(Lab& lab, Over over);

}  // namespace deskcheck::conformance
