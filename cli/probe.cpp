// `deskcheck probe`: what a server can do, as a list and as a target file.
#include "conformance/probe/probe.hpp"
#include "cli/commands.hpp"
#include "cli/files.hpp"
#include "cli/run_target.hpp"
#include "conformance/probe/render.hpp"
#include "conformance/probe/target_yaml.hpp"
#include "conformance/runner/reference_host.hpp"
#include "proto/net/real_world.hpp"
#include "proto/net/resolve.hpp"
#include "proto/net/sim_world.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
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

std::string name_of_this_machine() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "unnamed";
  return name.data();
}

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
  Subject subject;
  auto profile = choose_target(c, registry);
  if (!profile) throw UsageError("a host is missing: deskcheck probe HOST, or --virtual-time");
  subject.profile = std::move(*profile);
  if (subject.profile.key) subject.key = wire::to_text(*subject.profile.key);
  subject.account = account_of(c);
  if (!c.admin.empty()) subject.profile.accounts["admin"].user = c.admin;
  if (!subject.profile.api_certificates.empty())
    subject.trust = net::TlsTrust::system_and(subject.profile.api_certificates);
  else if (subject.profile.api.starts_with("https"))
    subject.trust = net::TlsTrust::system();
  subject.identity =
      doctor::identity_of(fmt::format("{} {} {}", name_of_this_machine(), subject.profile.host,
                                      subject.profile.rendezvous_port),
                          probe::kIdPrefix);
  subject.look_up = [](std::string host, net::Deadline deadline) {
    return net::resolve_all(std::move(host), deadline);
  };
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

// The simulated world has no names.
net::awaitable<net::Result<std::vector<ip::address>>> literal(std::string host, net::Deadline) {
  boost::system::error_code error;
  const auto address = ip::make_address(host, error);
  if (error) co_return make_error_code(boost::asio::error::host_not_found);
  std::vector<ip::address> all{address};
  co_return all;
}

void take_target(const conformance::Target& target, Subject& subject) {
  auto& profile = subject.profile;
  profile.name = target.name;
  profile.host = target.rendezvous.address.to_string();
  profile.rendezvous_port = target.rendezvous.port;
  profile.api = target.api;
  profile.key = target.key;
  subject.key = target.licence_key;
  const auto user = target.accounts.find("user");
  if (user != target.accounts.end()) subject.account = user->second;
}

Findings probed_in_virtual_time(Subject& subject, const Registry& registry) {
  constexpr std::uint64_t kSeed = 1;
  net::SimWorld sim(kSeed);
  conformance::ReferenceHost host(ip::make_address("10.0.0.1"), server::FaultPlan(), false);
  subject.home = ip::make_address("10.1.0.1");
  subject.identity = doctor::identity_of("virtual time", probe::kIdPrefix);
  subject.look_up = literal;
  Findings findings;
  auto story = [&]() -> net::awaitable<void> {
    auto server = host.start(sim.world(), conformance::ServerSetup());
    take_target(server->target(), subject);
    auto copy = subject;
    findings = co_await probe::examine(sim.world(), std::move(copy), registry);
    co_await server->stop();
  };
  if (sim.run(story()) != net::Ending::finished) throw std::runtime_error(sim.stuck_report());
  return findings;
}

// Clients with such a key are not served, and a run would not begin.
void refuse_wrong_key(const Subject& subject, const Findings& findings) {
  const char* mend = "give the text of its id_ed25519.pub with --key";
  if (findings.key_refused)
    throw UsageError(fmt::format("the server at {} {} (LICENSE_MISMATCH); {}", findings.host,
                                 subject.key.empty() ? "asks for its key, and none was given"
                                                     : "refuses the key that was given",
                                 mend));
  if (findings.signs_with_key == false)
    throw UsageError(fmt::format("the server at {} signs with another key than the given one; {}",
                                 findings.host, mend));
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
  refuse_wrong_key(subject, findings);
  fmt::print("{}",
             c.format == ProbeFormat::json ? probe::as_json(findings) : probe::as_text(findings));
  if (c.output_file.empty()) return 0;
  replace_file(c.output_file, probe::target_yaml(subject, findings, facts_of(c)));
  if (c.format == ProbeFormat::text)
    fmt::print("{} is written: deskcheck run {}\n", c.output_file, c.output_file);
  return 0;
}

}  // namespace deskcheck::cli
