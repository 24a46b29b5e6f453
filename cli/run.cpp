// `deskcheck run`: from flags to a plan, from a plan to reports.
#include "conformance/runner/run.hpp"
#include "cli/commands.hpp"
#include "cli/files.hpp"
#include "cli/interrupt.hpp"
#include "cli/progress.hpp"
#include "conformance/report/json.hpp"
#include "conformance/report/junit.hpp"
#include "conformance/report/text.hpp"
#include "conformance/runner/preflight.hpp"
#include "conformance/runner/selection.hpp"
#include "proto/net/calendar.hpp"
#include "proto/net/resolve.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace deskcheck::cli {

namespace {

using namespace conformance;
namespace ip = boost::asio::ip;

Target make_target(const RunCommand& c) {
  auto address = net::resolve(c.host);
  if (!address)
    throw UsageError(
        fmt::format("--host {}: {}; give a name or an address that this machine can resolve",
                    c.host, address.error().message()));
  Target target;
  target.name = c.name.empty() ? c.host : c.name;
  const auto port = [&](int offset) {
    return net::Endpoint{*address, static_cast<std::uint16_t>(c.port_base + offset)};
  };
  target.rendezvous = port(0);
  target.nat = port(-1);
  target.relay = port(1);
  target.without = {c.without.begin(), c.without.end()};
  if (!c.key.empty()) {
    auto key = wire::parse_public_key(c.key);
    if (!key)
      throw UsageError(
          fmt::format("--key '{}': {}; give the text of the server's id_ed25519.pub, 44 "
                      "characters of base64",
                      c.key, key.error().message()));
    target.key = *key;
    target.licence_key = target.relay_licence_key = wire::to_text(*key);
  }
  return target;
}

std::optional<ip::network_v4> make_sources(const RunCommand& c) {
  if (c.source_addresses.empty()) return std::nullopt;
  boost::system::error_code error;
  const auto network = ip::make_network_v4(c.source_addresses, error);
  if (error || network.prefix_length() > 30)
    throw UsageError(
        fmt::format("--source-addresses '{}' is no IPv4 network; write it as 10.78.0.0/16",
                    c.source_addresses));
  return network.canonical();
}

void check_capabilities(const RunCommand& c, const Registry& registry) {
  for (const auto& capability : c.without)
    if (registry.matching(capability).empty())
      throw UsageError(
          fmt::format("--without {}: no such capability; `deskcheck list` shows them", capability));
}

server::FaultPlan make_faults(const RunCommand& c) {
  if (!c.host.empty() && !c.faults.empty())
    throw UsageError("--fault is for the reference server, not for --host");
  return faults_named(c.faults);
}

std::string target_flags(const RunCommand& c) {
  std::string flags;
  if (!c.host.empty()) flags += " --host " + c.host;
  if (!c.host.empty() && c.port_base != 21116) flags += fmt::format(" --port-base {}", c.port_base);
  if (!c.key.empty()) flags += fmt::format(" --key '{}'", c.key);
  if (!c.source_addresses.empty()) flags += " --source-addresses " + c.source_addresses;
  if (!c.faults.empty()) flags += fmt::format(" --fault '{}'", fmt::join(c.faults, ","));
  return flags;
}

void show_plan(const RunCommand& c, const RunOptions& options) {
  for (const Case* one : options.cases) {
    std::string ids;
    for (const auto& id : one->requirements) ids += (ids.empty() ? "" : " ") + id;
    fmt::print("{:<52}{}\n", one->id, ids);
  }
  if (!c.dry_run) return;
  const std::string where = options.target ? fmt::format("{} at {}", options.target->name,
                                                         to_string(options.target->rendezvous))
                                           : "the reference server in this process";
  fmt::print("\nwould run {} cases {} times in {} time against {}, seed {}\n", options.cases.size(),
             options.repeat, c.virtual_time ? "virtual" : "real", where, options.seed);
}

RunReport run_with_progress(const RunCommand& c, const Registry& registry, RunOptions& options,
                            TextStyle style) {
  Progress progress(style);
  options.on_result = [&](const CaseResult& result, std::size_t done, std::size_t total) {
    progress.finished(result, done, total);
  };
  if (!c.virtual_time) return run_in_real_time(registry, options);
  Interrupt interrupt;
  options.interrupted = [&] { return interrupt.happened(); };
  return run_in_virtual_time(registry, options);
}

}  // namespace

int execute(const RunCommand& c) {
  const auto registry = Registry::built_in();
  check_capabilities(c, registry);
  RunOptions options;
  options.cases = select_cases(registry, c.filters, c.level);
  options.level = c.level;
  options.repeat = c.repeat;
  options.until_failure = c.until_failure;
  options.jobs = c.jobs;
  options.seed = c.seed ? *c.seed : net::Random::system().next() % 1'000'000;
  options.sources = make_sources(c);
  options.faults = make_faults(c);
  if (!c.host.empty()) {
    if (c.virtual_time) throw UsageError("--virtual-time has its own servers; leave out --host");
    options.target = make_target(c);
  } else if (!c.key.empty()) {
    throw UsageError("--key belongs to --host; the reference server makes its own");
  }
  if (c.list || c.dry_run) {
    show_plan(c, options);
    return 0;
  }
  OutputFile json(c.json_file), junit(c.junit_file);
  if (options.target) {
    const auto from =
        options.sources ? ip::address(ip::make_address_v4(options.sources->network().to_uint() + 1))
        : options.target->rendezvous.address.is_v4() ? ip::address(ip::address_v4::any())
                                                     : ip::address(ip::address_v6::any());
    if (auto problem = preflight_in_real_time(*options.target, from)) {
      fmt::print(stderr, "deskcheck: {}\n", problem->text);
      return static_cast<int>(problem->code);
    }
  }
  const TextStyle style{!c.no_colour && is_terminal()};
  const auto begun = net::utc_now();
  RunReport report = run_with_progress(c, registry, options, style);
  report.version = DESKCHECK_VERSION;
  report.date = begun;
  report.target_flags = target_flags(c);
  for (const auto& result : report.results)
    fmt::print("{}", evidence(result, report, registry, style));
  fmt::print("{}", verdict_table(report, registry, style));
  std::fflush(stdout);
  json.write(to_json(report, registry));
  junit.write(to_junit(report, registry));
  return static_cast<int>(exit_code(report));
}

}  // namespace deskcheck::cli
