// Baselines: any bytes become entries that can be used, or mistakes; entries written as a file are
// the same entries.
#include "conformance/baseline/baseline_file.hpp"
#include "fuzz/engine/target.hpp"
#include "fuzz/targets/files.hpp"

#include <boost/json/value.hpp>

#include <algorithm>
#include <cstdio>

namespace deskcheck::fuzz {

namespace {

using conformance::Baseline;
using conformance::BaselineEntry;
using conformance::FailureKind;
namespace json = boost::json;

// A suite in small.
const std::vector<conformance::Case>& cases() {
  static const auto kCases = [] {
    std::vector<conformance::Case> all(3);
    all[0].id = "punch/offline";
    all[0].requirements = {"RDV-REGPEER-01", "RDV-REGPEER-02"};
    all[1].id = "punch/lan/local";
    all[1].requirements = {"RDV-REGPEER-03"};
    all[2].id = "relay/pairing";
    all[2].requirements = {"RDV-REGPK-01", "RDV-REGPEER-01"};
    return all;
  }();
  return kCases;
}

auto parse_file(std::string_view text) {
  static const auto kRegistry = conformance::Registry::built_in();
  return conformance::parse_baseline(text, kFileName, conformance::known_cases(cases(), kRegistry));
}

bool is_about_something(const BaselineEntry& entry) {
  return std::ranges::any_of(cases(), [&](const auto& one) {
    return std::ranges::any_of(one.requirements,
                               [&](const auto& id) { return entry.covers(one.id, id); });
  });
}

void check_usable(const BaselineEntry& entry) {
  require(!entry.case_id.empty() || !entry.requirement.empty(), "an entry names something");
  require(is_about_something(entry), "an entry is about a case and a requirement of it");
  require(!entry.case_id.starts_with('*') && !entry.requirement.starts_with('*'),
          "no entry is about everything");
  require(entry.reason.find_first_not_of(" \t\r\n") != std::string::npos, "an entry has a reason");
  require(!entry.has_pattern() || (entry.at_most && *entry.at_most > 0), "a pattern has a limit");
  require(!entry.flaky || entry.expires, "what may pass ends some day");
  require(!entry.expires || (entry.expires->ok() && static_cast<int>(entry.expires->year()) >= 0),
          "an entry ends on a day of the calendar");
  require(entry.line > 0, "an entry has a line");
}

std::string text_of(const conformance::Date& date) {
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

std::string as_file(const Baseline& baseline) {
  json::array entries;
  for (const auto& entry : baseline.entries) {
    // Planted: a reason of more than twenty bytes gets lost.
    const bool lost = planted() && entry.reason.size() > 20;
    json::object written{{"reason", lost ? std::string("cut") : entry.reason},
                         {"flaky", entry.flaky}};
    if (!entry.case_id.empty()) written["case"] = entry.case_id;
    if (!entry.requirement.empty()) written["requirement"] = entry.requirement;
    if (!entry.actual.empty()) written["actual"] = entry.actual;
    if (!entry.owner.empty()) written["owner"] = entry.owner;
    if (entry.at_most) written["at-most"] = *entry.at_most;
    if (entry.expires) written["expires"] = text_of(*entry.expires);
    written["fails"] = std::string(to_string(entry.kind));
    entries.emplace_back(std::move(written));
  }
  return as_yaml(json::object{{"known-failures", entries}});
}

bool same(const BaselineEntry& a, const BaselineEntry& b) {
  return a.case_id == b.case_id && a.requirement == b.requirement && a.kind == b.kind &&
         a.actual == b.actual && a.reason == b.reason && a.expires == b.expires &&
         a.flaky == b.flaky && a.owner == b.owner && a.at_most == b.at_most;
}

}  // namespace

std::unique_ptr<google::protobuf::Message> new_input() { return nullptr; }

void one_input(std::string_view input) {
  const auto baseline = parse_file(input);
  if (!baseline) return check_mistakes(baseline.error(), without_mark(input));
  for (const auto& entry : baseline->entries) check_usable(entry);
  const auto again = parse_file(as_file(*baseline));
  require(again.has_value(), "entries written as a file are accepted");
  require(std::ranges::equal(baseline->entries, again->entries, same), "entries are kept");
}

}  // namespace deskcheck::fuzz
