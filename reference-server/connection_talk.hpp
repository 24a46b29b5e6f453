// What is said on the connections of the rendezvous port that are secured or kept: a conversation
// in which every wrong policy about them shows. Tests only.
#pragma once

#include "proto/wire/describe.hpp"
#include "reference-server/rendezvous/desk.hpp"
#include "reference-server/web_hand.hpp"

namespace deskcheck::server {

class ConnectionTalk : public testbed::WebTest {
 public:
  void TestBody() override {}
  std::string text(const WrongPolicies& wrong) {
    options.faults.policies = wrong;
    options.identity = wire::key_pair_from_seed({});
    const auto exchanges = [this]() -> net::awaitable<void> { return key_exchanges(); };
    const auto device = [this]() -> net::awaitable<void> { return devices(); };
    with_server(exchanges);
    const auto tunnel = [this]() -> net::awaitable<void> { return tunnels(); };
    const auto websocket = [this]() -> net::awaitable<void> { return websockets(); };
    with_server(device);
    options.trusted_proxies = {*AddressRange::parse("10.0.0.7")};
    with_server(websocket);
    with_server(tunnel);
    return text_;
  }

 private:
  using Hand = testbed::Hand;
  using Message = testbed::Message;
  void note(const std::string& what) { text_ += what + "\n"; }
  void note(const std::optional<Message>& message) {
    note(message ? wire::describe(*message) : "nothing");
  }

  net::awaitable<std::string> offered() {
    auto hand = co_await connect(testbed::host(1), ports.rendezvous);
    const auto offer = co_await hand.receive(1s);
    note(offer);
    co_return offer ? offer->SerializeAsString() : "";
  }
  net::awaitable<Hand> secured(int n) {
    auto hand = co_await connect(testbed::host(n), ports.rendezvous);
    const bool done = co_await hand.secure(options.identity->public_key);
    note(done ? "secured" : "not secured");
    co_return hand;
  }
  // What comes after a question for nobody's path.
  net::awaitable<void> ask(Hand& hand) {
    const auto request = testbed::punch_hole_request("nobody");
    co_await hand.send(request);
    const auto answer = co_await hand.receive_payload(1s);
    note(answer ? wire::describe_bytes(*answer) : hand.error().message());
  }

  net::awaitable<void> key_exchanges() {
    const auto first = co_await offered();
    const auto second = co_await offered();
    note(first == second ? "the same key" : "another key");
    {
      auto hand = co_await secured(1);
      co_await hand.send_payload("");
      co_await ask(hand);
      co_await hand.send_payload(std::string(20, 'x'));
      const bool ended = co_await hand.ended(1s);
      note(ended ? "ended" : "goes on");
    }
    {
      auto hand = co_await connect(testbed::host(1), ports.rendezvous);
      const auto offer = co_await hand.receive(1s);
      co_await ask(hand);
      const auto once_more = co_await hand.receive(1s);
      note(once_more);
    }
    auto hand = co_await connect(testbed::host(1), ports.rendezvous);
    const auto offer = co_await hand.receive(1s);
    const auto bad = message(
        "key_exchange {keys: '0123456789abcdef0123456789abcdef' "
        "keys: '0123456789abcdef0123456789abcdef0123456789abcdef'}");
    co_await hand.send(bad);
    const bool ended = co_await hand.ended(1s);
    note(ended ? "ended" : "goes on");
  }

  net::awaitable<void> registers(Hand& hand, std::string uuid) {
    const auto registration = testbed::register_pk("123456789", uuid);
    co_await hand.send(registration);
    const auto answer = co_await hand.receive(1s);
    note(answer);
  }
  // Whether the device at the other end of `hand` is asked.
  net::awaitable<void> reaches(Hand& device) {
    auto controller = co_await connect(testbed::host(9), ports.rendezvous);
    const auto offer = co_await controller.receive(1s);
    const auto request = testbed::punch_hole_request("123456789");
    co_await controller.send(request);
    const auto refusal = co_await controller.receive(1s);
    note(refusal);
    const auto push = co_await device.receive_payload(1s);
    note(push ? "pushed" : "not pushed");
  }
  net::awaitable<void> dot() {
    auto controller = co_await connect(testbed::host(9), ports.nat);
    const auto request = message("online_request {id: 'c' peers: '123456789'}");
    co_await controller.send(request);
    const auto states = co_await controller.receive(1s);
    note(states);
  }

