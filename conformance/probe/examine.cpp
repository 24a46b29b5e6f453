#include "conformance/probe/tour.hpp"
#include "conformance/target/capabilities.hpp"
#include "proto/net/task_group.hpp"

#include <fmt/format.h>

namespace deskcheck::probe {

namespace {

// Limits show when they are reached, which shuts others out; the rest binds clients.
void say_what_is_not_asked(Tour& tour, const conformance::Registry& registry) {
  for (const auto& name : conformance::capabilities_matching(registry, "*"))
    tour.unknown(name, "no question was found that shows it");
  for (const auto* name : {"rendezvous.rate-limits", "relay.limits"})
    tour.unknown(name, "limits are not tried: who reaches them shuts others out");
  tour.unknown("client", "it binds clients, not servers");
}

// One device has all the registrations, so one after the other; the relay is the one that the
// server names.
Task<void> see_rendezvous_and_relay(Tour& tour) {
  co_await see_rendezvous(tour);
  if (!tour.tcp && !tour.udp) co_return;
  co_await see_channel(tour);
  co_await see_websocket(tour);
  co_await see_device(tour);
  co_await see_relay(tour);
}

Task<void> see_everything(Tour& tour) {
  net::TaskGroup tasks(tour.world.executor);
  tasks.spawn("rendezvous", see_rendezvous_and_relay(tour));
  tasks.spawn("api", see_api(tour));
  co_await tasks.join();
  if (tasks.failure()) std::rethrow_exception(tasks.failure());
}

void judge_framing(Tour& tour) {
  if (tour.tcp_answers || tour.secure)
    tour.present("framing", "TCP P answered a frame with a frame");
  else
    tour.unknown("framing", "nobody answered a frame at TCP P");
}

void judge_reach(Tour& tour) {
  tour.findings.unreachable = !tour.tcp && !tour.udp;
  if (!tour.findings.unreachable) return;
  tour.findings.unreachable_why =
      fmt::format("no server answers at {}, neither TCP nor UDP", to_string(tour.rendezvous));
}

}  // namespace

net::awaitable<Findings> examine(net::World world, Subject subject,
                                 const conformance::Registry& registry) {
  Tour tour(std::move(world), std::move(subject));
  say_what_is_not_asked(tour, registry);
  std::string host = tour.patient.profile.host;
  auto found = co_await tour.patient.look_up(host, tour.patience());
  if (!found || found->empty()) {
    tour.findings.unreachable = true;
    tour.findings.unreachable_why = host + " has no address";
    co_return std::move(tour.findings);
  }
  place_ports(tour, doctor::chosen(*found));
  co_await doctor::place_relay(tour);
  co_await see_everything(tour);
  judge_framing(tour);
  judge_reach(tour);
  tour.findings.took = tour.now() - tour.begun;
  co_return std::move(tour.findings);
}

std::string wrong_key(const Subject& subject, const Findings& findings) {
  if (findings.key_refused)
    return fmt::format("the server at {} {} (LICENSE_MISMATCH)", findings.host,
                       subject.key.empty() ? "asks for its key, and none was given"
                                           : "refuses the key that was "
                                             "given");
  if (findings.signs_with_key == false)
    return fmt::format("the server at {} signs with another key than the given one", findings.host);
  return {};
}

}  // namespace deskcheck::probe
