// Messages over TCP and WebSocket that no server should act upon. Each comes over a connection of
// its own, which the server may end; who was connected before, and who comes later, notices
// nothing.
#include "conformance/cases/robustness/hostile.hpp"
#include "conformance/cases/still_serves.hpp"
#include "conformance/lab/call.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

MATCHER(IsNoAnswer, "no answer, whether the connection ends or not") { return !arg.arrived(); }

// How they come: in every way that the server claims.
std::vector<Over> ways(const Lab& lab) {
  if (lab.target().without.contains("rendezvous.websocket")) return {Over::tcp};
  return {Over::tcp, Over::websocket};
}

// Sends it as one payload. The request behind it shows when the server has read it: unless the
// connection ends, the first thing that comes back is the answer to that.
Task<bool> is_ignored(Lab& lab, net::Endpoint home, Over over, Hostile message,
                      std::string requirement) {
  lab.note("now " + message.what + " over " + std::string(to_string(over)));
  auto sender = lab.controller(home, over);
  co_await sender.connect();
  (void)co_await sender.connection().send(message.payload, lab.within(5s));
  const auto request = wrap<hbb::RendezvousMessage>(sender.request_for(lab.fresh_id()));
  (void)co_await sender.connection().send(request, lab.within(5s));
  auto next = co_await sender.next_message(lab.within(5s));
  if (!lab.verdict(requirement, next, testing::AnyOf(IsMember("punch_hole_response"), Ends())))
    co_return false;
  if (!next) co_return true;
  auto rest = co_await sender.next_message(lab.within(100ms));
  co_return lab.verdict(requirement, rest, IsNoAnswer());
}

// Says it, and ends in order.
Task<void> make_noise(Lab& lab, net::Endpoint home, Over over, Hostile message) {
  lab.note("now " + message.what + " over " + std::string(to_string(over)));
  auto sender = lab.controller(home, over);
  co_await sender.connect();
  (void)co_await sender.connection().send(message.payload, lab.within(5s));
  (void)co_await sender.connection().finish(lab.within(2s));
}

Task<void> are_ignored(Lab& lab, std::vector<Hostile> messages, std::string requirement) {
  const net::Endpoint home = lab.home();
  for (const auto over : ways(lab))
    for (const auto& message : messages) {
      const bool ignored = co_await is_ignored(lab, home, over, message, requirement);
      if (!ignored) co_return;
    }
}

}  // namespace

// Bytes that are no message, while somebody waits for a device's answer on another connection.
CASE(unparsable_messages, "robustness/messages/unparsable", checks("ROB-02"),
     after("framing/plain")) {
  auto call = co_await place_call(lab);
  const net::Endpoint home = lab.home();
  for (const auto over : ways(lab))
    for (const auto& message : unparsable(lab)) co_await make_noise(lab, home, over, message);
  const auto reply = co_await call.device.reply(call.device.answer_to(call.push));
  auto answer = co_await call.controller.next<hbb::PunchHoleResponse>(lab.within(5s));
  lab.verdict("ROB-02", answer, Succeeds());
  co_await still_serves(lab, "ROB-02");
}

// The end of a connection in the middle of noise, without a goodbye.
CASE(reset_messages, "robustness/messages/reset", checks("ROB-02"), after("framing/plain")) {
  const net::Endpoint home = lab.home();
  for (const auto& message : unparsable(lab)) {
    lab.note("now " + message.what);
    auto connection = co_await lab.connect("noise", home, lab.target().rendezvous);
    (void)co_await connection.send(message.payload, lab.within(5s));
    connection.reset();
  }
  co_await still_serves(lab, "ROB-02");
}

// Messages of a later release: a new member is nothing that this server could answer.
CASE(unknown_member_messages, "robustness/messages/unknown-member", checks("ROB-03"),
     after("framing/plain"), does(Effect::reads)) {
  co_await are_ignored(lab, unknown_members(), "ROB-03");
  co_await still_serves(lab, "ROB-03");
}

// A message without a member.
CASE(empty_messages, "robustness/messages/empty", checks("ROB-03"), after("framing/plain"),
     does(Effect::reads)) {
  const std::vector<Hostile> empty = {{"an empty frame", ""}};
  co_await are_ignored(lab, empty, "ROB-03");
  co_await still_serves(lab, "ROB-03");
}

// Somebody who plays server towards the server, while a controller waits for this very device: the
// controller hears nothing of it.
CASE(response_messages, "robustness/messages/responses", checks("ROB-06"), after("framing/plain")) {
  auto call = co_await place_call(lab);
  co_await are_ignored(lab, responses(call.device.id()), "ROB-06");
  auto sent = call.device.answer_to(call.push);
  sent.set_relay_server("right.test");
  const auto reply = co_await call.device.reply(sent);
  auto first = co_await call.controller.next_message(lab.within(5s));
  lab.verdict("ROB-06", first, IsAnswerWithRelay("right.test"));
  auto alive = co_await call.device.register_peer(lab.within(5s));
  lab.verdict("ROB-06", alive, RequestsPk(false));
}

}  // namespace deskcheck::conformance
