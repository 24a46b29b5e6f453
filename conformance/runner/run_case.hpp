// Runs one case in one world and turns whatever happens into a result.
#pragma once

#include "conformance/lab/lab.hpp"
#include "conformance/runner/plan.hpp"
#include "conformance/runner/result.hpp"

namespace deskcheck::conformance {

// Never throws, except that a cancelled task still cleans up and then unwinds.
Task<void> run_case(LabSetup setup, CaseResult& result);

// The result of a case whose control did not pass.
CaseResult blocked_by(const Case& c, const CaseResult& control);
// The result of a case that the end of the run came before.
CaseResult not_run(const Case& c);

}  // namespace deskcheck::conformance
