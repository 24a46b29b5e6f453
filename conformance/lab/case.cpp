#include "conformance/lab/case.hpp"

#include <algorithm>
#include <stdexcept>

namespace deskcheck::conformance {

namespace {

std::vector<Case>& list() {
  static std::vector<Case> cases;
  return cases;
}

}  // namespace

Registration::Registration(Case c) {
  auto& cases = list();
  auto place = std::lower_bound(cases.begin(), cases.end(), c,
                                [](const Case& a, const Case& b) { return a.id < b.id; });
  if (place != cases.end() && place->id == c.id)
    throw std::logic_error("two cases are called " + c.id);
  cases.insert(place, std::move(c));
}

const std::vector<Case>& all_cases() { return list(); }

}  // namespace deskcheck::conformance
