// What an operator can see of a server, as text: everything that a wrong policy in this area
// changes. For the test of the faults only.
#pragma once

#include "proto/net/websocket.hpp"
#include "reference-server/rendezvous/desk.hpp"
#include "reference-server/testbed.hpp"

namespace deskcheck::server {

class OperatorConversation : public testbed::ServerTest {
 public:
  void TestBody() override {}
  std::string text(const WrongPolicies& wrong) {
    logic(wrong);
    options.faults.policies = wrong;
    options.bind = boost::asio::ip::address_v4::any();
    sim.add_host(testbed::host(100).address);
    const auto scenario = [this]() -> net::awaitable<void> { return consoles(); };
    with_server(scenario);
    const auto web = [this]() -> net::awaitable<void> { return websockets(); };
    const auto much = [this]() -> net::awaitable<void> { return limits(); };
    with_server(web);
    for (const auto& [session, total] : {std::pair(1.0, 1024.0), std::pair(1024.0, 1.0)}) {
      options.relay_limits.session = session;
      options.relay_limits.total = total;
      with_server(much);
    }
    return text_;
  }

 private:
  void note(const std::string& what) { text_ += what + "\n"; }

  void logic(const WrongPolicies& wrong) {
    Options o;
    o.faults.policies = wrong;
    o.relay_servers = {"r1", "r2"};
    o.lan = boost::asio::ip::make_network_v4("192.168.1.0/24");
    o.lan_relay = "192.168.1.1";
    o.software_url = "https://x/rustdesk-1.2.3.exe";
    o.serial = 4;
    o.control_permissions = 5;
    Desk desk(o);
    const auto config = [&](const net::Endpoint& from, const std::string& update) {
      desk.udp(from, "configure_update {" + update + "}");
      note(desk.udp(host(1, 5000), "register_peer {id: 'x' serial: 3}"));
    };
    config(host(1, 5000), "serial: 5 rendezvous_servers: 'a'");
    config(net::endpoint("127.0.0.1", 5), "serial: 4 rendezvous_servers: 'b'");
    config(net::endpoint("127.0.0.1", 5), "serial: 6 rendezvous_servers: 'c'");
    for (const char* version : {"1.2.3", "1.2.2"})
      note(desk.udp(host(1, 5), "software_update {url: '" + std::string(version) + "'}"));
    desk.udp(net::endpoint("192.168.1.5", 5000), register_pk("abcdefghi"));
    note(desk.tcp(1, host(2, 700), "punch_hole_request {id: 'abcdefghi'}"));
    desk.udp(host(1, 5000), register_pk("123456789"));
    for (int i = 0; i < 2; ++i) desk.tcp(1, host(2, 700), "punch_hole_request {id: '123456789'}");
    desk.udp(host(3, 5000), register_pk("udpdevice"));
    for (const std::string fields : {"udp_port: 9 socket_addr_v6: 'v6'", "force_relay: true", ""}) {
      note(desk.tcp(1, host(2, 700), "punch_hole_request {id: 'udpdevice' " + fields + "}"));
      const auto answer =
          server::to(host(2, 700),
                     "punch_hole_sent {id: 'udpdevice' nat_type: SYMMETRIC socket_addr_v6: 'v'}");
      note(desk.udp(host(3, 5001), answer));
      note(desk.tcp(2, host(3, 5002), answer));
    }
    note(desk.udp(host(3, 5001), "test_nat_request {}"));
    for (const char* command : {"h", "aur", "ib", "ic", "pr", "aur N", "rs", "rs a,b", "rs"})
      note(desk.command(command));
    auto& relays = desk.logic().relays();
    relays.reached(relays.generation(), {"b"});
    note(desk.command("rs"));
    relays.reached(relays.generation(), {});
    note(desk.command("rs"));
    desk.command("unknown");
    note(desk.command("h"));
  }

  net::awaitable<void> ask(net::Endpoint from, net::Endpoint to, std::string command) {
    auto hand = co_await connect(from, to);
    co_await hand.write(std::move(command));
    auto all = co_await hand.bytes(2000);
    note(all + hand.error().message());
  }
  net::awaitable<void> consoles() {
    const auto here = net::endpoint("127.0.0.2", 0);
    const auto console = net::endpoint("127.0.0.1", ports.relay.port);
    const std::vector<std::string> commands = {"h\n", "ba 1.2.3.4|1.2.3.5\n", "b\n", "sb\n"};
    for (const auto& command : commands) co_await ask(here, console, command);
    const std::string help = "h\n";
    co_await ask(testbed::host(1), testbed::host(100, ports.relay.port), help);
    auto silent = co_await connect(here, console);
    const bool ended = co_await silent.ended(5s);
    note(ended ? "closed" : "kept open");
  }

