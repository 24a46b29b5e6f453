// The simulated device registers on a connection as the real client does. The case plays the
// server, with a key of its own.
#include "conformance/cases/client/device.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

constexpr net::Duration kPatience = 5s;

MATCHER(IsHeartbeat, "an empty frame") { return arg.arrived() && arg->empty(); }

// A server for one client: TCP at its port, WebSockets two above.
class Server {
 public:
  Server(Lab& lab, sim::Transport transport)
      : lab_(&lab), transport_(transport), keys_(wire::make_key_pair(lab.random())) {
    // Clients look for WebSockets two above the port that they know.
    listener_ = lab.world().network.listen(lab.home());
    tcp_ = listener_->local();
    if (transport == sim::Transport::websocket)
      tcp_.port = static_cast<std::uint16_t>(tcp_.port - 2);
  }

  sim::DeviceOptions device() const {
    auto options = device_options(*lab_, tcp_);
    options.key = wire::to_text(keys_.public_key);
    options.transport = transport_;
    return options;
  }

  // The next connection; blocked if there is none in time.
  Task<sim::MessageStream> connection(net::Duration patience = kPatience) {
    auto accepted = co_await listener_->accept(lab_->within(patience));
    if (!accepted)
      lab_->require("the device connects", accepted.error(), boost::system::error_code());
    if (transport_ != sim::Transport::websocket)
      co_return sim::MessageStream(std::move(*accepted), lab_->recorder("server"));
    auto socket =
        co_await net::WebSocket::accept(std::move(*accepted), 1 << 20, lab_->within(kPatience));
    if (!socket)
      lab_->require("the device asks for a WebSocket", socket.error(), boost::system::error_code());
    co_return sim::MessageStream(std::move(*socket), lab_->recorder("server"));
  }
  // The same, with the key agreed on where that belongs to it.
  Task<sim::MessageStream> secured_connection(net::Duration patience = kPatience) {
    auto stream = co_await connection(patience);
    if (transport_ != sim::Transport::websocket) co_await agree(stream);
    co_return std::move(stream);
  }
  Task<Answer<hbb::RendezvousMessage>> hear(sim::MessageStream& stream, net::Duration patience) {
    auto heard = co_await stream.receive_message(lab_->within(patience));
    co_return lab_->answer(std::move(heard), "what the device says");
  }
  template <class Member>
  Task<void> say(sim::MessageStream& stream, Member member) {
    const auto message = wrap<hbb::RendezvousMessage>(std::move(member));
    auto sent = co_await stream.send(message, lab_->within(kPatience));
    lab_->require("the server's sending", sent.has_value(), testing::IsTrue());
  }

 private:
  Task<void> agree(sim::MessageStream& stream) {
    const auto ephemeral = wire::make_box_key_pair(lab_->random());
    co_await say(stream, wire::offer_key_exchange(ephemeral, keys_));
    auto next = co_await stream.next<hbb::KeyExchange>(lab_->within(kPatience));
    auto answer = lab_->answer(std::move(next), "the device's key");
    lab_->require("the device answers the offer", answer, Arrived());
    const auto key = wire::finish_key_exchange(*answer, ephemeral);
    lab_->require("the device's key opens", key.has_value(), testing::IsTrue());
    stream.encrypt(*key);
  }

  Lab* lab_;
  sim::Transport transport_;
  wire::KeyPair keys_;
  net::Endpoint tcp_;
  std::unique_ptr<net::Listener> listener_;
};

hbb::RegisterPkResponse accepted(int keep_alive) {
  hbb::RegisterPkResponse response;
  response.set_keep_alive(keep_alive);
  return response;
}

// Registers, echoes, gives a silent connection up, and registers again on the next.
Task<void> judge_connections(Lab& lab, sim::Transport transport) {
  Server server(lab, transport);
  simulated_device(lab, server.device());
  for (int i = 0; i < 2; ++i) {
    auto stream = co_await server.secured_connection(25s);
    auto first = co_await server.hear(stream, 3s);
    if (!lab.verdict("CLI-TCP-01", first, RegistersKey())) co_return;
    co_await server.say(stream, accepted(10));
    auto beaten = co_await stream.send_plain(std::string(), lab.within(kPatience));
    lab.require("sending a heartbeat", beaten.has_value(), testing::IsTrue());
    const net::Time said = lab.now();
    auto received = co_await stream.receive(lab.within(kPatience));
    auto echo = lab.answer(std::move(received), "the echo of a heartbeat");
    lab.verdict("CLI-TCP-01", echo, IsHeartbeat());
    auto ended = co_await stream.closed(lab.within(30s));
    lab.require("the device ends a silent connection", ended.has_value(), testing::IsTrue());
    const net::Duration lasted = lab.now() - said;
    lab.verdict("CLI-TCP-01", lasted, IsBetween(15s, 15s + kTick + kSlack));
  }
}

}  // namespace

CASE(keeps_tcp, "client/connected/tcp", checks("CLI-TCP-01"), takes(60s), does(Effect::reads)) {
  co_await judge_connections(lab, sim::Transport::tcp);
}

CASE(keeps_websocket, "client/connected/websocket", checks("CLI-TCP-01"), takes(60s),
     does(Effect::reads)) {
  co_await judge_connections(lab, sim::Transport::websocket);
}

// Silence instead of an offer costs 18 s and the attempt.
CASE(waits_for_offer, "client/connected/no-offer", checks("CLI-TCP-02"), takes(40s),
     does(Effect::reads)) {
  Server server(lab, sim::Transport::tcp);
  simulated_device(lab, server.device());
  auto stream = co_await server.connection();
  const net::Time begun = lab.now();
  auto ended = co_await stream.receive(lab.within(25s));
  auto end = lab.answer(std::move(ended), "what the device says to silence");
  lab.verdict("CLI-TCP-02", end, Ends());
  const net::Duration waited = lab.now() - begun;
  lab.verdict("CLI-TCP-02", waited, IsBetween(18s - kSlack / 2, 18s + kSlack));
}

// Anything else is lost, and the device goes on without encryption.
CASE(goes_on_in_plain_text, "client/connected/other-first-message", checks("CLI-TCP-02"),
     after("client/connected/no-offer"), does(Effect::reads)) {
  Server server(lab, sim::Transport::tcp);
  simulated_device(lab, server.device());
  auto stream = co_await server.connection();
  hbb::TestNatResponse other;
  co_await server.say(stream, std::move(other));
  auto heard = co_await server.hear(stream, 3s);
  lab.verdict("CLI-TCP-02", heard, RegistersKey());
}

}  // namespace deskcheck::conformance
