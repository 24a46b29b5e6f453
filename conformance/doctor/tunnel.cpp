// The API through TCP P, as clients ask for it when HTTP does not get through.
#include "conformance/doctor/api.hpp"

#include <fmt/format.h>

namespace deskcheck::doctor {

// A server that does not offer KeyExchange has no tunnel, which is fine unless its owner claims
// one.
Task<void> try_tunnel(Visit& visit) {
  visit.begin(Step::tunnel);
  const bool claimed = visit.claims("rendezvous.http-tunnel");
  if (visit.lacks("rendezvous.http-tunnel"))
    co_return visit.skip(Step::tunnel, "the server does not claim it");
  if (visit.is(Step::tcp, Status::broken)) co_return visit.block(Step::tunnel, Step::tcp);
  if (visit.is(Step::key, Status::broken)) co_return visit.block(Step::tunnel, Step::key);
  const auto severity = claimed ? Status::broken : Status::warning;
  if (!visit.offers_key_exchange) {
    if (!claimed) co_return visit.skip(Step::tunnel, "the server offers none");
    co_return visit.find(Step::tunnel, severity,
                         "TCP P offers no encryption, so there is no tunnel",
                         "hbbs has no key pair, or another release runs than is thought",
                         "start hbbs with its key pair");
  }
  if (visit.patient.key.empty()) co_return visit.skip(Step::tunnel, "it needs the key: --key");
  if (visit.is(Step::api, Status::skipped))
    co_return visit.skip(Step::tunnel, "there is no API to ask");
  auto access = co_await api_access(visit);
  if (!access) co_return visit.block(Step::tunnel, Step::api);
  access->rendezvous = visit.rendezvous;
  access->home = visit.home(visit.rendezvous);
  sim::HttpQuestion question("GET", "/api/login-options");
  const sim::Recorder nobody;
  const auto answer = co_await sim::exchange_through_tunnel(
      visit.world, std::move(*access), std::move(question), nobody, visit.patience());
  if (answer && answer->status < 500)
    co_return visit.ok(Step::tunnel, "the API answers through TCP P, too");
  visit.find(Step::tunnel, severity,
             answer ? fmt::format("the tunnel answers {}", answer->status)
                    : "no answer of the API through TCP P: " + answer.error().message(),
             "hbbs has the tunnel switched off, or does not reach the API",
             "clients behind strict firewalls need it: switch it on, or let hbbs reach the API");
}

}  // namespace deskcheck::doctor
