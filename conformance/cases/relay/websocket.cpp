// Relayed sessions with parties that come by WebSocket: what is a frame on one side is a Binary
// message on the other.
#include "conformance/lab/matchers.hpp"
#include "conformance/lab/meanwhile.hpp"
#include "conformance/lab/operator.hpp"
#include "conformance/lab/relay_party.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

using Kind = net::WebSocketMessage::Kind;

MATCHER_P(IsBinary, bytes, "one Binary message of " + show_bytes(bytes)) {
  return arg.arrived() && arg->kind == Kind::binary && arg->bytes == bytes;
}

Task<Answer<sim::MessageStream>> upgrade_at_relay(Lab& lab, std::string name, net::Endpoint home,
                                                  std::string path) {
  sim::Upgrade upgrade;
  upgrade.path = std::move(path);
  auto notes = lab.recorder(std::move(name));
  auto stream = co_await sim::MessageStream::connect_websocket(
      lab.world(), home, lab.target().relay_websocket, upgrade, notes, lab.within(5s));
  co_return lab.answer(std::move(stream), "a WebSocket to the relay");
}

// Connected; blocked if that fails.
Task<LabRelayParty> websocket_party(Lab& lab, std::string name, net::Endpoint home) {
  auto stream = co_await upgrade_at_relay(lab, std::move(name), home, "/");
  lab.require("the relay takes a WebSocket", stream, Arrived());
  LabRelayParty party(lab, std::move(*stream));
  co_return std::move(party);
}

// The next message of a WebSocket, as it is.
Task<Answer<net::WebSocketMessage>> next_message(Lab& lab, LabRelayParty& party) {
  auto message = co_await party.connection().receive_any(lab.within(5s));
  co_return lab.answer(std::move(message), "the next message of a WebSocket");
}

struct Mixed {
  LabRelayParty tcp, websocket;
};

// One of each kind, joined; the one over TCP comes first or second.
Task<Mixed> join_mixed(Lab& lab, bool tcp_first) {
  const std::string number = fresh_session(lab);
  auto tcp = co_await relay_party(lab, "over TCP", lab.home());
  auto websocket = co_await websocket_party(lab, "by WebSocket", lab.home());
  LabRelayParty& first = tcp_first ? tcp : websocket;
  LabRelayParty& second = tcp_first ? websocket : tcp;
  co_await first.join(number);
  co_await second.join(number);
  Mixed mixed{std::move(tcp), std::move(websocket)};
  co_return std::move(mixed);
}

// Beside whoever hears them, for they are more than fits on the way; it must not throw.
Task<void> say_all(LabRelayParty* party, std::string bytes, net::Deadline deadline) {
  (void)co_await party->connection().send_bytes(std::move(bytes), deadline);
}

Task<void> say_message(LabRelayParty* party, std::string payload, net::Deadline deadline) {
  (void)co_await party->connection().send(std::move(payload), deadline);
}

Task<void> judge_messages(Lab& lab, LabRelayParty& websocket,
                          const std::vector<std::string>& payloads) {
  for (const auto& payload : payloads) {
    auto heard = co_await next_message(lab, websocket);
    if (!lab.verdict("RLY-DATA-02", heard, IsBinary(payload))) co_return;
  }
}

Task<void> judge_frame(Lab& lab, LabRelayParty& tcp, std::string payload, bool& right) {
  auto heard = co_await tcp.hear(lab.within(5s));
  right = lab.verdict("RLY-DATA-02", heard, Hears(payload));
}

Task<void> judge_message(Lab& lab, LabRelayParty& websocket, std::string payload, bool& right) {
  auto heard = co_await next_message(lab, websocket);
  right = lab.verdict("RLY-DATA-03", heard, IsBinary(payload));
}

// Payloads of the sizes at which headers grow, on both sides.
std::vector<std::string> payloads(Lab& lab) {
  std::vector<std::string> all;
  for (const std::size_t size : {1U, 63U, 64U, 125U, 126U, 16383U, 16384U, 65535U, 65536U, 300000U})
    all.push_back(lab.random().bytes(size));
  return all;
}

}  // namespace

// Whatever path a proxy in front of the relay leaves in the request.
CASE(relay_paths, "relay/websocket/paths", checks("RLY-WS-01"), does(Effect::reads)) {
  const net::Endpoint home = lab.home();
  for (const char* path : {"/", "/ws/relay", "/ws/relay?token=1", "/anything/else"}) {
    auto one = co_await upgrade_at_relay(lab, "first", home, path);
    if (!lab.verdict("RLY-WS-01", one, Arrived())) continue;
    auto other = co_await upgrade_at_relay(lab, "second", home, path);
    if (!lab.verdict("RLY-WS-01", other, Arrived())) continue;
    LabRelayParty first(lab, std::move(*one)), second(lab, std::move(*other));
    const std::string number = fresh_session(lab);
    co_await first.join(number);
    co_await second.join(number);
    co_await second.try_to_say("from the second");
    auto heard = co_await first.hear(lab.within(5s));
    lab.verdict("RLY-WS-01", heard, Arrived());  // what arrives is others' to judge
  }
}

