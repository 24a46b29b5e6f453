// What a run proves about its target, in one sentence: the same one in every report.
#pragma once

#include "conformance/registry/registry.hpp"
#include "conformance/runner/result.hpp"

#include <string>

namespace deskcheck::conformance {

struct Verdict {
  enum class Kind {
    conforms,
    conforms_with_remarks,  // some SHOULD requirements fail
    does_not_conform,
    none,  // the run does not tell: it was cut short, blocked, or the suite itself has an error
  };
  Kind kind = Kind::none;
  std::string text;  // "does not conform: 3 MUST and 1 SHOULD requirements fail"
};

Verdict verdict(const RunReport& report, const Registry& registry);

// Of an entry that is flaky: "is flaky: failed 3 of 10 times (owner: ann)"
std::string flakiness(const BaselineUse& entry);

}  // namespace deskcheck::conformance
