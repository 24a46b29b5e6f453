#include "client-sim/lab/mailbox.hpp"
#include "conformance/lab/byte_network.hpp"
#include "conformance/lab/hook_logins.hpp"
#include "conformance/runner/address_pools.hpp"
#include "conformance/runner/closing.hpp"
#include "conformance/runner/ledger.hpp"
#include "conformance/runner/liveness.hpp"
#include "conformance/runner/reference_host.hpp"
#include "conformance/runner/run_accounts.hpp"
#include "conformance/runner/run_case.hpp"
#include "conformance/runner/scope.hpp"
#include "conformance/runner/shared_restarts.hpp"
#include "proto/net/real_world.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

namespace ip = boost::asio::ip;

constexpr net::Duration kInterruptInterval = std::chrono::milliseconds(100);

// Of a run on somebody else's server nobody can tell it beforehand.
net::Random randomness_of_names(const RunOptions& options) {
  return options.target ? net::Random::system() : net::Random(options.seed).fork("run");
}

class SideBySide {
 public:
  SideBySide(net::RealWorld& real, const Scope& scope, const RunOptions& options, Ledger& ledger)
      : real_(real),
        scope_(scope),
        options_(options),
        ledger_(ledger),
        inventory_(name_of_run(randomness_of_names(options))),
        restarts_(options.spawned),
        cases_(real.world().executor) {}

  Task<void> run(Target target, AddressPool& addresses, ServerHost* servers,
                 sim::Mailbox* mailbox) {
    target_ = std::move(target);
    mailbox_ = mailbox;
    addresses_ = &addresses;
    servers_ = servers;
    fill();
    co_await cases_.join();
  }
  void interrupt() {
    ledger_.stop();
    cases_.cancel();
  }
  const std::optional<Loss>& loss() const { return loss_; }
  Inventory& inventory() { return inventory_; }
  HookLogins& hook_logins() { return hook_logins_; }

 private:
  // Many cases that begin in one moment would be late for their own deadlines, and so would be
  // those that run already: a few begin at once, the next ones when the machine has kept up with
  // them.
  static constexpr int kAtOnce = 16;
  static constexpr net::Duration kBeat = 5ms;
  static constexpr net::Duration kLate = 20ms;

  void fill() {
    if (pausing_) return;
    for (int begun = 0; ledger_.running() < options_.jobs; ++begun) {
      if (begun == kAtOnce) {
        pausing_ = true;
        cases_.spawn("pause before the next cases", pause());
        return;
      }
      const auto job = ledger_.next();
      if (!job) return;
      if (!fits(*job)) {
        ledger_.left_out(*job, "left out: the time budget is used up");
        continue;
      }
      cases_.spawn(job->which->id, one(*job));
    }
  }
  bool fits(const Job& job) const {
    return !options_.budget || real_.now() - begun_ + job.which->takes <= *options_.budget;
  }
  Task<void> pause() {
    const auto world = real_.world();
    net::Time due;
    do {
      due = world.clock.now() + kBeat;
      co_await net::sleep_until(world.clock, due);
    } while (world.clock.now() - due > kLate);
    pausing_ = false;
    fill();
  }
  // Its end makes room, or may be the control that others wait for.
  Task<void> one(Job job) {
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    LabSetup setup = scope_.setup_for(*job.which, world_of(job));
    setup.target = target_;
    setup.addresses = addresses_;
    setup.servers = servers_;
    setup.mailbox = mailbox_;
    setup.inventory = &inventory_;
    if (options_.target) setup.hook_logins = &hook_logins_;
    if (options_.target) setup.restarts = &restarts_;
    setup.spawned = options_.spawned;
    CaseResult result;
    running_.insert(job.which->id);
    const bool restarts = restarts_target(*job.which, options_);
    if (restarts) co_await join_restarts();
    co_await run_case(std::move(setup), result);
    const bool went_wrong = result.status == Status::fail || result.status == Status::blocked;
    if (options_.target && went_wrong && !loss_) co_await look_for_target();
    if (restarts) restarts_.leave();
    if (loss_) explain_loss(*loss_, result);
    running_.erase(running_.find(job.which->id));
    ledger_.finished(job, std::move(result));
    fill();
  }
  Task<void> join_restarts() {
    try {
      co_await restarts_.join(&real_);
    } catch (const boost::system::system_error&) {  // the run was stopped: so will be the case
    }
  }
  // A server that is gone fails everything: the run ends here.
  Task<void> look_for_target() {
    const auto world = real_.world();
    const auto asked = world.clock.now();
    bool lives = true;
    try {
      lives = co_await accepts_connections(world, target_.rendezvous);
    } catch (const boost::system::system_error&) {
      co_return;  // the run was stopped meanwhile
    }
    if (lives || loss_) co_return;
    loss_ = Loss{asked, {running_.begin(), running_.end()}, restarts_.failed()};
    interrupt();
  }
  // Draws depend on the seed. On somebody else's server, which may remember the identities of an
  // earlier run, they are always fresh.
  net::World world_of(const Job& job) {
    auto world = real_.world();
    if (options_.target)
      world.random = net::Random(net::Random::system().next());
    else
      world.random = net::Random(options_.seed + static_cast<std::uint64_t>(job.repetition));
    if (options_.transformation == Transformation::single_bytes)
      return {world.executor, world.clock, byte_network_, world.random};
    return world;
  }

