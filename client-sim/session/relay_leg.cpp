#include "client-sim/session/relay_leg.hpp"

#include "client-sim/session/client_facts.hpp"

namespace deskcheck::sim {

net::Endpoint websocket_of(net::Endpoint tcp) {
  tcp.port = static_cast<std::uint16_t>(tcp.port + 2);
  return tcp;
}

Task<net::Result<MessageStream>> connect_as(Transport transport, net::World world,
                                            net::Endpoint home, net::Endpoint to, Recorder recorder,
                                            net::Deadline deadline) {
  if (transport != Transport::websocket) {
    auto stream = co_await MessageStream::connect(world, home, to, recorder, deadline);
    co_return stream;
  }
  const Upgrade upgrade;
  auto socket = co_await MessageStream::connect_websocket(world, home, websocket_of(to), upgrade,
                                                          recorder, deadline);
  co_return socket;
}

Task<net::Result<MessageStream>> join_relay(Transport transport, net::World world,
                                            net::Endpoint home, std::string relay_server,
                                            hbb::RequestRelay request, Recorder recorder,
                                            net::Deadline deadline) {
  const auto relay = parse_host(relay_server, kRelayPort);
  if (!relay) {
    recorder.note("no such relay: \"" + relay_server + '"');
    co_return relay.error();
  }
  auto stream = co_await connect_as(transport, world, home, *relay, recorder,
                                    at_most(deadline, kConnectTimeout));
  if (!stream) co_return stream.error();
  const auto message = wrap<hbb::RendezvousMessage>(std::move(request));
  auto sent = co_await stream->send(message, at_most(deadline, kConnectTimeout));
  if (!sent) co_return sent.error();
  stream->speak(Protocol::session);
  co_return std::move(*stream);
}

}  // namespace deskcheck::sim
