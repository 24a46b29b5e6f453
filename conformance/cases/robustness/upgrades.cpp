// Connections to the WebSocket ports that never become WebSockets.
#include "conformance/cases/still_serves.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"
#include "conformance/lab/query.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

// A handshake takes moments; what is documented for idle connections is 30 s, and some more is no
// harm.
constexpr net::Duration kLongestHandshake = 45s;

std::vector<std::string> unfinished_upgrades() {
  const std::string request = "GET /ws/id HTTP/1.1\r\nHost: example.test\r\nUpgrade: websocket\r\n";
  return {"", "GET", request, request + "X-Filler: " + std::string(4000, 'f')};
}

}  // namespace

// Nothing, a word, half of a request: each is given up sooner or later, at both ports.
CASE(unfinished_upgrade, "robustness/upgrades/unfinished", checks("ROB-05"),
     after("ports/rendezvous"), takes(kLongestHandshake), does(Effect::reads)) {
  const net::Endpoint home = lab.home();
  std::vector<net::Endpoint> ports = {lab.target().websocket};
  if (!lab.target().without.contains("relay.websocket"))
    ports.push_back(lab.target().relay_websocket);
  const auto deadline = lab.within(kLongestHandshake);
  std::vector<sim::MessageStream> waiting;
  for (const auto& port : ports)
    for (const auto& begin : unfinished_upgrades()) {
      auto connection = co_await lab.connect("slow", home, port);
      if (!begin.empty()) (void)co_await connection.send_bytes(begin, lab.within(5s));
      waiting.push_back(std::move(connection));
    }
  for (auto& connection : waiting) {
    auto end = co_await end_of(lab, connection, deadline);
    lab.verdict("ROB-05", end, Arrived());
  }
  co_await still_serves(lab, "ROB-05");
}

// Requests that are no upgrade, and bytes that are no request: whatever they are told, others are
// served.
CASE(wrong_upgrade, "robustness/upgrades/wrong", checks("ROB-02"), after("ports/rendezvous"),
     does(Effect::reads)) {
  if (lab.target().without.contains("rendezvous.websocket"))
    lab.not_applicable("the server has no WebSockets");
  const net::Endpoint home = lab.home();
  const std::string plain = "GET / HTTP/1.1\r\nHost: example.test\r\n\r\n";
  const std::string long_line = "GET /" + std::string(100'000, 'a') + " HTTP/1.1\r\n\r\n";
  const std::string noise = "\xFF" + lab.random().bytes(500) + "\r\n\r\n";
  for (const auto* bytes : {&plain, &long_line, &noise}) {
    auto connection = co_await lab.connect("lost", home, lab.target().websocket);
    (void)co_await connection.send_bytes(*bytes, lab.within(5s));
    connection.shutdown_send();
    (void)co_await connection.closed(lab.within(2s));
  }
  co_await still_serves(lab, "ROB-02");
}

}  // namespace deskcheck::conformance
