// After the client's answer to the offer both directions are encrypted, with the counters that
// clients use; what cannot be opened ends the connection.
#include "conformance/cases/still_serves.hpp"
#include "conformance/lab/connected_device.hpp"
#include "conformance/lab/controller.hpp"
#include "conformance/lab/matchers.hpp"

#include <sodium.h>

#include <array>

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

// An offer that was received, and the connection that it came on.
struct Offered {
  sim::MessageStream stream;
  wire::Bytes32 server;  // its ephemeral key
};

Task<Offered> take_offer(Lab& lab) {
  if (!lab.target().key) lab.not_applicable("a server that signs nothing cannot offer encryption");
  auto stream = co_await lab.connect("client", lab.home(), lab.target().rendezvous);
  auto next = co_await stream.next<hbb::KeyExchange>(lab.within(5s));
  auto offer = lab.answer(std::move(next), "the server's offer of encryption");
  lab.require("the server offers encryption", offer, Arrived());
  lab.require("its keys", offer->keys_size(), testing::Eq(1));
  const auto ephemeral = wire::verify(offer->keys(0), *lab.target().key);
  lab.require("the offer is signed", ephemeral.has_value(), testing::IsTrue());
  lab.require("the size of the offered key", ephemeral->size(), testing::Eq(32u));
  wire::Bytes32 key{};
  std::copy(ephemeral->begin(), ephemeral->end(), key.begin());
  co_return Offered{std::move(stream), key};
}

// As a key is sealed; the library knows no other lengths.
std::string sealed(std::string_view plain, const wire::BoxKeyPair& own, const wire::Bytes32& peer) {
  const std::array<unsigned char, crypto_box_NONCEBYTES> nonce{};
  std::string box(crypto_box_MACBYTES + plain.size(), '\0');
  const auto octets = [](auto& text) { return reinterpret_cast<unsigned char*>(text.data()); };
  std::string copy(plain);
  if (crypto_box_easy(octets(box), octets(copy), copy.size(), nonce.data(), peer.data(),
                      own.secret.data()) != 0)
    throw std::runtime_error("the offered key has low order");
  return box;
}

// What comes after something that must end the connection.
Task<Answer<std::string>> last_word(Lab& lab, sim::MessageStream& stream) {
  auto payload = co_await stream.receive(lab.within(5s));
  co_return lab.answer(std::move(payload), "what the server says to what cannot be opened");
}

// Answers the offer with this box; the server has to end the connection.
Task<void> judge_box(Lab& lab, Offered& offered, std::string public_key, std::string box) {
  hbb::KeyExchange answer;
  answer.add_keys(std::move(public_key));
  answer.add_keys(std::move(box));
  const auto message = wrap<hbb::RendezvousMessage>(std::move(answer));
  auto sent = co_await offered.stream.send(message, lab.within(5s));
  lab.require("answering the offer", sent.has_value(), testing::IsTrue());
  auto end = co_await last_word(lab, offered.stream);
  lab.verdict("SEC-KEX-10", end, Ends());
}

}  // namespace

// The first request is read, and its answer can be read.
CASE(kex_switches, "secure/both-directions", checks("SEC-KEX-03"), after("secure/offer"),
     does(Effect::reads)) {
  auto controller = lab.controller(Over::secure);
  auto answer = co_await controller.ask_for(lab.fresh_id(), lab.within(5s));
  lab.verdict("SEC-KEX-03", answer, HasNoAddress());
}

// The counter of requests: a controller that hears nothing repeats itself on the same connection,
// and each time the device hears of it. The answer then has the number 1, not that of the requests.
CASE(kex_counters, "secure/counters", checks("SEC-KEX-04"), after("secure/offer")) {
  auto device = co_await lab.registered_device();
  auto controller = lab.controller(Over::secure);
  for (int request = 1; request <= 3; ++request) {
    auto push = co_await controller.reach(device, lab.within(5s));
    if (!lab.verdict("SEC-KEX-04", push, Arrived())) co_return;
    if (request < 3) continue;
    const auto reply = co_await device.reply(device.answer_to(*push));
    auto answer = co_await controller.next<hbb::PunchHoleResponse>(lab.within(5s));
    lab.verdict("SEC-KEX-04", answer, Succeeds());
  }
}

