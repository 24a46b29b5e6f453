// `deskcheck doctor`: what is broken at a live server, and where.
#include "conformance/doctor/doctor.hpp"
#include "cli/commands.hpp"
#include "cli/run_target.hpp"
#include "conformance/doctor/render.hpp"
#include "conformance/registry/registry.hpp"
#include "proto/net/http_client.hpp"
#include "proto/net/real_world.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

namespace deskcheck::cli {

namespace {

using namespace doctor;

constexpr int kNagiosUnknown = 3;

bool is_file(const std::string& where) {
  return where.ends_with(".yaml") || where.ends_with(".yml") ||
         (where.find('/') != std::string::npos && where.find("://") == std::string::npos);
}

conformance::Account account_of(const DoctorCommand& c, const conformance::TargetProfile& profile) {
  if (c.user.empty()) {
    const auto known = profile.accounts.find("user");
    return known == profile.accounts.end() ? conformance::Account() : known->second;
  }
  const char* password = std::getenv(c.password_env.c_str());
  if (!password)
    throw UsageError(
        fmt::format("--user {}: the environment variable {} is not set; put the "
                    "password there, or name another with --password-env",
                    c.user, c.password_env));
  return {c.user, password};
}

Patient patient_of(const DoctorCommand& c, const net::RealWorld& real) {
  if (c.where.empty())
    throw UsageError("a host is missing: deskcheck doctor HOST, or deskcheck doctor TARGET.yaml");
  TargetFlags flags = c;
  if (is_file(c.where))
    flags.target_file = c.where;
  else
    flags.host = c.where;
  const auto registry = conformance::Registry::built_in();
  check_target_flags(flags, registry);
  auto profile = choose_target(flags, registry);
  if (!c.proxy.empty() && !net::parse_http_url(c.proxy))
    throw UsageError(fmt::format(
        "--proxy '{}' is no URL; write it as http://HOST:PORT or https://HOST", c.proxy));
  auto patient = make_patient(std::move(profile.value()), "dcdoctor", c.proxy);
  patient.account = account_of(c, patient.profile);
  patient.calendar = [&real] { return real.calendar(real.now()); };
  return patient;
}

std::string rendered(DoctorFormat format, const Diagnosis& diagnosis) {
  switch (format) {
    case DoctorFormat::json:
      return as_json(diagnosis);
    case DoctorFormat::nagios:
      return as_nagios(diagnosis);
    case DoctorFormat::prometheus:
      return as_prometheus(diagnosis);
    case DoctorFormat::text:
      break;
  }
  return as_text(diagnosis);
}

// Until Ctrl-C, or once. The exit code is that of the last examination.
boost::asio::awaitable<void> examine_again_and_again(net::RealWorld& real, const DoctorCommand& c,
                                                     Patient patient, int& code) {
  net::TaskGroup pause(real.world().executor);
  bool over = !c.watch;
  if (c.watch)
    real.on_signal([&] {
      over = true;
      pause.cancel();
    });
  do {
    const auto diagnosis = co_await examine(real.world(), patient);
    const bool nagios = c.format == DoctorFormat::nagios;
    code = nagios ? nagios_exit_code(diagnosis) : exit_code(diagnosis);
    fmt::print("{}", rendered(c.format, diagnosis));
    if (c.watch && c.format == DoctorFormat::text) fmt::print("\n");
    std::fflush(stdout);
    if (over) break;
    pause.spawn("pause", net::sleep_for(real.world().clock, std::chrono::seconds(*c.watch)));
    co_await pause.join();
  } while (!over);
}

int examined(const DoctorCommand& c) {
  net::RealWorld real(net::Random::system());
  auto patient = patient_of(c, real);
  int code = 0;
  real.run(examine_again_and_again(real, c, std::move(patient), code));
  return code;
}

}  // namespace

int execute(const DoctorCommand& c) {
  if (c.format != DoctorFormat::nagios) return examined(c);
  // Monitors know other exit codes.
  try {
    return examined(c);
  } catch (const std::exception& error) {
    fmt::print("DESKCHECK UNKNOWN - {}\n", error.what());
    return kNagiosUnknown;
  }
}

}  // namespace deskcheck::cli
