// `deskcheck serve`: the reference server as a process.
#include "reference-server/server.hpp"

#include "cli/commands.hpp"
#include "cli/files.hpp"
#include "cli/interrupt.hpp"
#include "cli/serve_mail.hpp"
#include "cli/serve_operator.hpp"
#include "cli/serve_tls.hpp"
#include "conformance/runner/lack.hpp"
#include "conformance/runner/selection.hpp"
#include "proto/net/http_client.hpp"
#include "proto/net/real_world.hpp"
#include "proto/net/resolve.hpp"
#include "reference-server/fixtures.hpp"
#include "reference-server/identity/accounts.hpp"
#include "reference-server/setup.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <boost/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>

namespace deskcheck::cli {

namespace {

std::string ready_line(const server::Ports& ports, const server::Options& options) {
  boost::json::object line{{"event", "ready"}, {"rendezvous", to_string(ports.rendezvous)}};
  const auto add = [&](const char* name, const net::Endpoint& at) {
    if (at.port != 0) line[name] = to_string(at);
  };
  add("nat_test", ports.nat);
  add("relay", ports.relay);
  add("websocket", ports.websocket);
  add("relay_websocket", ports.relay_websocket);
  line["port_base"] = ports.rendezvous.port;
  line["licence_key"] = options.licence_key;
  line["pid"] = ::getpid();
  if (ports.api.port != 0) line["api"] = "http://" + to_string(ports.api);
  if (ports.https.port != 0) line["https"] = ports.https.port;
  if (options.identity) line["public_key"] = wire::to_text(options.identity->public_key);
  return boost::json::serialize(line) + "\n";
}

// Without empty ones; a token has no white space.
std::vector<std::string> read_lines(const std::string& path) {
  std::istringstream text(read_file(path));
  std::vector<std::string> lines;
  for (std::string line; text >> line;) lines.push_back(line);
  return lines;
}

server::Fixtures read_fixtures(const std::string& path) {
  const auto text = read_document(path, "the file of fixtures");
  auto fixtures =
      server::parse_fixtures(text, path, [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        if (!value) return std::nullopt;
        return value;
      });
  if (!fixtures) refuse(fixtures.error());
  return std::move(*fixtures);
}

using Strategies = std::vector<server::StrategyFixture>;

void choose_connections(const ServeCommand& c, server::Options& options, Strategies& strategies) {
  if (c.no_secure_channel) options.secure_channel = false;
  if (c.no_api) options.api = false;
  choose_tls(c, options);
  if (!c.public_url.empty() && !net::parse_http_url(c.public_url))
    throw UsageError(
        fmt::format("--public-url {}: give a URL like https://rustdesk.example.org", c.public_url));
  options.public_url = c.public_url.substr(0, c.public_url.find_last_not_of('/') + 1);
  for (const auto& text : c.trusted_proxies) {
    const auto range = server::AddressRange::parse(text);
    if (!range)
      throw UsageError(fmt::format(
          "--trusted-proxies '{}' is no address; write it as 10.0.0.5 or 10.0.0.0/8", text));
    options.trusted_proxies.push_back(*range);
  }
  if (!c.tokens_file.empty()) options.tokens = read_lines(c.tokens_file);
  if (!c.script_tokens_file.empty()) options.script_tokens = read_lines(c.script_tokens_file);
  if (!c.fixtures_file.empty()) {
    auto fixtures = read_fixtures(c.fixtures_file);
    options.accounts = std::move(fixtures.accounts);
    options.books = std::move(fixtures.books);
    options.device_groups = std::move(fixtures.device_groups);
    options.identity_providers = std::move(fixtures.identity_providers);
    strategies = std::move(fixtures.strategies);
  }
  if (c.legacy_address_books) options.address_books = server::AddressBooks::legacy;
  options.limits.peers_per_book = c.peers_per_book;
  options.token_lifetime = std::chrono::days(c.token_days);
  // Accounts of before may be in the database.
  if (c.require_login && options.tokens.empty() && options.accounts.empty() && c.data.empty())
    throw UsageError(
        "--require-login without accounts refuses everybody; name a file with --fixtures or "
        "--tokens");
  options.require_login = c.require_login;
  options.feedback = c.feedback;
  options.deploy_mode = c.deploy_mode;
  options.deployed = c.deployed;
}

// Made now: whoever uploads a recording cannot be told why there is no folder.
void make_recording_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error || ::access(folder.c_str(), R_OK | W_OK | X_OK) != 0)
    throw UsageError(fmt::format("--recordings {}: {}; name a folder that is yours",
                                 folder.string(), error ? error.message() : "cannot be written"));
}

