#include "conformance/registry/registry.hpp"

#include "conformance/registry/embedded.hpp"
#include "conformance/registry/exclusions.hpp"
#include "conformance/registry/glob.hpp"
#include "conformance/registry/guide.hpp"
#include "conformance/registry/requirement_table.hpp"
#include "proto/text/nearest.hpp"

#include <algorithm>
#include <numeric>

namespace deskcheck::conformance {

namespace {

std::vector<const Requirement*> select(std::span<const Requirement> all, auto wanted) {
  std::vector<const Requirement*> selected;
  for (const auto& requirement : all) {
    if (wanted(requirement)) selected.push_back(&requirement);
  }
  return selected;
}

}  // namespace

Registry::Registry(std::vector<Requirement> requirements)
    : requirements_(std::move(requirements)), by_id_(requirements_.size()) {
  std::iota(by_id_.begin(), by_id_.end(), std::size_t{0});
  std::ranges::sort(by_id_, {}, [this](std::size_t i) { return requirements_[i].id; });
}

Registry Registry::built_in() {
  auto registry = parse(embedded_requirements(), embedded_exclusions()).value();
  if (const auto error = apply_guide(embedded_guide(), registry.requirements_))
    return DataResult<Registry>(*error).value();
  return registry;
}

DataResult<Registry> Registry::parse(std::span<const SourceText> requirements,
                                     SourceText exclusions) {
  auto parsed = parse_requirements(requirements);
  if (!parsed) return parsed.error();
  if (const auto error = apply_exclusions(exclusions, *parsed)) return *error;
  return Registry(std::move(*parsed));
}

const Requirement* Registry::find(std::string_view id) const {
  const auto id_at = [this](std::size_t i) -> std::string_view { return requirements_[i].id; };
  const auto found = std::ranges::lower_bound(by_id_, id, {}, id_at);
  if (found == by_id_.end() || id_at(*found) != id) return nullptr;
  return &requirements_[*found];
}

std::vector<const Requirement*> Registry::matching(std::string_view glob) const {
  return select(requirements_, [&](const Requirement& r) {
    return glob_matches(glob, r.id) || glob_matches(glob, r.area) ||
           glob_matches(glob, r.capability);
  });
}

std::vector<const Requirement*> Registry::to_cover() const {
  return select(requirements_, [](const Requirement& r) { return !r.excluded_because; });
}

std::vector<std::string> Registry::nearest_ids(std::string_view unknown,
                                               std::size_t at_most) const {
  std::vector<std::string_view> ids;
  for (const auto i : by_id_) ids.push_back(requirements_[i].id);
  return text::nearest(unknown, ids, at_most);
}

}  // namespace deskcheck::conformance
