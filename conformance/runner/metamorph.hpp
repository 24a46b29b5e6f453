// The same run over networks that should make no difference: which verdicts depend on them.
#pragma once

#include "conformance/runner/run.hpp"

namespace deskcheck::conformance {

struct Difference {
  std::string which;  // the case
  int repetition = 0;
  std::string requirement;  // empty: the case as a whole
  Status plain, transformed;
};

// The transformations that a run of this kind can show.
std::vector<Transformation> transformations(bool virtual_time);

// In the order of the cases. What was not run in one of the two has no verdict to differ.
std::vector<Difference> differences(const RunReport& plain, const RunReport& transformed);

// "rendezvous/x  RDV-X-01  pass, with single bytes fail", a line each.
std::string to_text(const std::vector<Difference>& differences, Transformation transformation);

}  // namespace deskcheck::conformance
