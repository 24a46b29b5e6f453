// What an operator can see of a server, as text: everything that a wrong policy in this area
// changes. For the test of the faults only.
#pragma once

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

  std::string text_;
};

}  // namespace deskcheck::server