  // A wrong server may have gone.
  net::awaitable<void> put(testbed::Hand& hand, std::string bytes) {
    const auto deadline = net::in(sim, 5s);
    auto done = co_await net::write_all(hand.stream(), std::move(bytes), deadline);
    note(done ? "written" : done.error().message());
  }
  net::awaitable<net::Result<net::WebSocket>> open(net::Endpoint from, std::string path) {
    const net::Endpoint to(from.address.is_loopback() ? from.address : testbed::host(100).address,
                           ports.relay_websocket.port);
    const auto deadline = net::in(sim, 5s);
    auto stream = co_await world.network.connect(from, to, deadline);
    net::HttpHeaders headers;
    co_return co_await net::WebSocket::connect(std::move(*stream), "x", std::move(path),
                                               std::move(headers), 1 << 20, deadline);
  }
  net::awaitable<void> say(net::WebSocket& socket, std::string payload) {
    net::WebSocketMessage message(net::WebSocketMessage::Kind::binary, std::move(payload));
    const auto deadline = net::in(sim, 5s);
    auto sent = co_await socket.write(std::move(message), deadline);
    note(sent ? "sent" : "not sent");
  }
  net::awaitable<void> hear(net::WebSocket& socket) {
    for (;;) {
      const auto deadline = net::in(sim, 1s);
      auto message = co_await socket.read(deadline);
      note(message ? wire::describe_bytes(message->bytes) : message.error().message());
      if (!message) co_return;
    }
  }
  net::awaitable<testbed::Hand> party(int n) {
    auto hand = co_await connect(testbed::host(n), testbed::host(100, ports.relay.port));
    const auto request = testbed::request_relay("x");
    co_await hand.send(request);
    co_return hand;
  }

  net::awaitable<void> websockets() {
    const auto request = testbed::request_relay("x").SerializeAsString();
    for (const auto& from : {testbed::host(1), net::endpoint("127.0.0.2", 0)}) {
      auto first = co_await open(from, "/ws/relay");
      auto second = co_await open(testbed::host(2), "/");
      note(first && second ? "both there" : "not both there");
      if (!first || !second) co_return;
      co_await say(*first, request);
      co_await say(*second, request);
      const std::vector<std::string> payloads = {"hello", "", "bye"};
      for (const auto& payload : payloads) co_await say(*second, payload);
      co_await hear(*first);
      co_await hear(*second);
    }
    auto first = co_await party(1);
    auto other = co_await connect(testbed::host(1), testbed::host(100, ports.relay.port));
    const auto registration = testbed::register_peer("123456789");
    co_await other.send(registration);
    bool ended = co_await other.ended(5s);
    note(ended ? "refused" : "kept");
    auto silent = co_await connect(testbed::host(1), testbed::host(100, ports.relay.port));
    ended = co_await silent.ended(40s);
    note(ended ? "closed" : "kept");
  }

  net::awaitable<void> limits() {
    auto first = co_await party(1);
    auto second = co_await party(2);
    const auto begin = sim.now();
    net::TaskGroup writer(world.executor);
    writer.spawn("writer", put(first, std::string(400 << 10, 'x')));
    const auto all = co_await second.bytes(400 << 10);
    note(std::to_string(std::count(all.begin(), all.end(), 'x')) + " after " +
         std::to_string((sim.now() - begin) / 100ms));
    co_await writer.join();
    for (int i = 0; i < 3; ++i) {
      co_await put(first, "x");
      auto heard = co_await second.bytes(1);
      note(heard);
      co_await net::sleep_until(sim, sim.now() + 20s);
    }
    bool ended = co_await second.ended(40s);
    note(ended ? "idle" : "kept");
    auto third = co_await party(3);
    auto fourth = co_await party(4);
    const auto here = net::endpoint("127.0.0.2", 0);
    const auto console = net::endpoint("127.0.0.1", ports.relay.port);
    const std::string block = "Ba 10.0.0.3\n";
    co_await ask(here, console, block);
    ended = co_await fourth.ended(5s);
    note(ended ? "blocked" : "kept");
    auto fifth = co_await party(3);
    ended = co_await fifth.ended(5s);
    note(ended ? "blocked" : "kept");
  }

  std::string text_;
};

}  // namespace deskcheck::server
