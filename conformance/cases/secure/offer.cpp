// The server offers encryption on TCP P: first, signed, anew for every connection, and once.
#include "conformance/lab/controller.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t kSignedKeySize = 96;  // a signature and an X25519 key

MATCHER(OffersOneKey, "a key_exchange with one key of 96 bytes") {
  return arg.arrived() && arg->has_key_exchange() && arg->key_exchange().keys_size() == 1 &&
         arg->key_exchange().keys(0).size() == kSignedKeySize;
}
MATCHER_P(IsSignedBy, server, "the signature of the server's key before an X25519 key") {
  return wire::verify(arg, server).has_value();
}

const wire::PublicKey& server_key(Lab& lab) {
  if (!lab.target().key) lab.not_applicable("a server that signs nothing cannot offer encryption");
  return *lab.target().key;
}

// What the server says to somebody who says nothing.
Task<Answer<hbb::RendezvousMessage>> first_message(Lab& lab) {
  auto stream = co_await lab.connect("client", lab.home(), lab.target().rendezvous);
  auto first = co_await stream.receive_message(lab.within(5s));
  co_return lab.answer(std::move(first), "the server's first message");
}

// How many offers come before the answer to a plain request; counts to three. Blocked if nothing
// comes.
Task<int> offers_before_answer(Lab& lab, Over over) {
  auto controller = lab.controller(over);
  co_await controller.send(controller.request_for(lab.fresh_id()));
  int offers = 0;
  while (offers < 3) {
    auto message = co_await controller.connection().receive_message(lab.within(5s));
    auto heard = lab.answer(std::move(message), "an offer of encryption, or the answer");
    lab.require("the server answers", heard, Arrived());
    if (!heard->has_key_exchange()) co_return offers;
    ++offers;
  }
  co_return offers;
}

}  // namespace

CASE(kex_offer, "secure/offer", checks("SEC-KEX-01", "SEC-KEX-02"), does(Effect::reads)) {
  const auto& key = server_key(lab);
  auto first = co_await first_message(lab);
  if (!lab.verdict("SEC-KEX-01", first, OffersOneKey())) co_return;
  lab.verdict("SEC-KEX-02", first->key_exchange().keys(0), IsSignedBy(key));
}

// The key that is agreed upon with an old connection's would be the same again.
CASE(kex_fresh, "secure/fresh-key", checks("SEC-KEX-11"), after("secure/offer"),
     does(Effect::reads)) {
  const auto& key = server_key(lab);
  std::vector<std::string> offered;
  for (int i = 0; i < 2; ++i) {
    auto first = co_await first_message(lab);
    lab.require("the server offers encryption", first, OffersOneKey());
    const auto ephemeral = wire::verify(first->key_exchange().keys(0), key);
    lab.require("the offer is signed", ephemeral.has_value(), testing::IsTrue());
    offered.push_back(*ephemeral);
  }
  lab.verdict("SEC-KEX-11", offered[1], testing::Ne(offered[0]));
}

// Plain readers skip one offer, whatever the connection.
CASE(kex_once, "secure/one-offer", checks("SEC-KEX-07"), does(Effect::reads)) {
  const int offers = co_await offers_before_answer(lab, Over::tcp);
  lab.verdict("SEC-KEX-07", offers, testing::Le(1));
}

CASE(kex_once_websocket, "secure/one-offer-websocket", checks("SEC-KEX-07"), does(Effect::reads)) {
  if (lab.target().without.contains("rendezvous.websocket"))
    lab.not_applicable("the server has no WebSockets");
  const int offers = co_await offers_before_answer(lab, Over::websocket);
  lab.verdict("SEC-KEX-07", offers, testing::Le(1));
}

}  // namespace deskcheck::conformance