// The counter of what the server sends: two pushes after the answer to the registration.
CASE(kex_counters_of_pushes, "secure/counters-of-pushes", checks("SEC-KEX-04"),
     after("secure/both-directions")) {
  if (!lab.target().claims("rendezvous.tcp-registration"))
    lab.not_applicable("nothing else is sent to devices over TCP");
  auto device = co_await registered_over(lab, Over::secure);
  for (int call = 1; call <= 2; ++call) {
    auto controller = lab.controller();
    co_await controller.send(controller.request_for(device.id()));
    auto push = co_await device.next<hbb::PunchHole>(lab.within(5s));
    lab.verdict("SEC-KEX-04", push, NamesRequester(controller.address()));
  }
}

// Whoever ignores the offer is served in plain text: controllers, and devices that answer.
CASE(kex_ignored, "secure/plain-clients", checks("SEC-KEX-05")) {
  auto stranger = lab.controller();
  auto answer = co_await stranger.ask_for(lab.fresh_id(), lab.within(5s));
  lab.verdict("SEC-KEX-05", answer, HasNoAddress());
  auto device = co_await lab.registered_device();
  auto controller = lab.controller();
  auto heard = co_await controller.hear_from(device, lab.within(5s));
  lab.verdict("SEC-KEX-05", heard, Succeeds());
}

// Clients that encrypt meet others that do not.
CASE(kex_mixed, "secure/encrypted-asks-plain-answers", checks("SEC-KEX-05"),
     after("secure/both-directions")) {
  auto device = co_await lab.registered_device();
  auto controller = lab.controller(Over::secure);
  auto heard = co_await controller.hear_from(device, lab.within(5s));
  lab.verdict("SEC-KEX-05", heard, Succeeds());
}

// WebSocket clients never answer an offer.
CASE(kex_websocket, "secure/websocket-needs-none", checks("SEC-KEX-06"), does(Effect::reads)) {
  auto controller = lab.controller(Over::websocket);
  auto answer = co_await controller.ask_for(lab.fresh_id(), lab.within(5s));
  lab.verdict("SEC-KEX-06", answer, HasNoAddress());
}

// A heartbeat is an empty frame as it is; it has no number.
CASE(kex_heartbeat, "secure/heartbeat", checks("SEC-KEX-08"), after("secure/both-directions")) {
  auto controller = lab.controller(Over::secure);
  co_await controller.connect();
  auto sent = co_await controller.connection().send_plain(std::string(), lab.within(5s));
  lab.require("sending a heartbeat", sent.has_value(), testing::IsTrue());
  auto answer = co_await controller.ask_for(lab.fresh_id(), lab.within(5s));
  lab.verdict("SEC-KEX-08", answer, HasNoAddress());
}

// Neither noise nor a plain request gets through to the handlers.
CASE(kex_noise, "secure/noise", checks("SEC-KEX-09"), after("secure/both-directions"),
     does(Effect::reads)) {
  auto controller = lab.controller(Over::secure);
  co_await controller.connect();
  std::string noise = lab.random().bytes(40);
  (void)co_await controller.connection().send_plain(std::move(noise), lab.within(5s));
  auto end = co_await last_word(lab, controller.connection());
  lab.verdict("SEC-KEX-09", end, Ends());
  co_await still_serves(lab, "SEC-KEX-09");
}

CASE(kex_plain_request, "secure/plain-request", checks("SEC-KEX-09"),
     after("secure/both-directions"), does(Effect::reads)) {
  auto controller = lab.controller(Over::secure);
  co_await controller.connect();
  const auto request = wrap<hbb::RendezvousMessage>(controller.request_for(lab.fresh_id()));
  std::string plain = request.SerializeAsString();
  (void)co_await controller.connection().send_plain(std::move(plain), lab.within(5s));
  auto end = co_await last_word(lab, controller.connection());
  lab.verdict("SEC-KEX-09", end, Ends());
}

CASE(kex_bad_box, "secure/box-does-not-open", checks("SEC-KEX-10"), after("secure/offer"),
     does(Effect::reads)) {
  auto offered = co_await take_offer(lab);
  const auto own = wire::make_box_key_pair(lab.random());
  std::string key(wire::view(own.public_key));
  std::string box = lab.random().bytes(48);
  co_await judge_box(lab, offered, std::move(key), std::move(box));
  co_await still_serves(lab, "SEC-KEX-10");
}

// Opens, but what is in it is no key.
CASE(kex_short_key, "secure/box-with-short-key", checks("SEC-KEX-10"), after("secure/offer"),
     does(Effect::reads)) {
  auto offered = co_await take_offer(lab);
  const auto own = wire::make_box_key_pair(lab.random());
  std::string key(wire::view(own.public_key));
  std::string box = sealed("sixteen bytes...", own, offered.server);
  co_await judge_box(lab, offered, std::move(key), std::move(box));
}

}  // namespace deskcheck::conformance