  net::awaitable<void> devices() {
    {
      auto device = co_await secured(1);
      co_await registers(device, "uuid");
      co_await reaches(device);
      co_await dot();
      auto stranger = co_await secured(2);
      co_await registers(stranger, "another");
      const bool ended = co_await stranger.ended(1s);
      note(ended ? "ended" : "goes on");
      for (int i = 0; i < 4; ++i) {
        const auto begin = sim.now();
        const auto heartbeat = co_await device.receive_payload(60s);
        note(heartbeat ? std::to_string((sim.now() - begin) / 1s) + " s" : "no heartbeat");
        if (!heartbeat) break;
        co_await device.send_payload("");
      }
    }
    co_await net::sleep_for(sim, 1s);
    auto nobody = co_await secured(1);
    co_await reaches(nobody);
    co_await dot();
  }

  void note(const std::optional<net::WebSocketMessage>& message) {
    if (!message) return note("nothing");
    note(std::to_string(static_cast<int>(message->kind)) + " " +
         wire::describe_bytes(message->bytes));
  }
  // Two questions of one device's path from two clients with the same header, the first one's
  // answer.
  net::awaitable<void> proxied(net::HttpHeaders headers, int proxy) {
    auto device = co_await web_connect(testbed::host(1), "/");
    const auto registration = testbed::register_pk("123456789");
    co_await device.send(registration);
    auto answer = co_await device.receive(1s);
    const auto request = testbed::punch_hole_request("123456789");
    auto first = co_await web_connect(testbed::host(proxy), "/", headers);
    auto second = co_await web_connect(testbed::host(proxy), "/", headers);
    co_await first.send(request);
    const auto push = co_await device.receive(1s);
    note(push ? wire::decode_address(push->punch_hole().socket_addr()).address.to_string()
              : "no push");
    co_await second.send(request);
    Message relay;
    relay.mutable_relay_response()->set_id("123456789");
    if (push) relay.mutable_relay_response()->set_socket_addr(push->punch_hole().socket_addr());
    auto answering = co_await web_connect(testbed::host(1), "/");
    co_await answering.send(relay);
    answer = co_await first.receive(1s);
    note(answer ? "answered" : "not answered");
  }

  net::awaitable<void> websockets() {
    {
      auto hand = co_await web_connect(testbed::host(1), "/ws/id");
      const auto request = testbed::punch_hole_request("nobody");
      co_await hand.send(request);
      for (int i = 0; i < 2; ++i) {
        const auto answer = co_await hand.next(1s);
        note(answer);
      }
      net::WebSocketMessage text(testbed::Kind::text, request.SerializeAsString());
      co_await hand.write(std::move(text));
      const auto answer = co_await hand.next(1s);
      note(answer);
    }
    if (!options.faults.policies.websocket_messages_have_headers &&
        !options.faults.policies.websocket_answers_are_texts &&
        !options.faults.policies.websocket_needs_key_exchange) {
      const net::HttpHeaders real = {{"X-Real-IP", "203.0.113.7"}};
      const net::HttpHeaders bad = {{"X-Real-IP", "somebody"}};
      co_await proxied(real, 7);
      co_await proxied(real, 8);
      co_await proxied(bad, 7);
    }
    auto hand = co_await connect(testbed::host(1), ports.websocket);
    const std::string half = "GET / HTTP/1.1\r\n";
    co_await hand.write(half);
    const bool ended = co_await hand.ended(60s);
    note(ended ? "ended" : "goes on");
  }

  net::awaitable<void> tunnels() {
    auto hand = co_await secured(1);
    const auto request = message("http_proxy_request {method: 'GET' path: '/api/login-options'}");
    co_await hand.send(request);
    const auto answer = co_await hand.receive(36s);
    note(answer);
  }

  std::string text_;
};

}  // namespace deskcheck::server
