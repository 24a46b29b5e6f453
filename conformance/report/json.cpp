#include "conformance/report/json.hpp"

#include "conformance/report/clients.hpp"
#include "conformance/report/footprint.hpp"
#include "conformance/report/profiles.hpp"
#include "conformance/report/text.hpp"
#include "conformance/report/utf8.hpp"
#include "conformance/report/verdict.hpp"

#include <boost/json.hpp>

namespace deskcheck::conformance {

namespace json = boost::json;

namespace {

double seconds(net::Duration time) { return std::chrono::duration<double>(time).count(); }

json::array checks_of(const CaseResult& result) {
  json::array list;
  for (const auto& check : result.checks) {
    json::object object{{"requirement", check.requirement},
                        {"status", to_string(check.status)},
                        {"expected", to_utf8(check.expected)},
                        {"actual", to_utf8(check.actual)},
                        {"at_seconds", seconds(check.at)}};
    if (check.status == Status::fail || check.status == Status::expected_failure ||
        check.status == Status::known_flaky)
      object["kind"] = to_string(check.kind);
    list.push_back(std::move(object));
  }
  return list;
}

json::array fields_of(const wire::Described& message) {
  json::array list;
  for (const auto& field : message.fields)
    list.push_back(json::object{{"name", to_utf8(field.name)}, {"value", to_utf8(field.value)}});
  return list;
}

json::object event_of(const sim::Event& event) {
  using What = sim::TranscriptLine::What;
  json::object object{{"at_seconds", seconds(event.at)},
                      {"party", to_utf8(event.party)},
                      {"what", sim::to_string(event.what)},
                      {"text", to_utf8(event.text)}};
  if (event.what == What::note) return object;
  object["transport"] = sim::to_string(event.transport);
  object["local"] = net::to_string(event.local);
  object["remote"] = net::to_string(event.remote);
  object["encrypted"] = event.encrypted;
  if (event.what != What::sent && event.what != What::received) return object;
  object["protocol"] = sim::to_string(event.protocol);
  object["size"] = event.size;
  object["message"] = event.message.name;
  object["fields"] = fields_of(event.message);
  return object;
}

json::object conversation_of(const CaseResult& result) {
  json::array events, servers;
  for (const auto& event : result.conversation.events) events.push_back(event_of(event));
  for (const auto& [name, address] : result.servers)
    servers.push_back(json::object{{"name", name}, {"address", net::to_string(address)}});
  return {{"text", to_utf8(sim::render(result.conversation))},
          {"dropped", result.conversation.dropped},
          {"servers", std::move(servers)},
          {"events", std::move(events)}};
}

json::object case_of(const CaseResult& result, const RunReport& report) {
  json::object object{{"id", result.id},
                      {"repetition", result.repetition},
                      {"status", to_string(result.status)},
                      {"blame", to_string(result.blame)},
                      {"why", to_utf8(result.why)},
                      {"seconds", seconds(result.took)},
                      {"effects", effects_json(result.effects)},
                      {"checks", checks_of(result)}};
  if (result.status == Status::pass || result.status == Status::not_applicable) return object;
  object["conversation"] = conversation_of(result);
  object["reproduce"] = to_utf8(reproduce_line(result, report));
  return object;
}

json::value conforms(Verdict::Kind kind) {
  if (kind == Verdict::Kind::none) return nullptr;
  return kind != Verdict::Kind::does_not_conform;
}

json::array complaints(const std::vector<BaselineComplaint>& entries) {
  json::array list;
  for (const auto& one : entries)
    list.push_back(json::object{{"where", one.where}, {"entry", one.entry}, {"text", one.text}});
  return list;
}

json::array entries_of(const BaselineOutcome& outcome) {
  json::array list;
  for (const auto& one : outcome.entries) {
    json::object object{
        {"where", one.where},       {"entry", one.entry},     {"owner", one.owner},
        {"reason", one.reason},     {"expires", one.expires}, {"flaky", one.flaky},
        {"failures", one.failures}, {"failed", one.failed},   {"judged", one.judged}};
    if (one.at_most > 0) object["at_most"] = one.at_most;
    list.push_back(std::move(object));
  }
  return list;
}

json::object baseline_of(const BaselineOutcome& outcome) {
  return {{"file", outcome.file},
          {"entries", entries_of(outcome)},
          {"exceeded", complaints(outcome.exceeded)},
          {"stale", complaints(outcome.stale)},
          {"expired", complaints(outcome.expired)}};
}

json::array clients_of(const RunReport& report, const Registry& registry) {
  json::array list;
  for (const auto& span : client_spans(report, registry))
    list.push_back(json::object{{"first", span.first},
                                {"last", span.last},
                                {"must", json::value_from(span.must)},
                                {"should", json::value_from(span.should)}});
  return list;
}

json::object part_of(const ProfilePart& part) {
  return {{"verdict", to_string(part.state)},
          {"passed", part.passed},
          {"open", part.open},
          {"not_applicable", part.not_applicable},
          {"failing", json::value_from(part.failing)}};
}

json::array profiles_of(const RunReport& report, const Registry& registry) {
  json::array list;
  for (const auto& one : judge_profiles(report, registry))
    list.push_back(json::object{{"name", one.name},
                                {"text", one.text},
                                {"in_run", one.in_run},
                                {"core", part_of(one.core)},
                                {"extended", part_of(one.extended)},
                                {"lacks", json::value_from(one.lacks)}});
  return list;
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
      object["guide"] = requirement->guide;
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
  const auto [kind, sentence] = verdict(report, registry);
  const json::object document{
      {"format", "deskcheck-report"},
      {"format_version", kJsonVersion},
      {"deskcheck", report.version},
      {"date", report.date},
      {"target", json::object{{"name", to_utf8(report.target)},
                              {"version", to_utf8(report.target_version)},
                              {"addresses", report.addresses}}},
      {"verdict", json::object{{"conforms", conforms(kind)}, {"text", sentence}}},
      {"world", report.world},
      {"seed", report.seed},
      {"seconds", seconds(report.took)},
      {"interrupted", report.interrupted},
      {"exit_code", static_cast<int>(exit_code(report))},
      {"cases_by_status", std::move(counts)},
      {"baseline", report.baseline.file.empty() ? json::value(nullptr)
                                                : json::value(baseline_of(report.baseline))},
      {"profiles", profiles_of(report, registry)},
      {"effects", effects_json(report.allowed)},
      {"footprint", footprint_json(report.footprint)},
      {"clients", clients_of(report, registry)},
      {"requirements", requirements_of(report, registry)},
      {"cases", std::move(cases)}};
  return json::serialize(document) + "\n";
}

}  // namespace deskcheck::conformance
