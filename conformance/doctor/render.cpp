#include "conformance/doctor/render.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <cmath>

namespace deskcheck::doctor {

namespace {

namespace json = boost::json;

double seconds(net::Duration time) { return std::chrono::duration<double>(time).count(); }
// Whole milliseconds: more is noise.
double rounded(net::Duration time) { return std::round(seconds(time) * 1000) / 1000; }

std::string shown(Status status) {
  if (status == Status::broken) return "BROKEN";
  return std::string(to_string(status));
}

std::string counted(const Diagnosis& diagnosis) {
  std::string text;
  for (const auto status :
       {Status::broken, Status::warning, Status::blocked, Status::ok, Status::skipped})
    if (const auto count = diagnosis.count(status); count > 0)
      text += fmt::format("{}{} {}{}", text.empty() ? "" : ", ", count, to_string(status),
                          status == Status::warning && count > 1 ? "s" : "");
  return text;
}

// '|' begins performance data.
std::string for_nagios(std::string text) {
  for (char& c : text)
    if (c == '|' || c == '\n') c = '/';
  return text;
}

std::string label(std::string_view text) {
  std::string quoted;
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c == '\n' ? ' ' : c;
  }
  return quoted;
}

}  // namespace

std::string as_text(const Diagnosis& diagnosis) {
  std::string text;
  for (const auto& finding : diagnosis.findings)
    text += fmt::format("{:<8} {:<16} {}\n", shown(finding.status), to_string(finding.step),
                        finding.what);
  text += '\n';
  if (const auto* first = diagnosis.first())
    text += fmt::format("{}: {}: {}\n  likely cause  {}\n  mend          {}\n\n",
                        first->status == Status::broken ? "first broken step" : "first warning",
                        to_string(first->step), first->what, first->cause, first->mend);
  const char* verdict = diagnosis.unreachable()                ? "unreachable"
                        : diagnosis.count(Status::broken) > 0  ? "broken"
                        : diagnosis.count(Status::warning) > 0 ? "works, with warnings"
                                                               : "healthy";
  text += fmt::format("{}: {} ({}; {:.1f} s)\n", diagnosis.host, verdict, counted(diagnosis),
                      seconds(diagnosis.took));
  if (!diagnosis.device_id.empty())
    text += fmt::format(
        "{} is what this examination registers, always the same; nothing else "
        "stays\n",
        diagnosis.device_id);
  return text;
}

std::string as_json(const Diagnosis& diagnosis) {
  json::array steps, addresses;
  for (const auto& finding : diagnosis.findings) {
    json::object step{{"step", to_string(finding.step)},
                      {"status", to_string(finding.status)},
                      {"what", finding.what},
                      {"seconds", rounded(finding.took)}};
    if (!finding.cause.empty()) step["cause"] = finding.cause;
    if (!finding.mend.empty()) step["mend"] = finding.mend;
    steps.push_back(std::move(step));
  }
  for (const auto& address : diagnosis.addresses) addresses.emplace_back(address.to_string());
  const auto* first = diagnosis.first();
  json::object all{{"host", diagnosis.host},
                   {"addresses", std::move(addresses)},
                   {"healthy", first == nullptr},
                   {"reachable", !diagnosis.unreachable()},
                   {"first", first ? json::value(to_string(first->step)) : json::value()},
                   {"seconds", rounded(diagnosis.took)},
                   {"registered", diagnosis.device_id},
                   {"steps", std::move(steps)}};
  if (diagnosis.skew) all["clock_skew_seconds"] = diagnosis.skew->count();
  return json::serialize(all) + '\n';
}

std::string as_nagios(const Diagnosis& diagnosis) {
  constexpr std::array<const char*, 3> kVerdicts{"OK", "WARNING", "CRITICAL"};
  const auto* first = diagnosis.first();
  std::string text = fmt::format(
      "DESKCHECK {} - {}: {}", kVerdicts.at(static_cast<std::size_t>(nagios_exit_code(diagnosis))),
      for_nagios(diagnosis.host), counted(diagnosis));
  if (first)
    text += fmt::format("; {}: {}; {}", to_string(first->step), for_nagios(first->what),
                        for_nagios(first->mend));
  text +=
      fmt::format(" | time={:.3f}s;;;0 broken={};;1;0 warnings={};1;;0", seconds(diagnosis.took),
                  diagnosis.count(Status::broken), diagnosis.count(Status::warning));
  if (diagnosis.skew) text += fmt::format(" skew={}s", diagnosis.skew->count());
  text += '\n';
  for (const auto& finding : diagnosis.findings)
    if (finding.status == Status::broken || finding.status == Status::warning)
      text += fmt::format("{} {}: {}\n", shown(finding.status), to_string(finding.step),
                          for_nagios(finding.what));
  return text;
}

std::string as_prometheus(const Diagnosis& diagnosis) {
  const auto host = label(diagnosis.host);
  std::string text =
      "# HELP deskcheck_doctor_healthy 1 if no step is broken.\n"
      "# TYPE deskcheck_doctor_healthy gauge\n";
  text += fmt::format("deskcheck_doctor_healthy{{host=\"{}\"}} {}\n", host,
                      diagnosis.count(Status::broken) == 0 ? 1 : 0);
  text +=
      "# HELP deskcheck_doctor_duration_seconds How long the examination took.\n"
      "# TYPE deskcheck_doctor_duration_seconds gauge\n";
  text += fmt::format("deskcheck_doctor_duration_seconds{{host=\"{}\"}} {:.3f}\n", host,
                      seconds(diagnosis.took));
  text +=
      "# HELP deskcheck_doctor_step_status 1 for the status that a step has: ok, warning, broken, "
      "blocked, skipped.\n"
      "# TYPE deskcheck_doctor_step_status gauge\n";
  for (const auto& finding : diagnosis.findings)
    text += fmt::format("deskcheck_doctor_step_status{{host=\"{}\",step=\"{}\",status=\"{}\"}} 1\n",
                        host, to_string(finding.step), to_string(finding.status));
  text +=
      "# HELP deskcheck_doctor_step_seconds How long a step took.\n"
      "# TYPE deskcheck_doctor_step_seconds gauge\n";
  for (const auto& finding : diagnosis.findings)
    if (finding.status != Status::blocked && finding.status != Status::skipped)
      text += fmt::format("deskcheck_doctor_step_seconds{{host=\"{}\",step=\"{}\"}} {:.3f}\n", host,
                          to_string(finding.step), seconds(finding.took));
  if (!diagnosis.skew) return text;
  text +=
      "# HELP deskcheck_doctor_clock_skew_seconds The server's clock minus this machine's.\n"
      "# TYPE deskcheck_doctor_clock_skew_seconds gauge\n";
  return text + fmt::format("deskcheck_doctor_clock_skew_seconds{{host=\"{}\"}} {}\n", host,
                            diagnosis.skew->count());
}

int exit_code(const Diagnosis& diagnosis) {
  if (diagnosis.unreachable()) return 3;
  return diagnosis.count(Status::broken) > 0 ? 1 : 0;
}

int nagios_exit_code(const Diagnosis& diagnosis) {
  if (diagnosis.count(Status::broken) > 0) return 2;
  return diagnosis.count(Status::warning) > 0 ? 1 : 0;
}

}  // namespace deskcheck::doctor
