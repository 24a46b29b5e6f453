#include "conformance/runner/metamorph.hpp"

#include <fmt/format.h>

#include <map>

namespace deskcheck::conformance {

namespace {

// The worst check of each requirement; under the empty one, the case itself.
std::map<std::string, Status> verdicts(const CaseResult& result) {
  std::map<std::string, Status> worst{{"", result.status}};
  for (const auto& check : result.checks) {
    const auto [entry, is_new] = worst.try_emplace(check.requirement, check.status);
    if (!is_new) entry->second = worse(entry->second, check.status);
  }
  return worst;
}

void add_differences(const CaseResult& plain, const CaseResult& transformed,
                     std::vector<Difference>& found) {
  const auto before = verdicts(plain), after = verdicts(transformed);
  const auto count = found.size();
  for (const auto& [requirement, status] : before) {
    const auto other = after.find(requirement);
    if (requirement.empty() || other == after.end() || other->second == status) continue;
    found.push_back({plain.id, plain.repetition, requirement, status, other->second});
  }
  // An error of the suite need not show in any check.
  if (found.size() == count && plain.status != transformed.status)
    found.push_back({plain.id, plain.repetition, "", plain.status, transformed.status});
}

}  // namespace

std::string_view to_string(Transformation transformation) {
  switch (transformation) {
    case Transformation::none:
      return "nothing changed";
    case Transformation::single_bytes:
      return "streams cut into single bytes";
    case Transformation::shuffled_datagrams:
      return "datagrams shuffled";
  }
  return "";
}

std::vector<Transformation> transformations(bool virtual_time) {
  if (virtual_time) return {Transformation::single_bytes, Transformation::shuffled_datagrams};
  return {Transformation::single_bytes};
}

std::vector<Difference> differences(const RunReport& plain, const RunReport& transformed) {
  std::map<std::pair<std::string, int>, const CaseResult*> others;
  for (const auto& result : transformed.results) others[{result.id, result.repetition}] = &result;
  std::vector<Difference> found;
  for (const auto& result : plain.results) {
    const auto other = others.find({result.id, result.repetition});
    if (other == others.end() || result.status == Status::not_run ||
        other->second->status == Status::not_run)
      continue;
    add_differences(result, *other->second, found);
  }
  return found;
}

std::string to_text(const std::vector<Difference>& differences, Transformation transformation) {
  std::string text;
  for (const auto& one : differences) {
    const std::string again = one.repetition ? fmt::format(" (run {})", one.repetition + 1) : "";
    text +=
        fmt::format("{:<52}{:<18}{}, with {}: {}\n", one.which + again, one.requirement,
                    to_string(one.plain), to_string(transformation), to_string(one.transformed));
  }
  return text;
}

}  // namespace deskcheck::conformance
