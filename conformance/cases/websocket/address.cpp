// Behind a proxy the client's address stands in a header, which only a proxy may be believed.
#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

const std::string kFarAway = "198.51.100.7";

// A server that believes these parties' headers, or the target if its owners say that it does.
Task<void> trusting_server(Lab& lab) {
  if (lab.target().trusts_address_headers.value_or(false)) co_return;
  ServerSetup setup;
  setup.trusted_proxies = {"0.0.0.0/0"};
  co_await lab.own_server(setup);
}

// Of the address only: no server can know the port behind a proxy.
MATCHER_P(NamesAddress, text, "a push whose socket_addr has the address " + std::string(text)) {
  if (!arg.arrived()) return false;
  const auto requester = wire::normalise_v4(wire::decode_address(arg->socket_addr()));
  *result_listener << "it names " << to_string(requester);
  return requester.address.to_string() == text;
}

LabController client_with(Lab& lab, std::string header, std::string value) {
  auto client = lab.controller(Over::websocket);
  client.upgrade().headers.emplace_back(std::move(header), std::move(value));
  return client;
}

}  // namespace

CASE(address_headers, "websocket/address-header", checks("WS-06"), after("websocket/binary"),
     does(Effect::restarts)) {
  co_await trusting_server(lab);
  auto device = co_await lab.registered_device();
  for (const char* header : {"X-Real-IP", "X-Forwarded-For"}) {
    auto client = client_with(lab, header, kFarAway);
    auto push = co_await client.reach(device, lab.within(5s));
    lab.verdict("WS-06", push, NamesAddress(kFarAway));
  }
  auto both = client_with(lab, "X-Forwarded-For", "203.0.113.9");
  both.upgrade().headers.emplace_back("X-Real-IP", kFarAway);
  auto push = co_await both.reach(device, lab.within(5s));
  lab.verdict("WS-06", push, NamesAddress(kFarAway));
}

// The parties of a case are no proxy of the target's.
CASE(address_forged, "websocket/forged-address", checks("WS-07"), after("websocket/binary")) {
  if (lab.target().trusts_address_headers.value_or(false))
    lab.not_applicable("the target takes these parties for its proxies");
  auto device = co_await lab.registered_device();
  auto client = client_with(lab, "X-Real-IP", kFarAway);
  auto push = co_await client.reach(device, lab.within(5s));
  lab.verdict("WS-07", push, NamesRequester(client.address()));
}

// Two users behind one address, at the same time: each hears from the device that it asked for.
CASE(address_shared, "websocket/shared-address", checks("WS-08"), after("websocket/address-header"),
     does(Effect::restarts)) {
  co_await trusting_server(lab);
  auto first_device = co_await lab.registered_device();
  auto second_device = co_await lab.registered_device();
  auto first = client_with(lab, "X-Real-IP", kFarAway);
  auto second = client_with(lab, "X-Real-IP", kFarAway);
  auto first_push = co_await first.reach(first_device, lab.within(5s));
  auto second_push = co_await second.reach(second_device, lab.within(5s));
  lab.require("the first device hears of it", first_push, Arrived());
  lab.require("the second device hears of it", second_push, Arrived());
  auto first_answer = first_device.answer_to(*first_push);
  first_answer.set_relay_server("first.test");
  auto second_answer = second_device.answer_to(*second_push);
  second_answer.set_relay_server("second.test");
  const auto second_reply = co_await second_device.reply(second_answer);
  const auto first_reply = co_await first_device.reply(first_answer);
  auto first_heard = co_await first.next_message(lab.within(5s));
  lab.verdict("WS-08", first_heard, IsAnswerWithRelay("first.test"));
  auto second_heard = co_await second.next_message(lab.within(5s));
  lab.verdict("WS-08", second_heard, IsAnswerWithRelay("second.test"));
}

// A list or a name is no address: then the connection's counts.
CASE(address_unusable, "websocket/unusable-address", checks("WS-09"), after("websocket/binary"),
     does(Effect::restarts)) {
  co_await trusting_server(lab);
  auto device = co_await lab.registered_device();
  const net::Endpoint home = lab.home();
  for (const char* value : {"198.51.100.7, 10.0.0.1", "proxy.example", "", "300.1.1.1"}) {
    sim::Upgrade upgrade;
    upgrade.headers.emplace_back("X-Real-IP", value);
    const auto notes = lab.recorder("client of \"" + std::string(value) + '"');
    auto stream = co_await sim::MessageStream::connect_websocket(
        lab.world(), home, lab.target().websocket, upgrade, notes, lab.within(5s));
    auto client = lab.answer(std::move(stream), "a WebSocket with an unusable address header");
    if (!lab.verdict("WS-09", client, Arrived())) continue;
    hbb::PunchHoleRequest request;
    request.set_id(device.id());
    request.set_licence_key(lab.target().licence_key);
    const auto message = wrap<hbb::RendezvousMessage>(std::move(request));
    (void)co_await client->send(message, lab.within(5s));
    auto push = co_await device.push<hbb::PunchHole>(lab.within(5s));
    lab.verdict("WS-09", push, NamesRequester(client->local()));
  }
}

}  // namespace deskcheck::conformance
