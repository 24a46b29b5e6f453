#include "conformance/lab/byte_network.hpp"
#include "conformance/runner/address_pools.hpp"
#include "conformance/runner/ledger.hpp"
#include "conformance/runner/reference_host.hpp"
#include "conformance/runner/run_accounts.hpp"
#include "conformance/runner/run_case.hpp"
#include "conformance/runner/scope.hpp"
#include "proto/net/sim_world.hpp"

namespace deskcheck::conformance {

namespace {

const auto kServer = boost::asio::ip::make_address("10.0.0.1");
const auto kClients = boost::asio::ip::make_network_v4("10.1.0.0/16");

// A server of the case's own, then the case, then the end of the server.
Task<void> story(net::World world, ServerHost& host, LabSetup setup, const RunOptions& options,
                 CaseResult& result, Footprint& footprint) {
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  auto server = host.start(world, ServerSetup());
  setup.target = server->target();
  if (options.accounts_by_hooks) setup.target = with_administrator_only(setup.target);
  RunAccounts accounts(setup);
  const bool makes = options.accounts_by_hooks && RunAccounts::needed_by({setup.which});
  if (makes) setup.target = co_await accounts.make();
  const OnEnd* on_end = options.on_end ? &options.on_end : nullptr;
  co_await run_case(std::move(setup), result, on_end);
  co_await boost::asio::this_coro::reset_cancellation_state();
  co_await accounts.remove(footprint);
  co_await server->stop();
}

constexpr net::Duration kLatestFlow = std::chrono::milliseconds(40);

void transform(net::Link& link, Transformation transformation) {
  if (transformation == Transformation::single_bytes) {
    link.max_read = 1;
    link.pieces_until = kCutBytes;
  }
  if (transformation == Transformation::shuffled_datagrams) link.flow_jitter = kLatestFlow;
}

CaseResult run_one(const Job& job, const Scope& scope, const RunOptions& options,
                   Footprint& footprint) {
  net::SimWorld sim(options.seed + static_cast<std::uint64_t>(job.repetition));
  Inventory inventory(name_of_run(sim.world().random.fork("run")));
  transform(sim.default_link(), options.transformation);
  ReferenceHost host(kServer, options.faults, options.https, options.lack);
  NetworkPool addresses(kClients, 0, kServer);
  LabSetup setup = scope.setup_for(*job.which, sim.world());
  setup.addresses = &addresses;
  setup.servers = &host;
  setup.inventory = &inventory;
  CaseResult result;
  const auto ending =
      sim.run(story(sim.world(), host, std::move(setup), options, result, footprint));
  if (ending != net::Ending::finished) {
    result.status = Status::harness_error;
    result.blame = Blame::harness;
    result.why = sim.stuck_report();
  }
  add(footprint.things, inventory.counts());
  return result;
}

}  // namespace

RunReport run_in_virtual_time(const Registry& registry, const RunOptions& options) {
  const Scope scope(registry, options);
  Ledger ledger(options);
  RunReport report;
  report.world = "virtual";
  report.seed = options.seed;
  report.level = options.level;
  report.target = Target().name;
  report.allowed = options.effects;
  report.addresses = "simulated, one for each case";
  while (const auto job = ledger.next()) {
    if (options.interrupted && options.interrupted()) {
      report.interrupted = true;
      ledger.stop();
      ledger.finished(*job, not_run(*job->which));
      break;
    }
    CaseResult result = run_one(*job, scope, options, report.footprint);
    report.took += result.took;
    ledger.finished(*job, std::move(result));
  }
  report.results = std::move(ledger).results();
  return report;
}

}  // namespace deskcheck::conformance
