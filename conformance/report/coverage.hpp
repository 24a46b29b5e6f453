// What a run has really judged, requirement by requirement: each has been judged, could not be
// judged in that run, is excluded for a reason, or is missing. Counts come from the run's report,
// never from what cases declare.
#pragma once

#include "conformance/registry/registry.hpp"

#include <boost/json/object.hpp>

#include <set>
#include <string>
#include <vector>

namespace deskcheck::conformance {

struct Coverage {
  enum class Kind {
    judged,      // pass or fail, expected or not
    not_judged,  // its cases were blocked, not applicable or not run
    excluded,
    missing,  // no case and no reason
  };
  struct Row {
    const Requirement* requirement;
    Kind kind;
    std::string status;              // in the run; empty for the last two kinds
    std::vector<std::string> cases;  // that have a check of it
  };
  std::vector<Row> rows;  // in the order of the registry

  bool complete() const;
};

// For each requirement that a case declares: a report of a part of the suite leaves some out.
using Declared = std::set<std::string>;

// Of the requirements whose id, area or capability matches one of `globs`; of all without globs.
// `report`: from read_report(). `registry` has to outlive the result.
Coverage coverage(const boost::json::object& report, const Registry& registry,
                  const Declared& declared, const std::vector<std::string>& globs);

// A line for each requirement, then the counts by area and altogether.
std::string to_text(const Coverage& coverage);

}  // namespace deskcheck::conformance
