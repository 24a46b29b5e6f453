// Runs one case in one world and turns whatever happens into a result.
#pragma once

#include "conformance/lab/lab.hpp"
#include "conformance/runner/plan.hpp"
#include "conformance/runner/result.hpp"
#include "conformance/runner/run.hpp"

namespace deskcheck::conformance {

// `on_end`: called when everything is over; a pointer, as it is passed in co_await expressions.
// Never throws, except that a cancelled task still cleans up and then unwinds.
Task<void> run_case(LabSetup setup, CaseResult& result, const OnEnd* on_end = nullptr);

// The result of a case whose control did not pass.
CaseResult blocked_by(const Case& c, const CaseResult& control);
// The result of a case that the end of the run came before.
CaseResult not_run(const Case& c);

}  // namespace deskcheck::conformance
