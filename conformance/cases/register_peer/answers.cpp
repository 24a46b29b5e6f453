// RegisterPeer: what is answered to whom, and that it never makes an entry.
#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsTrue;

MATCHER_P(WantsPk, wanted, std::string("request_pk = ") + (wanted ? "true" : "false")) {
  return arg.request_pk() == wanted;
}

std::vector<hbb::RegisterPeerResponse> peer_answers(
    const std::vector<sim::ReceivedDatagram>& datagrams) {
  std::vector<hbb::RegisterPeerResponse> answers;
  for (const auto& datagram : datagrams) {
    if (!datagram.message) continue;
    const auto* answer = get_if<hbb::RegisterPeerResponse>(*datagram.message);
    if (answer) answers.push_back(*answer);
  }
  return answers;
}

// What comes before the answer to the device's own register_pk: a barrier for answers to
// register_peer, which the usual barrier could not tell from its own.
Task<std::vector<sim::ReceivedDatagram>> before_register_pk(Lab& lab, LabDevice& device) {
  device.send(device.register_pk_message());
  std::vector<sim::ReceivedDatagram> before;
  const auto deadline = lab.within(5s);
  for (;;) {
    auto datagram = co_await device.channel().next(deadline);
    lab.require("the barrier: register_pk is answered", datagram.has_value(), IsTrue());
    if (datagram->message && get_if<hbb::RegisterPkResponse>(*datagram->message)) break;
    before.push_back(std::move(*datagram));
  }
  co_return before;
}

// An id that the server has never heard of: it wants the key.
CASE(unknown_id, "rendezvous/register-peer/unknown-id",
     checks("RDV-REGPEER-01", "RDV-REGPEER-02")) {
  auto stranger = lab.device();
  auto answer = co_await stranger.register_peer(lab.within(5s));
  lab.verdict("RDV-REGPEER-01", answer, Arrived());
  lab.verdict("RDV-REGPEER-02", answer, RequestsPk(true));

  stranger.send(stranger.register_peer_message());
  const auto before = co_await before_register_pk(lab, stranger);
  lab.verdict("RDV-REGPEER-01", peer_answers(before), ElementsAre(WantsPk(true)));
}

// A device whose key is known repeats itself from its address: one answer, no wish for the key.
CASE(known_id, "rendezvous/register-peer/known-id", checks("RDV-REGPEER-01", "RDV-REGPEER-03"),
     after("rendezvous/register-peer/unknown-id")) {
  auto device = co_await lab.registered_device();
  auto answer = co_await device.register_peer(lab.within(5s));
  lab.verdict("RDV-REGPEER-03", answer, RequestsPk(false));

  device.send(device.register_peer_message());
  const auto before = co_await before_register_pk(lab, device);
  lab.verdict("RDV-REGPEER-01", peer_answers(before), ElementsAre(WantsPk(false)));
}

// The bytes of what comes back when the device sends register_peer. Other messages, as a new
// configuration, are no answer; what is no message at all is one.
Task<std::string> answer_bytes(Lab& lab, LabDevice& device) {
  device.channel().drain();
  device.send(device.register_peer_message());
  const auto deadline = lab.within(5s);
  for (;;) {
    auto datagram = co_await device.channel().next(deadline);
    lab.require("register_peer is answered", datagram.has_value(), IsTrue());
    if (datagram->message && !get_if<hbb::RegisterPeerResponse>(*datagram->message)) continue;
    co_return std::move(datagram->bytes);
  }
}

// Both answers byte for byte: nothing but request_pk is in them.
CASE(bytes_of_answers, "rendezvous/register-peer/answer-bytes", checks("RDV-REGPEER-10")) {
  auto stranger = lab.device();
  const std::string wants_key = co_await answer_bytes(lab, stranger);
  lab.verdict("RDV-REGPEER-10", wants_key, Bytes(std::string("\x3a\x02\x10\x01")));
  auto device = co_await lab.registered_device();
  const std::string content = co_await answer_bytes(lab, device);
  lab.verdict("RDV-REGPEER-10", content, Bytes(std::string("\x3a\x00", 2)));
}

// No id, no answer.
CASE(empty_id, "rendezvous/register-peer/empty-id", checks("RDV-REGPEER-06"),
     after("rendezvous/register-peer/unknown-id")) {
  auto device = lab.device();
  auto nobody = device.register_peer_message();
  nobody.clear_id();
  device.send(nobody);
  const auto before = co_await before_register_pk(lab, device);
  lab.verdict("RDV-REGPEER-06", before, IsNothing());
}

// Only a key makes an entry: a device that sends nothing but register_peer stays unknown.
CASE(never_an_entry, "rendezvous/register-peer/never-an-entry", checks("RDV-REGPEER-07"),
     after("rendezvous/register-peer/unknown-id"), does(Effect::reads)) {
  auto stranger = lab.device();
  for (int i = 0; i < 2; ++i) {
    auto answer = co_await stranger.register_peer(lab.within(5s));
    lab.require("register_peer is answered", answer, Arrived());
  }
  auto caller = lab.controller();
  auto path = co_await caller.ask_for(stranger.id(), lab.within(5s));
  lab.verdict("RDV-REGPEER-07", path, FailsWith(hbb::PunchHoleResponse::ID_NOT_EXIST));
}

}  // namespace
}  // namespace deskcheck::conformance