  net::RealWorld& real_;
  ByteNetwork byte_network_{real_.world().network};
  const Scope& scope_;
  const RunOptions& options_;
  Ledger& ledger_;
  Inventory inventory_;
  HookLogins hook_logins_;
  SharedRestarts restarts_;
  net::TaskGroup cases_;
  net::Time begun_ = real_.now();
  bool pausing_ = false;
  std::multiset<std::string> running_;  // ids; a repetition runs beside its like
  std::optional<Loss> loss_;
  Target target_;
  AddressPool* addresses_ = nullptr;
  ServerHost* servers_ = nullptr;
  sim::Mailbox* mailbox_ = nullptr;
};

// Cases have no part in it: what it needs of them is here.
LabSetup setup_of_run(const net::World& world, const Target& target, AddressPool& addresses,
                      sim::Mailbox* mailbox, Inventory& inventory, HookLogins* logins) {
  LabSetup setup{nullptr, world, target, nullptr, nullptr, nullptr, {}, {}, nullptr, logins};
  // Passwords on somebody else's server are nobody's guess.
  setup.world.random = net::Random::system();
  setup.addresses = &addresses;
  setup.mailbox = mailbox;
  setup.inventory = &inventory;
  return setup;
}

std::string addresses_of(const Target& target) {
  return "rendezvous " + to_string(target.rendezvous) + ", relay " + to_string(target.relay);
}

Task<void> watch(net::World world, SideBySide& cases, const RunOptions& options,
                 RunReport& report) {
  while (!options.interrupted()) co_await net::sleep_for(world.clock, kInterruptInterval);
  report.interrupted = true;
  cases.interrupt();
}

Task<void> whole_run(net::RealWorld& real, const Scope& scope, SideBySide& cases,
                     const RunOptions& options, RunReport& report) {
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  ReferenceHost host(ip::address_v4::loopback(), options.faults, options.https, options.lack);
  std::unique_ptr<OwnServer> reference;
  if (!options.target) reference = host.start(real.world(), ServerSetup());
  Target target = options.target ? *options.target : reference->target();
  report.target = target.name;
  report.addresses = addresses_of(target);
  auto addresses = make_pool(options.sources, target.rendezvous.address);
  ServerHost* servers = options.target ? nullptr : &host;
  std::unique_ptr<sim::Mailbox> mailbox;
  if (target.mailbox) {
    mailbox = std::make_unique<sim::Mailbox>(real.world(), *target.mailbox);
    mailbox->start();
  }
  net::TaskGroup watching(real.world().executor);
  if (options.interrupted) watching.spawn("interrupt", watch(real.world(), cases, options, report));
  const bool by_hooks = options.target || options.accounts_by_hooks;
  if (options.accounts_by_hooks) target = with_administrator_only(std::move(target));
  HookLogins* logins = options.target ? &cases.hook_logins() : nullptr;
  auto setup =
      setup_of_run(real.world(), target, *addresses, mailbox.get(), cases.inventory(), logins);
  RunAccounts accounts(std::move(setup));
  if (by_hooks && RunAccounts::needed_by(options.cases)) target = co_await accounts.make();
  co_await cases.run(target, *addresses, servers, mailbox.get());
  watching.cancel();
  co_await watching.join();
  ClosingStep closing{
      scope, target, *addresses, cases.inventory(), report.footprint, cases.hook_logins()};
  const bool closes = options.target && !cases.loss();
  if (closes)
    co_await ask_again(real.world(), closing);
  else if (options.target)
    report.footprint.notes.push_back("the target no longer answers");
  if (options.target) report.footprint.prefix = cases.inventory().prefix();
  report.footprint.things = cases.inventory().counts();
  // The closing step signs in as they do.
  if (!cases.loss()) co_await accounts.remove(report.footprint);
  if (closes) co_await end_hook_logins(real.world(), closing);
  if (mailbox) co_await mailbox->stop();
  if (reference) co_await reference->stop();
}

}  // namespace

RunReport run_in_real_time(const Registry& registry, const RunOptions& options) {
  net::RealWorld real(options.seed);
  const Scope scope(registry, options);
  Ledger ledger(options);
  SideBySide cases(real, scope, options, ledger);
  RunReport report;
  report.world = "real";
  report.seed = options.seed;
  report.level = options.level;
  report.allowed = options.effects;
  if (options.watch_signals)
    real.on_signal([&] {
      report.interrupted = true;
      cases.interrupt();
    });
  const net::Time begun = real.now();
  real.run(whole_run(real, scope, cases, options, report));
  report.took = real.now() - begun;
  if (cases.loss() && !report.interrupted) report.lost = describe(*cases.loss(), begun);
  report.results = std::move(ledger).results();
  if (options.budget && !report.interrupted)
    report.beyond_budget = count_cases(report).at(Status::not_run) - count_beyond_effects(report);
  return report;
}

}  // namespace deskcheck::conformance
