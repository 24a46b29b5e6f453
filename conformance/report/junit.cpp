#include "conformance/report/junit.hpp"

#include "conformance/report/text.hpp"
#include "conformance/report/utf8.hpp"

#include <pugixml.hpp>

#include <sstream>

namespace deskcheck::conformance {

namespace {

// XML cannot carry most control characters, not even escaped.
std::string printable(const std::string& bytes) {
  std::string text = to_utf8(bytes);
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') c = '?';
  return text;
}

// "rendezvous/register-pk/foreign-uuid" is the test foreign-uuid of rendezvous.register-pk.
std::pair<std::string, std::string> split(const std::string& id) {
  const auto slash = id.rfind('/');
  std::string area = slash == id.npos ? id : id.substr(0, slash);
  for (char& c : area)
    if (c == '/') c = '.';
  return {area, slash == id.npos ? id : id.substr(slash + 1)};
}

struct Counts {
  int tests = 0, failures = 0, errors = 0, skipped = 0;
  int known = 0, flaky = 0;  // of the skipped ones
};

void add_problem(pugi::xml_node test, const char* kind, const CaseResult& result,
                 const std::string& text) {
  auto node = test.append_child(kind);
  const std::string why = result.why.empty() ? std::string(to_string(result.status)) : result.why;
  node.append_attribute("message") = printable(why).c_str();
  node.append_attribute("type") = std::string(to_string(result.blame)).c_str();
  if (!text.empty()) node.text().set(printable(text).c_str());
}

void add_test(pugi::xml_node suite, const CaseResult& result, const RunReport& report,
              const Registry& registry, Counts& counts) {
  const auto [area, name] = split(result.id);
  auto test = suite.append_child("testcase");
  test.append_attribute("classname") = area.c_str();
  const std::string repeated =
      result.repetition ? name + " #" + std::to_string(result.repetition + 1) : name;
  test.append_attribute("name") = repeated.c_str();
  test.append_attribute("time") = std::chrono::duration<double>(result.took).count();
  ++counts.tests;
  const std::string text = evidence(result, report, registry, {});
  switch (result.status) {
    case Status::pass:
      break;
    case Status::fail:
    case Status::unexpected_pass:
      ++counts.failures;
      add_problem(test, "failure", result, text);
      break;
    case Status::blocked:
    case Status::harness_error:
      ++counts.errors;
      add_problem(test, "error", result, text);
      break;
    case Status::expected_failure:
    case Status::known_flaky:
      ++(result.status == Status::known_flaky ? counts.flaky : counts.known);
      [[fallthrough]];
    case Status::not_applicable:
    case Status::not_run:
      ++counts.skipped;
      add_problem(test, "skipped", result, {});
  }
}

// Build servers show what has a test of its own: entries that have to go are failed ones.
void add_baseline(pugi::xml_node suite, const BaselineOutcome& outcome, Counts& counts) {
  for (const auto& complaint : outcome.complaints()) {
    auto test = suite.append_child("testcase");
    test.append_attribute("classname") = "baseline";
    test.append_attribute("name") = printable(complaint.where).c_str();
    test.append_attribute("time") = 0.0;
    ++counts.tests;
    ++counts.failures;
    auto node = test.append_child("failure");
    node.append_attribute("message") = printable(complaint.entry + " " + complaint.text).c_str();
    node.append_attribute("type") = "baseline";
  }
}

void add_property(pugi::xml_node properties, const char* name, const std::string& value) {
  auto property = properties.append_child("property");
  property.append_attribute("name") = name;
  property.append_attribute("value") = printable(value).c_str();
}

void add_properties(pugi::xml_node suite, const RunReport& report) {
  auto properties = suite.append_child("properties");
  add_property(properties, "target", report.target);
  if (!report.target_version.empty())
    add_property(properties, "target.version", report.target_version);
  add_property(properties, "deskcheck.version", report.version);
  add_property(properties, "seed", std::to_string(report.seed));
}

}  // namespace

std::string to_junit(const RunReport& report, const Registry& registry) {
  pugi::xml_document document;
  auto root = document.append_child("testsuites");
  root.append_attribute("name") = printable("deskcheck: " + target_name(report)).c_str();
  std::map<std::string, std::pair<pugi::xml_node, Counts>> suites;
  const auto suite_of = [&](const std::string& area) -> std::pair<pugi::xml_node, Counts>& {
    auto [place, is_new] = suites.try_emplace(area);
    if (is_new) {
      place->second.first = root.append_child("testsuite");
      place->second.first.append_attribute("name") = area.c_str();
      add_properties(place->second.first, report);
    }
    return place->second;
  };
  for (const auto& result : report.results) {
    auto& [node, counts] = suite_of(split(result.id).first);
    add_test(node, result, report, registry, counts);
  }
  if (!report.baseline.complaints().empty()) {
    auto& [node, counts] = suite_of("baseline");
    add_baseline(node, report.baseline, counts);
  }
  for (auto& [area, suite] : suites) {
    auto& [node, counts] = suite;
    node.append_attribute("tests") = counts.tests;
    node.append_attribute("failures") = counts.failures;
    node.append_attribute("errors") = counts.errors;
    node.append_attribute("skipped") = counts.skipped;
    const auto properties = node.child("properties");
    if (counts.known > 0) add_property(properties, "known.failures", std::to_string(counts.known));
    if (counts.flaky > 0) add_property(properties, "known.flaky", std::to_string(counts.flaky));
  }
  std::ostringstream out;
  document.save(out, "  ");
  return out.str();
}

}  // namespace deskcheck::conformance
