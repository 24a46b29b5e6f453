// Who may use the relay.
#include "conformance/lab/matchers.hpp"
#include "conformance/lab/relay_party.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

enum class Relay { asks_for_a_key, takes_everybody };

// From here on the target is such a relay: this one, or one of the case's own.
Task<void> need(Lab& lab, Relay kind) {
  const auto& known = lab.target().relay_licence_key;
  if (!known)
    lab.not_applicable(
        "whether the relay asks for a key is not known: say it with --relay-key, or with "
        "relay-licence-key in the target file");
  if (known->empty() == (kind == Relay::takes_everybody)) co_return;
  ServerSetup setup;  // the default one asks for the server's public key
  if (kind == Relay::takes_everybody) setup.licence = ServerSetup::Licence::none;
  co_await lab.own_server(std::move(setup));
  if (kind == Relay::asks_for_a_key && lab.target().key_for_relay().empty())
    lab.not_applicable("a server that signs nothing has no key to ask for");
}

std::vector<std::string> wrong_keys(const Lab& lab) {
  const std::string& right = lab.target().key_for_relay();
  return {"", "not the key", right.substr(0, right.size() - 1)};
}

}  // namespace

// Strangers without the key are sent away, and nobody is joined to them: the two who have the key
// and come after them, under the same number, find each other.
CASE(relay_wrong_key, "relay/licence/wrong-key", checks("RLY-KEY-01"),
     after("relay/pairing/two-parties"), does(Effect::restarts)) {
  co_await need(lab, Relay::asks_for_a_key);
  const net::Endpoint home = lab.home();
  for (const std::string& key : wrong_keys(lab)) {
    const std::string session = fresh_session(lab);
    auto stranger = co_await relay_party(lab, "stranger", home);
    auto request = stranger.request_for(session);
    request.set_licence_key(key);
    co_await stranger.try_to_request(request);
    auto end = co_await stranger.hear(lab.within(5s));
    if (!lab.verdict("RLY-KEY-01", end, Ends())) co_return;

    auto first = co_await relay_party(lab, "first", home);
    co_await first.join(session);
    auto second = co_await relay_party(lab, "second", home);
    co_await second.join(session);
    co_await second.say("from the second");
    auto heard = co_await first.hear(lab.within(5s));
    lab.verdict("RLY-KEY-01", heard, Hears("from the second"));
  }
}

// Somebody who waits is not disturbed by a stranger who names his number without the key.
CASE(relay_wrong_key_meanwhile, "relay/licence/waiting-party", checks("RLY-KEY-01", "RLY-KEY-03"),
     after("relay/pairing/two-parties"), does(Effect::restarts)) {
  co_await need(lab, Relay::asks_for_a_key);
  const std::string session = fresh_session(lab);
  const net::Endpoint home = lab.home();
  auto first = co_await relay_party(lab, "first", home);
  co_await first.join(session);
  for (const std::string& key : wrong_keys(lab)) {
    auto stranger = co_await relay_party(lab, "stranger", home);
    auto request = stranger.request_for(session);
    request.set_licence_key(key);
    co_await stranger.try_to_request(request);
    co_await stranger.try_to_say("from a stranger");
    auto end = co_await stranger.hear(lab.within(5s));
    lab.verdict("RLY-KEY-01", end, Ends());
  }
  auto second = co_await relay_party(lab, "second", home);
  co_await second.join(session);
  co_await second.say("from the second");
  auto heard = co_await first.hear(lab.within(5s));
  lab.verdict("RLY-KEY-03", heard, Hears("from the second"));
}

// A relay that asks for no key takes every key that clients may have.
CASE(relay_without_key, "relay/licence/open-relay", checks("RLY-KEY-02"),
     after("relay/pairing/two-parties"), does(Effect::restarts)) {
  co_await need(lab, Relay::takes_everybody);
  const net::Endpoint home = lab.home();
  const std::string session = fresh_session(lab);
  auto first = co_await relay_party(lab, "first", home);
  auto keyless = first.request_for(session);
  keyless.clear_licence_key();
  co_await first.try_to_request(keyless);
  co_await lab.wait(200ms);  // for the first to be the first
  auto second = co_await relay_party(lab, "second", home);
  auto keyed = second.request_for(session);
  keyed.set_licence_key("anything");
  co_await second.try_to_request(keyed);

  co_await second.try_to_say("from the second");
  auto heard = co_await first.hear(lab.within(5s));
  lab.verdict("RLY-KEY-02", heard, Hears("from the second"));
}

}  // namespace deskcheck::conformance
