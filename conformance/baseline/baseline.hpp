// The known failures of one server: a list that its owners keep beside it, with a reason for each.
// Decides which failure an entry excuses; knows neither YAML nor runs.
#pragma once

#include "conformance/lab/case.hpp"
#include "conformance/lab/verdict.hpp"
#include "conformance/registry/registry.hpp"
#include "proto/document/mistake.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace deskcheck::conformance {

using Date = std::chrono::year_month_day;
std::string to_text(Date date);  // "2027-01-31"

struct BaselineEntry {
  // Globs over ids. One of the two may be empty: every case of the requirement, every requirement
  // of the case.
  std::string case_id;
  std::string requirement;
  FailureKind kind = FailureKind::wrong_value;
  std::string actual;  // stands somewhere in what came instead; empty: whatever came
  std::string reason;
  std::string owner;            // who looks after it; may be empty
  std::optional<Date> expires;  // the last day on which it holds
  bool flaky = false;           // may pass as well; such an entry has to expire some day
  std::optional<int> at_most;   // failures that it may excuse; what has a pattern needs a limit
  int line = 0;                 // in its file, from 1
  document::Place at_most_place, fails_place;  // of the number, and of the key 'fails'

  bool covers(const std::string& case_id, const std::string& requirement) const;
  bool has_pattern() const;
  // "rendezvous/register-peer/known-id RDV-REGPEER-03 (no answer)"
  std::string name() const;
};

struct Baseline {
  std::string file;  // as the user named it
  std::vector<BaselineEntry> entries;
};

// The names that entries can use, and what a run looks at.
struct KnownCases {
  std::vector<const Case*> cases;
  const Registry& registry;
};
// `cases` must outlive the result.
KnownCases known_cases(const std::vector<Case>& cases, const Registry& registry);
// Every case that is linked in.
KnownCases built_in_cases(const Registry& registry);

// What is wrong with an entry's names: a glob that is too wide, or that matches nothing.
struct NameMistake {
  const char* key;  // "case" or "requirement"
  std::string text;
};
std::optional<NameMistake> find_name_mistake(const BaselineEntry& entry, const KnownCases& known);

}  // namespace deskcheck::conformance
