#include "python/binding/outcome.hpp"

#include <algorithm>

namespace deskcheck::python {

namespace {

bool is_about(const conformance::BaselineEntry& entry, const conformance::CaseResult& result) {
  return std::ranges::any_of(
      result.checks, [&](const auto& check) { return entry.covers(result.id, check.requirement); });
}

}  // namespace

std::string reasons(const Outcome& outcome) {
  std::string lines;
  for (const auto& entry : outcome.baseline->entries)
    if (is_about(entry, outcome.result)) lines += (lines.empty() ? "" : "\n") + entry.reason;
  return lines;
}

bool is_final(const Outcome& outcome) {
  const auto& entries = outcome.baseline->entries;
  // A case may be blocked by a known failure; an entry may turn out to be stale.
  return entries.empty() || (outcome.result.status != conformance::Status::blocked &&
                             std::ranges::none_of(entries, [&](const auto& entry) {
                               return is_about(entry, outcome.result);
                             }));
}

}  // namespace deskcheck::python
