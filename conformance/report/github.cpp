#include "conformance/report/github.hpp"

#include "conformance/report/utf8.hpp"

#include <fmt/format.h>

#include <vector>

namespace deskcheck::conformance {

namespace {

constexpr std::size_t kShown = 10;

// Commands end with the line, properties with ':' and ','.
std::string escaped(std::string_view bytes, bool is_property) {
  std::string out;
  for (char c : to_utf8(bytes)) {
    const bool ends = c == '%' || c == '\r' || c == '\n' || (is_property && (c == ':' || c == ','));
    out += ends ? fmt::format("%{:02X}", static_cast<unsigned char>(c)) : std::string(1, c);
  }
  return out;
}

struct Annotation {
  std::string title, text, file, line;
};

std::string to_command(const Annotation& one) {
  std::string place;
  if (!one.file.empty())
    place = fmt::format("file={},line={},", escaped(one.file, true), escaped(one.line, true));
  return fmt::format("::error {}title={}::{}\n", place, escaped(one.title, true),
                     escaped(one.text, false));
}

Annotation of_case(const CaseResult& result, const Registry& registry) {
  Annotation made;
  made.title = fmt::format("{}: {}", to_string(result.status), result.id);
  made.text = result.why;
  for (const auto& check : result.checks) {
    if (check.status != Status::fail) continue;
    if (!made.text.empty()) made.text += '\n';
    made.text +=
        fmt::format("{}: expected {}, got {}", check.requirement, check.expected, check.actual);
    if (const auto* requirement = registry.find(check.requirement))
      made.text += "\nharm: " + requirement->harm + "\nguide: " + requirement->guide;
  }
  return made;
}

Annotation of_entry(const BaselineComplaint& complaint) {
  const auto colon = complaint.where.rfind(':');
  return {"baseline: " + complaint.entry, complaint.entry + " " + complaint.text,
          complaint.where.substr(0, colon), complaint.where.substr(colon + 1)};
}

}  // namespace

std::string to_github_annotations(const RunReport& report, const Registry& registry) {
  std::vector<Annotation> all;
  for (const auto& one : report.baseline.complaints()) all.push_back(of_entry(one));
  for (const auto& result : report.results)
    if (result.unexpected() && result.status != Status::unexpected_pass &&
        result.status != Status::not_run)
      all.push_back(of_case(result, registry));
  if (all.size() > kShown) {
    const auto more = all.size() - kShown + 1;
    all.resize(kShown - 1);
    all.push_back(
        {fmt::format("{} more", more),
         fmt::format("{} more results need attention; see the summary of this step", more),
         {},
         {}});
  }
  std::string out;
  for (const auto& one : all) out += to_command(one);
  return out;
}

}  // namespace deskcheck::conformance
