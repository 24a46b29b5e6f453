// `deskcheck serve`: the reference server as a process.
#include "reference-server/server.hpp"

#include "cli/commands.hpp"
#include "conformance/runner/selection.hpp"
#include "proto/net/real_world.hpp"
#include "proto/net/resolve.hpp"
#include "reference-server/store/memory_peer_store.hpp"
#include "reference-server/store/sqlite_peer_store.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <boost/json.hpp>

#include <cstdio>
#include <filesystem>

namespace deskcheck::cli {

namespace {

wire::KeyPair load_keys(const ServeCommand& c, net::Random& random) {
  if (c.data.empty()) return wire::make_server_key_pair(random);
  auto keys = wire::load_or_create_key_files(c.data, random);
  if (!keys)
    throw UsageError(fmt::format("{}: {}", (std::filesystem::path(c.data) / "id_ed25519").string(),
                                 keys.error().message()));
  return *keys;
}

// What `--key` means: docs/protocol/wire.md, "Key text and files".
void choose_keys(const ServeCommand& c, net::Random& random, server::Options& options) {
  if (c.key == "-" || c.key == "_" || c.key.empty()) {
    options.identity = load_keys(c, random);
    if (!c.key.empty()) options.licence_key = wire::to_text(options.identity->public_key);
  } else if (auto pair = wire::parse_secret_key(c.key)) {
    options.identity = *pair;
    options.licence_key = wire::to_text(pair->public_key);
  } else {
    options.licence_key = c.key;
  }
  options.relay_licence_key = c.relay_key_given ? c.relay_key : options.licence_key;
}

std::unique_ptr<server::PeerStore> open_store(const ServeCommand& c) {
  if (c.data.empty()) return std::make_unique<server::MemoryPeerStore>();
  try {
    return std::make_unique<server::SqlitePeerStore>(std::filesystem::path(c.data) /
                                                     "deskcheck.db");
  } catch (const std::runtime_error& error) {
    throw UsageError(error.what());
  }
}

void make_folder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    throw UsageError(fmt::format("--data {}: {}; name a folder that can be made and is yours",
                                 folder, error.message()));
}

std::string ready_line(const server::Ports& ports, const server::Options& options) {
  boost::json::object line{{"event", "ready"},
                           {"rendezvous", to_string(ports.rendezvous)},
                           {"nat_test", to_string(ports.nat)},
                           {"relay", to_string(ports.relay)},
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
  if (c.verbose) options.log = [](std::string_view note) { fmt::print(stderr, "{}\n", note); };
  if (!c.data.empty()) make_folder(c.data);
  choose_keys(c, random, options);
  auto store = open_store(c);
  try {
    real.run(serve(real, options, *store));
  } catch (const boost::system::system_error& error) {
    throw UsageError(
        fmt::format("cannot serve: {}; choose other ports with --port-base", error.what()));
  }
  return 0;
}

}  // namespace deskcheck::cli
