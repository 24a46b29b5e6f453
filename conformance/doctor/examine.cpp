#include "conformance/doctor/visit.hpp"
#include "proto/net/task_group.hpp"

#include <fmt/format.h>

namespace deskcheck::doctor {

namespace {

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a: the same on every machine
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

// Side by side: a server far away would take long otherwise.
Task<void> first_half(Visit& visit) {
  net::TaskGroup tasks(visit.world.executor);
  tasks.spawn("clients", meet(visit));
  tasks.spawn("websocket", try_websocket(visit));
  tasks.spawn("proxy", try_proxy(visit));
  tasks.spawn("api", try_api(visit));
  co_await tasks.join();
  if (tasks.failure()) std::rethrow_exception(tasks.failure());
}

// What needs to know how the first half went.
Task<void> second_half(Visit& visit) {
  co_await try_relay(visit);
  net::TaskGroup tasks(visit.world.executor);
  tasks.spawn("relay websocket", try_relay_websocket(visit));
  tasks.spawn("relay proxy", try_relay_proxy(visit));
  tasks.spawn("tunnel", try_tunnel(visit));
  co_await tasks.join();
  if (tasks.failure()) std::rethrow_exception(tasks.failure());
}

}  // namespace

Identity identity_of(std::string_view seed, std::string_view prefix) {
  net::Random random(hash_of(seed));
  Identity identity;
  identity.id = fmt::format("{}{:08}", prefix, random.below(100'000'000));
  identity.uuid = random.bytes(16);
  identity.keys = wire::make_key_pair(random);
  return identity;
}

net::awaitable<Diagnosis> examine(net::World world, Patient patient) {
  Visit visit(std::move(world), std::move(patient));
  const bool found = co_await look_up_names(visit);
  if (found) {
    co_await first_half(visit);
    co_await second_half(visit);
  } else {
    for (auto& finding : visit.diagnosis.findings)
      if (finding.what.empty()) visit.block(finding.step, Step::name);
  }
  visit.diagnosis.took = visit.now() - visit.begun;
  co_return std::move(visit.diagnosis);
}

}  // namespace deskcheck::doctor
