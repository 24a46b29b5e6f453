#include "conformance/lab/device.hpp"

#include "conformance/lab/matchers.hpp"

#include <limits>

namespace deskcheck::conformance {

using namespace std::chrono_literals;

LabDevice::LabDevice(Lab& lab, Identity identity, net::Endpoint home, std::string party)
    : lab_(&lab), identity_(std::move(identity)), party_(std::move(party)) {
  move_to(home);
}

void LabDevice::move_to(const net::Endpoint& home) {
  channel_.reset();  // first: it may want the same port
  channel_ = std::make_unique<sim::DatagramChannel>(lab_->world(), home, lab_->recorder(party_));
}

hbb::RegisterPeer LabDevice::register_peer_message() const {
  hbb::RegisterPeer message;
  message.set_id(identity_.id);
  message.set_serial(3);  // the lowest that real clients report
  return message;
}

Task<Answer<hbb::RegisterPeerResponse>> LabDevice::register_peer(net::Deadline deadline) {
  return ask<hbb::RegisterPeerResponse>(register_peer_message(), deadline);
}

Task<Answer<hbb::RegisterPkResponse>> LabDevice::register_pk(net::Deadline deadline) {
  return ask<hbb::RegisterPkResponse>(register_pk_message(), deadline);
}

Task<Answer<hbb::RendezvousMessage>> LabDevice::any_push(net::Deadline deadline) {
  for (;;) {
    auto datagram = co_await channel_->next(deadline);
    if (!datagram) {
      net::Result<hbb::RendezvousMessage> nothing = datagram.error();
      co_return lab_->answer(std::move(nothing), "the push");
    }
    if (!is_push(*datagram)) continue;
    net::Result<hbb::RendezvousMessage> push = std::move(*datagram->message);
    co_return lab_->answer(std::move(push), "the push");
  }
}

Task<std::vector<sim::ReceivedDatagram>> LabDevice::before_barrier() {
  hbb::RegisterPeer question;
  question.set_id(lab_->fresh_id());
  question.set_serial(std::numeric_limits<std::int32_t>::max());  // so that no list follows
  send(question);
  std::vector<sim::ReceivedDatagram> before;
  const auto deadline = lab_->within(5s);
  for (;;) {
    auto datagram = co_await channel_->next(deadline);
    if (!datagram)
      lab_->require("the barrier: register_peer of an unknown id is answered", datagram.error(),
                    boost::system::error_code());
    if (datagram->message && get_if<hbb::RegisterPeerResponse>(*datagram->message)) break;
    // A datagram without a byte in it says nothing to any client.
    if (!datagram->bytes.empty()) before.push_back(std::move(*datagram));
  }
  co_return before;
}

Task<sim::MessageStream> LabDevice::connect() {
  return lab_->connect(party_, home(), lab_->target().rendezvous);
}

Task<sim::MessageStream> LabDevice::reply_with(hbb::RendezvousMessage message) {
  auto connection = co_await connect();
  auto sent = co_await connection.send(message, lab_->within(5s));
  if (!sent) lab_->require("answering a push", sent.error(), boost::system::error_code());
  co_return std::move(connection);
}

}  // namespace deskcheck::conformance
