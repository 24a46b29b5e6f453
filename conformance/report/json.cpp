#include "conformance/report/json.hpp"

#include "conformance/report/text.hpp"

#include <boost/json.hpp>

namespace deskcheck::conformance {

namespace json = boost::json;

namespace {

double seconds(net::Duration time) { return std::chrono::duration<double>(time).count(); }

// Bytes of a peer may stand in texts; JSON has to be UTF-8.
std::string utf8(std::string_view text) {
  std::string clean;
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    clean += byte < 0x80 ? std::string(1, c) : std::string("?");
  }
  return clean;
}

json::array checks_of(const CaseResult& result) {
  json::array list;
  for (const auto& check : result.checks)
    list.push_back(json::object{{"requirement", check.requirement},
                                {"status", to_string(check.status)},
                                {"expected", utf8(check.expected)},
                                {"actual", utf8(check.actual)},
                                {"at_seconds", seconds(check.at)}});
  return list;
}

json::object case_of(const CaseResult& result, const RunReport& report) {
  json::object object{{"id", result.id},
                      {"repetition", result.repetition},
                      {"status", to_string(result.status)},
                      {"blame", to_string(result.blame)},
                      {"why", utf8(result.why)},
                      {"seconds", seconds(result.took)},
                      {"checks", checks_of(result)}};
  if (result.unexpected()) {
    object["conversation"] = utf8(result.transcript);
    object["reproduce"] = reproduce_line(result, report);
  }
  return object;
}

json::array requirements_of(const RunReport& report, const Registry& registry) {
  json::array list;
  for (const auto& [id, status] : judge_requirements(report)) {
    json::object object{{"id", id}, {"status", to_string(status)}};
    if (const auto* requirement = registry.find(id)) {
      object["level"] = to_string(requirement->level);
      object["area"] = requirement->area;
      object["capability"] = requirement->capability;
      object["text"] = requirement->text;
      object["harm"] = requirement->harm;
      object["evidence"] = requirement->evidence;
    }
    list.push_back(std::move(object));
  }
  return list;
}

}  // namespace

std::string to_json(const RunReport& report, const Registry& registry) {
  json::object counts;
  for (const auto& [status, count] : count_cases(report)) counts[to_string(status)] = count;
  json::array cases;
  for (const auto& result : report.results) cases.push_back(case_of(result, report));
  const json::object document{
      {"format", "deskcheck-report"},
      {"format_version", kJsonVersion},
      {"deskcheck", report.version},
      {"target", json::object{{"name", report.target}, {"addresses", report.addresses}}},
      {"world", report.world},
      {"seed", report.seed},
      {"seconds", seconds(report.took)},
      {"interrupted", report.interrupted},
      {"exit_code", static_cast<int>(exit_code(report))},
      {"cases_by_status", std::move(counts)},
      {"requirements", requirements_of(report, registry)},
      {"cases", std::move(cases)}};
  return json::serialize(document) + "\n";
}

}  // namespace deskcheck::conformance
