// Two clients at the relay that the server names, over TCP.
#include "conformance/doctor/relay.hpp"

#include "client-sim/session/client_facts.hpp"
#include "client-sim/session/relay_leg.hpp"
#include "conformance/doctor/identify.hpp"

#include <fmt/format.h>

namespace deskcheck::doctor {

namespace {

namespace ip = boost::asio::ip;

bool is_private(const ip::address& address) {
  if (address.is_loopback()) return true;
  if (address.is_v6())
    return address.to_v6().is_link_local() || (address.to_v6().to_bytes()[0] & 0xFE) == 0xFC;
  const auto n = address.to_v4().to_uint();
  return (n >> 24) == 10 || (n >> 20) == 0xAC1 || (n >> 16) == 0xC0A8 || (n >> 16) == 0xA9FE;
}

// Where clients are sent to. False: nowhere, and told.
Task<bool> find_relay(Visit& visit) {
  if (visit.relay_text.empty()) co_return true;
  const auto place = taken_apart(visit.relay_text);
  auto found = co_await visit.patient.look_up(place.host, visit.patience());
  if (!found || found->empty()) {
    visit.find(
        Step::relay, Status::broken,
        fmt::format("hbbs names the relay {}, which has no address", first_line(visit.relay_text)),
        "the name in hbbs's list of relays (-r) is misspelt or gone",
        "start hbbs with -r and a name that clients can resolve");
    co_return false;
  }
  ip::address address = found->front();
  for (const auto& one : *found)
    if (one.is_v4() == visit.rendezvous.address.is_v4()) address = one;
  const bool moved = net::Endpoint{address, place.port} != visit.relay;
  visit.relay = {address, place.port};
  if (moved) visit.relay_websocket = sim::websocket_of(visit.relay);
  if (is_private(address) && !is_private(visit.rendezvous.address)) {
    visit.find(Step::relay, Status::broken,
               fmt::format("hbbs names the relay {}, an address that clients outside cannot reach",
                           to_string(visit.relay)),
               "hbbs was started with -r and the inner address of the relay",
               "start hbbs with -r and the name or address at which clients reach the relay");
    co_return false;
  }
  co_return true;
}

void block_pair(Visit& visit, Step needed) {
  visit.block(Step::relay_key, needed);
  visit.block(Step::pairing, needed);
}

// From the server's own host an open-source relay takes everybody for its operator, whose commands
// it answers with a text. server:src/relay_server.rs:check_cmd
Task<bool> is_console(Visit& visit) {
  if (!visit.relay.address.is_loopback()) co_return false;
  std::string help = "h";
  const auto answer = co_await heard_after(visit, visit.relay, std::move(help));
  co_return answer.find("blacklist") != answer.npos;
}

void explain_pairing(Visit& visit, const Pairing& pairing) {
  const auto place = to_string(visit.relay);
  if (pairing.kind == Pairing::Kind::ended) {
    explain_relay_key(visit, Step::relay_key, place);
    return visit.block(Step::pairing, Step::relay_key);
  }
  visit.ok(Step::relay_key, "hbbr keeps the connection");
  visit.find(Step::pairing, Status::broken,
             pairing.kind == Pairing::Kind::silent
                 ? fmt::format("two clients at {} do not hear each other", place)
                 : fmt::format("what two clients say to each other at {} arrives changed", place),
             "hbbr hangs, something else has its port, or several relays stand behind one name",
             "look at the log of hbbr; send both clients of a pair to one relay");
}

}  // namespace

HostAndPort taken_apart(const std::string& text) {
  HostAndPort place;
  place.port = sim::kRelayPort;
  if (const auto literal = sim::parse_host(text, sim::kRelayPort)) {
    place.host = literal->address.to_string();
    place.port = literal->port;
    return place;
  }
  const auto colon = text.rfind(':');
  place.host = text.substr(0, colon);
  if (colon == text.npos) return place;
  const int port = std::atoi(text.c_str() + colon + 1);
  if (port > 0 && port < 65536) place.port = static_cast<std::uint16_t>(port);
  return place;
}

void explain_relay_key(Visit& visit, Step step, const std::string& place) {
  const bool given = !visit.patient.profile.relay_licence_key.value_or(visit.patient.key).empty();
  visit.find(step, step == Step::relay_key ? Status::broken : Status::warning,
             fmt::format("hbbr at {} sends clients {} away", place,
                         given ? "with this key" : "without a key"),
             "hbbr has another key than hbbs: it was started in another folder, or with another -k",
             "give hbbr the id_ed25519 files of hbbs, or the same -k, and restart it");
}

Task<void> try_relay(Visit& visit) {
  visit.begin(Step::relay);
  if (visit.lacks("relay.tcp")) {
    for (const auto step : {Step::relay, Step::relay_key, Step::pairing})
      visit.skip(step, "the server does not claim it");
    co_return;
  }
  const bool found = co_await find_relay(visit);
  if (!found) co_return block_pair(visit, Step::relay);
  visit.begin(Step::relay_key);
  visit.begin(Step::pairing);
  Join join = [&visit](hbb::RequestRelay request) -> Task<net::Result<sim::MessageStream>> {
    const sim::Recorder nobody;
    std::string place = to_string(visit.relay);
    auto stream =
        co_await sim::join_relay(sim::Transport::tcp, visit.world, visit.home(visit.relay),
                                 std::move(place), std::move(request), nobody, visit.patience());
    co_return stream;
  };
  std::string which(to_string(Step::pairing));
  const auto pairing = co_await pair_up(visit, std::move(which), std::move(join));
  if (pairing.kind == Pairing::Kind::no_connection) {
    explain_connect(visit, Step::relay, Status::broken, visit.relay, pairing.why);
    co_return block_pair(visit, Step::relay);
  }
  const auto place = to_string(visit.relay);
  if (pairing.kind == Pairing::Kind::paired) {
    visit.ok(Step::relay,
             fmt::format("TCP {} takes clients{}", place,
                         visit.relay_text.empty() ? "" : "; it is the one that hbbs names"));
    visit.ok(Step::relay_key, "hbbr takes the key, or asks for none");
    co_return visit.ok(Step::pairing, "two clients hear each other");
  }
  const auto speaker = co_await identify(visit, visit.relay);
  if (explain_speaker(visit, Step::relay, Status::broken, visit.relay, speaker))
    co_return block_pair(visit, Step::relay);
  visit.ok(Step::relay, fmt::format("TCP {} takes connections", place));
  if (visit.is(Step::key, Status::broken)) co_return block_pair(visit, Step::key);
  const bool console = co_await is_console(visit);
  if (console) {
    for (const auto step : {Step::relay_key, Step::pairing})
      visit.skip(step, "from its own host hbbr takes everybody for its operator");
    co_return;
  }
  explain_pairing(visit, pairing);
}

}  // namespace deskcheck::doctor
