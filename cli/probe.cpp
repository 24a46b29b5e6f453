// `deskcheck probe`: what a server can do, as a list and as a target file.
#include "conformance/probe/probe.hpp"
#include "cli/commands.hpp"
#include "cli/files.hpp"
#include "cli/run_target.hpp"
#include "conformance/probe/render.hpp"
#include "conformance/probe/target_yaml.hpp"
#include "conformance/runner/reference_host.hpp"
#include "proto/net/real_world.hpp"
#include "proto/net/sim_world.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace deskcheck::cli {

namespace {

namespace ip = boost::asio::ip;
using conformance::ExitCode;
using conformance::Registry;
using probe::Findings;
using probe::Subject;

// Told before anything is asked.
void check_output(const ProbeCommand& c) {
  std::error_code error;
  if (c.output_file.empty() || c.force || !std::filesystem::exists(c.output_file, error)) return;
  throw UsageError(
      fmt::format("{} is there already; name another file, or say --force", c.output_file));
}

conformance::Account account_of(const ProbeCommand& c) {
  if (c.user.empty()) return {};
  const char* password = std::getenv(c.password_env.c_str());
  if (!password)
    throw UsageError(
        fmt::format("--user {}: the environment variable {} is not set; put the password there, or "
                    "name another with --password-env",
                    c.user, c.password_env));
  return {c.user, password};
}

Subject subject_of(const ProbeCommand& c, const Registry& registry) {
  check_target_flags(c, registry);
  if (!c.download.empty() && !c.download.starts_with('/'))
    throw UsageError(fmt::format(
        "--download {}: the path has to begin with a slash, as in /downloads/client.exe",
        c.download));
  auto profile = choose_target(c, registry);
  if (!profile) throw UsageError("a host is missing: deskcheck probe HOST, or --virtual-time");
  auto subject = doctor::make_patient(std::move(*profile), probe::kIdPrefix);
  subject.account = account_of(c);
  subject.profile.download = c.download;
  if (!c.admin.empty()) subject.profile.accounts["admin"].user = c.admin;
  return subject;
}

Findings probed_in_real_time(const Subject& subject, const Registry& registry) {
  net::RealWorld real(net::Random::system());
  Findings findings;
  auto ask = [&]() -> net::awaitable<void> {
    auto copy = subject;
    findings = co_await probe::examine(real.world(), std::move(copy), registry);
  };
  real.run(ask());
  return findings;
}

Findings probed_in_virtual_time(Subject& subject, const Registry& registry) {
  constexpr std::uint64_t kSeed = 1;
  net::SimWorld sim(kSeed);
  conformance::ReferenceHost host(ip::make_address("10.0.0.1"), server::FaultPlan(), false);
  Findings findings;
  auto story = [&]() -> net::awaitable<void> {
    auto server = host.start(sim.world(), conformance::ServerSetup());
    const auto target = server->target();
    subject = doctor::make_simulated_patient(conformance::profile_of(target),
                                             ip::make_address("10.1.0.1"), probe::kIdPrefix);
    const auto user = target.accounts.find("user");
    if (user != target.accounts.end()) subject.account = user->second;
    auto copy = subject;
    findings = co_await probe::examine(sim.world(), std::move(copy), registry);
    co_await server->stop();
  };
  if (sim.run(story()) != net::Ending::finished) throw std::runtime_error(sim.stuck_report());
  return findings;
}

probe::FileFacts facts_of(const ProbeCommand& c) {
  probe::FileFacts facts;
  if (!c.api_ca.empty()) facts.api_ca = std::filesystem::absolute(c.api_ca).string();
  facts.password_env = c.password_env;
  facts.admin_password_env = c.admin_password_env;
  return facts;
}

}  // namespace

int execute(const ProbeCommand& c) {
  check_output(c);
  if (c.virtual_time && !c.host.empty())
    throw UsageError("--virtual-time has a server of its own; leave out the host");
  const auto registry = Registry::built_in();
  Subject subject;
  if (!c.virtual_time) subject = subject_of(c, registry);
  const auto findings = c.virtual_time ? probed_in_virtual_time(subject, registry)
                                       : probed_in_real_time(subject, registry);
  if (findings.unreachable) {
    fmt::print(stderr, "deskcheck: {}; is it running, and are host and --port-base right?\n",
               findings.unreachable_why);
    return static_cast<int>(ExitCode::target_unreachable);
  }
  if (const auto problem = probe::wrong_key(subject, findings); !problem.empty())
    throw UsageError(problem + "; give the text of its id_ed25519.pub with --key");
  fmt::print("{}",
             c.format == ProbeFormat::json ? probe::as_json(findings) : probe::as_text(findings));
  if (c.output_file.empty()) return 0;
  replace_file(c.output_file, probe::target_yaml(subject, findings, facts_of(c)));
  if (c.format == ProbeFormat::text)
    fmt::print("{} is written: deskcheck run {}\n", c.output_file, c.output_file);
  return 0;
}

}  // namespace deskcheck::cli
