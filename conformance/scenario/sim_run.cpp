#include "conformance/scenario/sim_run.hpp"

#include "conformance/runner/address_pools.hpp"
#include "conformance/runner/reference_host.hpp"
#include "conformance/scenario/scenario_case.hpp"
#include "proto/net/real_world.hpp"
#include "proto/net/sim_world.hpp"
#include "proto/net/task_group.hpp"

namespace deskcheck::conformance {

namespace {

namespace ip = boost::asio::ip;

// Whatever the system chooses, as often as asked: parties then share the address of this machine.
class AnyAddress final : public AddressPool {
 public:
  explicit AnyAddress(ip::address any) : any_(std::move(any)) {}
  std::optional<ip::address> take() override { return any_; }

 private:
  ip::address any_;
};

std::unique_ptr<AddressPool> make_sim_pool(const SimOptions& options, const Target& target) {
  const auto& server = target.rendezvous.address;
  if (options.sources || (server.is_loopback() && server.is_v4()))
    return make_pool(options.sources, server);
  return std::make_unique<AnyAddress>(server.is_v4() ? ip::address(ip::address_v4::any())
                                                     : ip::address(ip::address_v6::any()));
}

// What servers of others are expected to know.
std::int64_t now_in_the_world() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

// The built-in server. Of many who want it restarted at the same time, one does it.
class BuiltIn final : public SpawnedServer {
 public:
  explicit BuiltIn(OwnServer& server) : server_(server) {}

  net::awaitable<void> start_again(net::World world) override {
    const bool somebody_does = under_way_;
    while (under_way_) co_await net::sleep_for(world.clock, kBeat);
    if (somebody_does) co_return;
    under_way_ = true;
    std::exception_ptr failure;
    try {
      co_await server_.restart();
    } catch (...) {
      failure = std::current_exception();
    }
    under_way_ = false;
    if (failure) std::rethrow_exception(failure);
  }
  std::optional<std::string> obituary() override { return std::nullopt; }
  net::Duration patience() const override { return kPatience; }

 private:
  static constexpr net::Duration kBeat = std::chrono::milliseconds(20);
  static constexpr net::Duration kPatience = std::chrono::seconds(10);

  OwnServer& server_;
  bool under_way_ = false;
};

class Instances {
 public:
  Instances(net::World world, const scenario::Scenario& scenario, const SimOptions& options,
            std::vector<SimResult>& results)
      : world_(std::move(world)),
        scenario_(scenario),
        options_(options),
        results_(results),
        tasks_(world_.executor) {}

  Task<void> run(Target target, SpawnedServer* spawned, AddressPool& addresses) {
    spawned_ = spawned;
    for (std::size_t i = 0; i < results_.size(); ++i)
      tasks_.spawn("instance " + std::to_string(i + 1), one(i, target, &addresses));
    co_await tasks_.join();
    if (tasks_.failure()) std::rethrow_exception(tasks_.failure());
  }
  void interrupt() { tasks_.cancel(); }

 private:
  Task<void> one(std::size_t index, Target target, AddressPool* addresses) {
    auto& result = results_[index];
    net::World world = world_;
    // A server that outlives the run remembers identities: they are always fresh there.
    world.random = options_.target
                       ? net::Random(net::Random::system().next())
                       : net::Random(options_.seed).fork("instance " + std::to_string(index));
    scenario::Stage stage{world, site_of(target), [addresses] { return addresses->take(); },
                          &result.transcript, nullptr};
    stage.site.requires_login = scenario_.requires_login && !options_.target;
    if (options_.target) stage.target_time = now_in_the_world;
    const net::Time begun = world.clock.now();
    result.outcome = co_await play_at(std::move(stage), scenario_, std::move(target), spawned_);
    result.finished = true;
    result.took = world.clock.now() - begun;
  }

  net::World world_;
  const scenario::Scenario& scenario_;
  const SimOptions& options_;
  std::vector<SimResult>& results_;
  SpawnedServer* spawned_ = nullptr;  // may be null
  net::TaskGroup tasks_;
};

Task<void> with_server(net::World world, ReferenceHost& host, AddressPool* addresses,
                       const SimOptions& options, const ServerSetup& setup, Instances& instances) {
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  std::unique_ptr<OwnServer> reference;
  if (!options.target) reference = host.start(world, setup);
  const Target target = options.target ? *options.target : reference->target();
  std::unique_ptr<AddressPool> own;
  if (!addresses) {
    own = make_sim_pool(options, target);
    addresses = own.get();
  }
  std::unique_ptr<SpawnedServer> built_in;
  if (reference) built_in = std::make_unique<BuiltIn>(*reference);
  std::exception_ptr failure;
  try {
    co_await instances.run(target, built_in.get(), *addresses);
  } catch (...) {  // the server has to end first
    failure = std::current_exception();
  }
  co_await boost::asio::this_coro::reset_cancellation_state();
  if (reference) co_await reference->stop();
  if (failure) std::rethrow_exception(failure);
}

std::vector<SimResult> empty_results(const SimOptions& options) {
  return std::vector<SimResult>(static_cast<std::size_t>(options.instances));
}

}  // namespace

std::vector<SimResult> play_in_real_time(const scenario::Scenario& scenario,
                                         const SimOptions& options) {
  auto results = empty_results(options);
  net::RealWorld real(options.seed);
  ReferenceHost host(ip::address_v4::loopback(), options.faults);
  Instances instances(real.world(), scenario, options, results);
  if (options.watch_signals) real.on_signal([&] { instances.interrupt(); });
  const ServerSetup setup = setup_for(scenario);
  real.run(with_server(real.world(), host, nullptr, options, setup, instances));
  return results;
}

std::vector<SimResult> play_in_virtual_time(const scenario::Scenario& scenario,
                                            const SimOptions& options) {
  auto results = empty_results(options);
  net::SimWorld world(options.seed);
  const auto server = ip::make_address("10.0.0.1");
  ReferenceHost host(server, options.faults);
  NetworkPool addresses(ip::make_network_v4("10.1.0.0/16"), 0, server);
  Instances instances(world.world(), scenario, options, results);
  const ServerSetup setup = setup_for(scenario);
  const auto ending =
      world.run(with_server(world.world(), host, &addresses, options, setup, instances));
  if (ending != net::Ending::finished) throw std::runtime_error(world.stuck_report());
  return results;
}

}  // namespace deskcheck::conformance
