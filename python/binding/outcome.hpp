// Results of a run as Python sees them: each knows its run, so that it can tell its evidence.
#pragma once

#include "conformance/baseline/baseline.hpp"
#include "conformance/registry/registry.hpp"
#include "conformance/runner/result.hpp"

#include <memory>

namespace deskcheck::python {

using RegistryPointer = std::shared_ptr<const conformance::Registry>;

struct Outcome {
  conformance::CaseResult result;  // as the baseline sees it
  // Seed, world and target of its run; no results.
  std::shared_ptr<const conformance::RunReport> head;
  RegistryPointer registry;
  std::shared_ptr<const conformance::Baseline> baseline;
};

struct Report {
  conformance::RunReport report;
  RegistryPointer registry;
  std::shared_ptr<const conformance::Baseline> baseline;
};

// The reasons of the baseline's entries that are about this case, one a line; empty: none is.
std::string reasons(const Outcome& outcome);
// Nothing that happens later in the run changes what the baseline makes of it.
bool is_final(const Outcome& outcome);

}  // namespace deskcheck::python