// A proxy on the server's own host connects from loopback, and is no operator there.
CASE(relay_behind_proxy, "relay/websocket/from-loopback", checks("RLY-WS-02"),
     after("relay/websocket/paths"), does(Effect::reads)) {
  const LabOperator here(lab);
  const net::Endpoint loopback{boost::asio::ip::address_v4::loopback(), 0};
  const std::string number = fresh_session(lab);
  auto one = co_await upgrade_at_relay(lab, "first", loopback, "/");
  if (!lab.verdict("RLY-WS-02", one, Arrived())) co_return;
  auto other = co_await upgrade_at_relay(lab, "second", loopback, "/");
  if (!lab.verdict("RLY-WS-02", other, Arrived())) co_return;
  LabRelayParty first(lab, std::move(*one)), second(lab, std::move(*other));
  co_await first.join(number);
  co_await second.join(number);
  co_await second.try_to_say("from the second");
  auto heard = co_await first.hear(lab.within(5s));
  lab.verdict("RLY-WS-02", heard, Hears("from the second"));
}

// One over TCP, one by WebSocket: frames and messages are the same, however TCP cuts them.
CASE(relay_mixed, "relay/websocket/mixed", checks("RLY-DATA-02"), after("relay/websocket/paths"),
     does(Effect::reads)) {
  for (const bool tcp_first : {true, false}) {
    auto session = co_await join_mixed(lab, tcp_first);
    const auto all = payloads(lab);
    std::string frames;
    for (const auto& payload : all) frames += wire::encode_frame(payload).value();
    auto said = say_all(&session.tcp, frames, lab.within(10s));
    auto judged = judge_messages(lab, session.websocket, all);
    co_await meanwhile(lab, std::move(said), std::move(judged));
    for (const auto& payload : all) {
      bool right = false;
      auto one_said = say_message(&session.websocket, payload, lab.within(10s));
      auto one_judged = judge_frame(lab, session.tcp, payload, right);
      co_await meanwhile(lab, std::move(one_said), std::move(one_judged));
      if (!right) co_return;
    }
  }
}

// What a party says at once, before it has a partner, is a message as all others.
CASE(relay_mixed_early, "relay/websocket/early", checks("RLY-DATA-02"),
     after("relay/websocket/mixed"), does(Effect::reads)) {
  for (const bool tcp_first : {true, false}) {
    const std::string number = fresh_session(lab);
    auto tcp = co_await relay_party(lab, "over TCP", lab.home());
    auto websocket = co_await websocket_party(lab, "by WebSocket", lab.home());
    LabRelayParty& first = tcp_first ? tcp : websocket;
    LabRelayParty& second = tcp_first ? websocket : tcp;
    co_await first.join(number);
    co_await first.say("one");
    co_await first.say("two");
    co_await second.join(number);
    auto one = co_await second.hear(lab.within(5s));
    lab.verdict("RLY-DATA-02", one, Hears("one"));
    auto two = co_await second.hear(lab.within(5s));
    lab.verdict("RLY-DATA-02", two, Hears("two"));
  }
}

// Both by WebSocket.
CASE(relay_websockets, "relay/websocket/both", checks("RLY-DATA-03"),
     after("relay/websocket/paths"), does(Effect::reads)) {
  const std::string number = fresh_session(lab);
  auto first = co_await websocket_party(lab, "first", lab.home());
  co_await first.join(number);
  auto second = co_await websocket_party(lab, "second", lab.home());
  co_await second.join(number);
  for (auto* from : {&first, &second}) {
    auto& to = from == &first ? second : first;
    for (const auto& payload : payloads(lab)) {
      bool right = false;
      auto said = say_message(from, payload, lab.within(10s));
      auto judged = judge_message(lab, to, payload, right);
      co_await meanwhile(lab, std::move(said), std::move(judged));
      if (!right) co_return;
    }
  }
}

// The empty message with which a controller without keys begins, in both directions.
CASE(relay_empty, "relay/websocket/empty", checks("RLY-DATA-04"), after("relay/websocket/mixed"),
     does(Effect::reads)) {
  auto session = co_await join_mixed(lab, true);
  co_await session.tcp.try_to_say("");
  auto at_websocket = co_await next_message(lab, session.websocket);
  lab.verdict("RLY-DATA-04", at_websocket, IsBinary(std::string()));
  co_await session.websocket.try_to_say("");
  auto at_tcp = co_await session.tcp.hear(lab.within(5s));
  lab.verdict("RLY-DATA-04", at_tcp, Hears(""));

  const std::string number = fresh_session(lab);
  auto first = co_await websocket_party(lab, "first", lab.home());
  co_await first.join(number);
  auto second = co_await websocket_party(lab, "second", lab.home());
  co_await second.join(number);
  co_await first.try_to_say("");
  auto empty = co_await next_message(lab, second);
  lab.verdict("RLY-DATA-04", empty, IsBinary(std::string()));
}

}  // namespace deskcheck::conformance
