// `deskcheck serve`: the reference server as a process.
#include "reference-server/server.hpp"

#include "cli/commands.hpp"
#include "cli/serve_operator.hpp"
#include "conformance/runner/selection.hpp"
#include "proto/net/real_world.hpp"
#include "proto/net/resolve.hpp"
#include "reference-server/setup.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <boost/json.hpp>

#include <cstdio>

namespace deskcheck::cli {

namespace {

std::string ready_line(const server::Ports& ports, const server::Options& options) {
  boost::json::object line{{"event", "ready"},
                           {"rendezvous", to_string(ports.rendezvous)},
                           {"nat_test", to_string(ports.nat)},
                           {"relay", to_string(ports.relay)},
                           {"relay_websocket", to_string(ports.relay_websocket)},
                           {"port_base", ports.rendezvous.port},
                           {"licence_key", options.licence_key},
                           {"pid", ::getpid()}};
  if (options.identity) line["public_key"] = wire::to_text(options.identity->public_key);
  return boost::json::serialize(line) + "\n";
}

boost::asio::awaitable<void> serve(net::RealWorld& real, const server::Options& options,
                                   server::PeerStore& store) {
  server::Server server(real.world(), options, store);
  server.start();
  net::TaskGroup until_signal(real.world().executor);
  until_signal.spawn("until a signal", net::sleep_until(real.world().clock, net::Time::max()));
  real.on_signal([&] { until_signal.cancel(); });
  // Only now: whoever reads it may end the server at once.
  fmt::print("{}", ready_line(server.ports(), options));
  std::fflush(stdout);
  co_await until_signal.join();
  co_await server.stop();
}

}  // namespace

int execute(const ServeCommand& c) {
  net::RealWorld real(net::Random::system());
  auto random = net::Random::system();
  server::Options options;
  options.faults = conformance::faults_named(c.faults);
  auto bind = net::resolve(c.bind);
  if (!bind) throw UsageError(fmt::format("--bind {}: {}", c.bind, bind.error().message()));
  options.bind = *bind;
  options.rendezvous_port = c.port_base;
  options.relay_servers = c.relay_servers;
  options.always_use_relay = c.always_use_relay;
  apply_operator_flags(c, c.data, options);
  options.calendar = [&real](net::Time time) { return real.calendar(time); };
  if (c.verbose) options.log = [](std::string_view note) { fmt::print(stderr, "{}\n", note); };
  server::Setup setup{c.data, c.key, std::nullopt};
  if (c.relay_key_given) setup.relay_key = c.relay_key;
  try {
    server::choose_keys(setup, random, options);
    const auto store = server::open_store(setup);
    real.run(serve(real, options, *store));
  } catch (const server::SetupError& error) {
    throw UsageError(error.what());
  } catch (const boost::system::system_error& error) {
    throw UsageError(
        fmt::format("cannot serve: {}; choose other ports with --port-base", error.what()));
  }
  return 0;
}

}  // namespace deskcheck::cli
