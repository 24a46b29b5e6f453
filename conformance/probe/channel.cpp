// What begins with KeyExchange at TCP P: encryption, devices that register there, the HTTP tunnel.
#include "client-sim/channel/server_security.hpp"
#include "conformance/probe/ask.hpp"
#include "conformance/probe/register.hpp"

#include <fmt/format.h>

namespace deskcheck::probe {

namespace {

constexpr char kNeedsKey[] = "it begins with KeyExchange, which cannot be checked without --key";

// Encrypted if the server offers it under the given key; an error says why not.
Task<net::Result<sim::MessageStream>> secured(Tour& tour) {
  const auto to = tour.rendezvous;
  const sim::Recorder nobody;
  auto stream =
      co_await sim::MessageStream::connect(tour.world, tour.home(to), to, nobody, tour.patience());
  if (!stream) co_return stream.error();
  net::Random random = tour.world.random.fork("probe channel");
  std::string key = wire::to_text(*tour.patient.profile.key);
  auto done = co_await sim::secure_with_server(&*stream, std::move(key), &random, tour.patience());
  if (!done) co_return done.error();
  co_return std::move(*stream);
}

// Of those that a server may lack, another one than TestNat.
Task<Heard> ask_encrypted(Tour& tour) {
  Heard heard;
  auto stream = co_await secured(tour);
  if (!stream) co_return heard;
  std::string nobodys = tour.patient.identity.id + "x", key = tour.patient.key;
  auto question = path_question(std::move(nobodys), std::move(key));
  heard = co_await ask_on(tour, &*stream, std::move(question), is_path_answer);
  co_return heard;
}

Task<void> try_encryption(Tour& tour) {
  constexpr char kName[] = "rendezvous.secure-tcp";
  if (!tour.secure) {
    if (!tour.tcp)
      co_return tour.absent(kName,
                            fmt::format("TCP {} takes no connection", to_string(tour.rendezvous)));
    if (tour.tcp_answers)
      co_return tour.absent(kName, "TCP P answered without offering KeyExchange first");
    co_return tour.silent(kName, "TCP P, asked twice: no KeyExchange");
  }
  if (!tour.has_key())
    co_return tour.unknown(kName,
                           "TCP P offers KeyExchange, which cannot be checked without --key");
  auto stream = co_await secured(tour);
  if (!stream) {
    tour.findings.signs_with_key = false;
    co_return tour.unknown(kName, fmt::format("TCP P offers KeyExchange, but not under the key "
                                              "that was given: {}",
                                              stream.error().message()));
  }
  tour.findings.signs_with_key = true;
  // Whatever is answered in the channel proves it.
  auto question = nat_question();
  auto heard = co_await ask_on(tour, &*stream, std::move(question), is_nat_answer);
  if (!heard) heard = co_await ask_encrypted(tour);
  tour.present(kName,
               heard ? "TCP P offers KeyExchange under the given key, and answers encrypted"
                     : "TCP P offers KeyExchange under the given key",
               static_cast<bool>(heard));
}

// In plain text a server without such devices refuses, too; one that has them is silent or asks for
// encryption.
Task<void> try_registration(Tour& tour) {
  constexpr char kName[] = "rendezvous.tcp-registration";
  if (tour.secure && !tour.has_key()) co_return tour.unknown(kName, kNeedsKey);
  if (tour.secure) {
    auto stream = co_await secured(tour);
    if (!stream)
      co_return tour.unknown(kName, "KeyExchange at TCP P fails: " + stream.error().message());
    std::string place = "TCP P";
    co_await register_on(tour, kName, std::move(place), &*stream);
    tour.tcp_registers = tour.findings.has(kName);
    co_return;
  }
  auto question = registration(tour);
  const auto heard = co_await ask_twice(tour, sim::Transport::tcp, tour.rendezvous,
                                        std::move(question), is_registration_answer);
  if (!heard) co_return say_missing(tour, kName, "RegisterPk at TCP P", heard);
  judge_registration(tour, kName, "TCP P", heard);
}

bool is_tunnel_answer(const hbb::RendezvousMessage& message) {
  return message.has_http_proxy_response();
}

hbb::RendezvousMessage tunnel_question() {
  hbb::RendezvousMessage message;
  auto& request = *message.mutable_http_proxy_request();
  request.set_method("GET");
  request.set_path("/api/login-options");
  return message;
}

Task<Heard> ask_tunnel(Tour& tour) {
  auto question = tunnel_question();
  if (!tour.secure) {
    auto heard = co_await ask_twice(tour, sim::Transport::tcp, tour.rendezvous, std::move(question),
                                    is_tunnel_answer);
    co_return heard;
  }
  Heard heard;
  for (int i = 0; i < kTries && !heard; ++i) {
    auto stream = co_await secured(tour);
    auto again = question;
    if (stream)
      heard = co_await ask_on(tour, &*stream, std::move(again), is_tunnel_answer);
    else
      heard.why = stream.error();
  }
  co_return heard;
}

Task<void> try_tunnel(Tour& tour) {
  constexpr char kName[] = "rendezvous.http-tunnel";
  if (tour.secure && !tour.has_key()) co_return tour.unknown(kName, kNeedsKey);
  const auto heard = co_await ask_tunnel(tour);
  if (!heard) co_return say_missing(tour, kName, "HttpProxyRequest at TCP P", heard);
  const auto& response = heard.answer->http_proxy_response();
  if (!response.error().empty())
    co_return tour.present(
        kName, fmt::format("HttpProxyRequest was answered \"{}\"", in_one_line(response.error())),
        false);
  tour.present(kName, fmt::format("GET /api/login-options through TCP P was answered {}",
                                  response.status()));
}

}  // namespace

Task<void> see_channel(Tour& tour) {
  co_await try_encryption(tour);
  co_await try_registration(tour);
  co_await try_tunnel(tour);
}

}  // namespace deskcheck::probe
