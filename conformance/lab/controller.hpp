// A controller that does only what the case says. (The controller with the real client's own will
// is client-sim/controller.)
#pragma once

#include "conformance/lab/lab.hpp"

#include <optional>

namespace deskcheck::conformance {

class LabController {
 public:
  LabController(Lab& lab, net::Endpoint home, std::string party, Over over = Over::tcp);
  // What its WebSocket's HTTP request will say; before it connects.
  sim::Upgrade& upgrade() { return upgrade_; }

  // The request as a client of this target sends it: its key, asymmetric NAT, its version.
  hbb::PunchHoleRequest request_for(const std::string& id) const;

  // Connects if it is not connected yet; the case is blocked if that fails.
  Task<void> connect();
  Task<void> send(hbb::PunchHoleRequest request);
  template <class Member>
  Task<void> send_member(Member member) {
    auto message = wrap<hbb::RendezvousMessage>(std::move(member));
    co_await send_message(std::move(message));
  }
  // Sends and scans for the answer.
  Task<Answer<hbb::PunchHoleResponse>> ask(hbb::PunchHoleRequest request, net::Deadline deadline);
  Task<Answer<hbb::PunchHoleResponse>> ask_for(std::string id, net::Deadline deadline);
  // Asks for a device, which has another address: the push that arrives there.
  Task<Answer<hbb::PunchHole>> reach(LabDevice& device, net::Deadline deadline);
  // The same, and the device answers as clients do: what comes back. Blocked if it gets no push.
  Task<Answer<hbb::PunchHoleResponse>> hear_from(LabDevice& device, net::Deadline deadline);
  // The next message of this kind on its connection.
  template <class Member>
  Task<Answer<Member>> next(net::Deadline deadline) {
    auto result = co_await connection().next<Member>(deadline);
    co_return lab_->answer(std::move(result), "the next " + Member::descriptor()->name());
  }
  // The next message of any kind: to show that there is none, or that it is the wanted one at once.
  // An offer of encryption does not count: clients skip it too.
  Task<Answer<hbb::RendezvousMessage>> next_message(net::Deadline deadline);

  // Ends this connection; the next request goes over a new one, from another port.
  void hang_up() { connection_.reset(); }
  sim::MessageStream& connection();
  // Address and port of its connection, as a server without NAT between sees it.
  net::Endpoint address() { return connection().local(); }
  net::Endpoint home() const { return home_; }

 private:
  Task<void> send_message(hbb::RendezvousMessage message);

  Lab* lab_;
  net::Endpoint home_;
  std::string party_;
  Over over_;
  sim::Upgrade upgrade_;
  std::optional<sim::MessageStream> connection_;
};

}  // namespace deskcheck::conformance
