// Datagrams that no server should answer, and what must not come of those that it does answer.
#include "conformance/cases/robustness/hostile.hpp"
#include "conformance/cases/still_serves.hpp"
#include "conformance/lab/call.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

MATCHER_P(HasAtMost, count, "at most " + std::to_string(count) + " datagrams") {
  return arg.size() <= std::size_t{count};
}

// Each is sent, and nothing comes before the answer to the barrier.
Task<void> are_not_answered(Lab& lab, LabDevice& sender, std::vector<Hostile> datagrams,
                            std::string requirement) {
  for (const auto& datagram : datagrams) {
    lab.note("now " + datagram.what);
    sender.send_bytes(datagram.payload);
    const auto heard = co_await sender.before_barrier();
    lab.verdict(requirement, heard, IsNothing());
  }
  // An answer like the barrier's would have been taken for it: then one is left over.
  auto more = co_await sender.channel().next(lab.within(500ms));
  const auto left_over = lab.answer(std::move(more), "a datagram after the last barrier");
  lab.verdict(requirement, left_over, StaysSilent());
}

// Everything that comes back when `question` is sent, at most one of which is a
// register_peer_response.
Task<std::vector<sim::ReceivedDatagram>> answers_to(Lab& lab, LabDevice& sender,
                                                    hbb::RendezvousMessage question) {
  sender.channel().send(lab.target().rendezvous, question);
  auto answers = co_await sender.before_barrier();
  if (!question.has_register_peer()) co_return answers;
  // Its own answer was taken for the barrier's.
  const auto more = co_await sender.before_barrier();
  answers.insert(answers.end(), more.begin(), more.end());
  answers.push_back({});
  const auto rest = co_await sender.channel().next<hbb::RegisterPeerResponse>(lab.within(5s));
  lab.require("the barrier is answered", rest.has_value(), testing::IsTrue());
  co_return answers;
}

}  // namespace

// Noise from scanners, and halves of messages.
CASE(unparsable_datagrams, "robustness/datagrams/unparsable", checks("ROB-01"),
     after("framing/bare-datagrams"), does(Effect::reads)) {
  auto sender = lab.device();
  co_await are_not_answered(lab, sender, unparsable(lab), "ROB-01");
  // A datagram without a byte, and the longest that there are.
  sender.send_bytes("");
  sender.send_bytes("\xFF" + lab.random().bytes(60'000));
  const auto heard = co_await sender.before_barrier();
  lab.verdict("ROB-01", heard, IsNothing());
  co_await still_serves(lab, "ROB-01");
}

// Messages of a later release.
CASE(unknown_member_datagrams, "robustness/datagrams/unknown-member", checks("ROB-03"),
     after("framing/bare-datagrams"), does(Effect::reads)) {
  auto sender = lab.device();
  co_await are_not_answered(lab, sender, unknown_members(), "ROB-03");
  co_await still_serves(lab, "ROB-03");
}

// Somebody who plays server towards the server, from the device's own address: the device stays
// what it was, and reachable.
CASE(response_datagrams, "robustness/datagrams/responses", checks("ROB-06"),
     after("framing/bare-datagrams")) {
  auto device = co_await lab.registered_device();
  const auto earlier = co_await device.before_barrier();  // a list may have come with the answers
  lab.note(std::to_string(earlier.size()) + " datagrams came before");
  co_await are_not_answered(lab, device, responses(device.id()), "ROB-06");
  auto alive = co_await device.register_peer(lab.within(5s));
  lab.verdict("ROB-06", alive, RequestsPk(false));
  auto controller = lab.controller();
  auto push = co_await controller.reach(device, lab.within(5s));
  lab.verdict("ROB-06", push, Arrived());
}

// Every question that clients ask by datagram is answered with two at most, and the address of an
// online device is no place that a stranger's datagrams are sent on to.
CASE(amplification, "robustness/datagrams/amplification", checks("ROB-08"),
     after("framing/bare-datagrams")) {
  auto call = co_await place_call(lab);
  auto& victim = call.device;
  const auto earlier = co_await victim.before_barrier();
  lab.note(std::to_string(earlier.size()) + " datagrams came before");
  auto stranger = lab.device();
  hbb::RegisterPeer oldest = stranger.register_peer_message();
  oldest.set_serial(0);
  const auto controller = lab.controller(stranger.home());
  hbb::RequestRelay relay;
  relay.set_id(victim.id());
  relay.set_uuid(lab.fresh_uuid());
  relay.set_socket_addr(wire::encode_address(victim.address(), 0x1234567));
  hbb::LocalAddr local;
  local.set_id(victim.id());
  local.set_socket_addr(relay.socket_addr());
  hbb::RelayResponse response;
  response.set_socket_addr(relay.socket_addr());
  hbb::SoftwareUpdate update;
  update.set_url("1.2.2");
  hbb::OnlineRequest list;
  list.add_peers(victim.id());
  const std::vector<hbb::RendezvousMessage> questions = {
      wrap<hbb::RendezvousMessage>(oldest),
      wrap<hbb::RendezvousMessage>(stranger.register_pk_message()),
      wrap<hbb::RendezvousMessage>(controller.request_for(victim.id())),
      wrap<hbb::RendezvousMessage>(victim.answer_to(call.push)),
      wrap<hbb::RendezvousMessage>(relay),
      wrap<hbb::RendezvousMessage>(local),
      wrap<hbb::RendezvousMessage>(response),
      wrap<hbb::RendezvousMessage>(hbb::TestNatRequest()),
      wrap<hbb::RendezvousMessage>(update),
      wrap<hbb::RendezvousMessage>(list)};
  for (const auto& question : questions) {
    const auto answers = co_await answers_to(lab, stranger, question);
    lab.verdict("ROB-08", answers, HasAtMost(2U));
  }
  const auto elsewhere = co_await victim.before_barrier();
  lab.verdict("ROB-08", elsewhere, IsNothing());
}

}  // namespace deskcheck::conformance
