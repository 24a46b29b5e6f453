#include "client-sim/channel/server_security.hpp"

#include <algorithm>

namespace deskcheck::sim {

namespace {

using namespace std::chrono_literals;

// client libs/hbb_common src/config.rs:45-46: READ_TIMEOUT and CONNECT_TIMEOUT.
constexpr net::Duration kPatience = 18s;

net::Deadline at_most_patient(net::Deadline deadline) {
  return {deadline.clock, std::min(deadline.at, deadline.clock->now() + kPatience)};
}

}  // namespace

Task<net::Result<void>> secure_with_server(MessageStream* server, std::string key,
                                           net::Random* random, net::Deadline deadline) {
  if (server->is_websocket()) co_return net::Result<void>();
  const auto server_key = wire::parse_public_key(key);
  if (!server_key) co_return wire::Error::bad_base64;
  auto payload = co_await server->receive(at_most_patient(deadline));
  if (!payload && payload.error() == boost::asio::error::timed_out) co_return payload.error();
  hbb::RendezvousMessage first;
  const bool offered = payload && first.ParseFromString(*payload) && first.has_key_exchange();
  if (!offered) co_return net::Result<void>();
  auto accepted = wire::accept_key_exchange(first.key_exchange(), *server_key, *random);
  if (!accepted) co_return accepted.error();
  const auto answer = wrap<hbb::RendezvousMessage>(std::move(accepted->answer));
  auto sent = co_await server->send(answer, at_most_patient(deadline));
  if (!sent) co_return sent.error();
  server->encrypt(accepted->key);
  co_return net::Result<void>();
}

}  // namespace deskcheck::sim