void choose_services(const ServeCommand& c, server::Options& options) {
  std::error_code error;
  if (!c.downloads.empty() && !std::filesystem::is_directory(c.downloads, error))
    throw UsageError(
        fmt::format("--downloads {} is no folder; name the one with the files", c.downloads));
  options.download_folder = c.downloads;
  options.sign_plugins = c.sign_plugins;
  options.take_recordings = !c.no_recordings;
  options.recording_folder = c.recordings;
  if (c.recordings.empty() && !c.data.empty())
    options.recording_folder = std::filesystem::path(c.data) / "recordings";
  if (!c.recordings.empty()) make_recording_folder(c.recordings);
}

boost::asio::awaitable<void> serve(net::RealWorld& real, const server::Options& options,
                                   server::PeerStore& store, server::ApiStore& api_store,
                                   const Strategies& strategies) {
  server::Server server(real.world(), options, store, &api_store);
  server::remember(api_store, strategies);
  server.start();
  net::TaskGroup until_signal(real.world().executor);
  until_signal.spawn("until a signal", net::sleep_until(real.world().clock, net::Time::max()));
  real.on_signal([&] { until_signal.cancel(); });
  // Only now: whoever reads it may end the server at once.
  fmt::print("{}", ready_line(server.ports(), options));
  std::fflush(stdout);
  co_await until_signal.join();
  co_await server.stop();
  ignore_interrupts();
}

}  // namespace

int execute(const ServeCommand& c) {
  net::RealWorld real(net::Random::system());
  auto random = net::Random::system();
  server::Options options;
  options.faults = conformance::faults_named(c.faults);
  options.without = conformance::lack_named(c.without, conformance::Registry::built_in()).without;
  auto bind = net::resolve(c.bind);
  if (!bind) throw UsageError(fmt::format("--bind {}: {}", c.bind, bind.error().message()));
  options.bind = *bind;
  options.rendezvous_port = c.port_base;
  options.relay_servers = c.relay_servers;
  options.always_use_relay = c.always_use_relay;
  apply_operator_flags(c, c.data, options);
  options.calendar = [&real](net::Time time) { return real.calendar(time); };
  Strategies strategies;
  choose_connections(c, options, strategies);
  choose_services(c, options);
  const auto post_office = choose_mail(c, real, options);
  if (c.verbose) options.log = [](std::string_view note) { fmt::print(stderr, "{}\n", note); };
  server::Setup setup{c.data, c.key, std::nullopt};
  if (c.relay_key_given) setup.relay_key = c.relay_key;
  try {
    server::choose_keys(setup, random, options);
    const auto store = server::open_store(setup);
    const auto api_store = server::open_api_store(setup);
    real.run(serve(real, options, *store, *api_store, strategies));
  } catch (const server::SetupError& error) {
    throw UsageError(error.what());
  } catch (const server::identity::AccountError& error) {
    throw UsageError(error.what());
  } catch (const boost::system::system_error& error) {
    throw UsageError(fmt::format("cannot serve: {}; choose other ports with --port-base{}",
                                 error.what(), options.tls ? " and --https-port" : ""));
  }
  return 0;
}

}  // namespace deskcheck::cli
