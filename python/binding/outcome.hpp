// Results of a run as Python sees them: each knows its run, so that it can tell its evidence.
#pragma once

#include "conformance/registry/registry.hpp"
#include "conformance/runner/result.hpp"

#include <memory>

namespace deskcheck::python {

using RegistryPointer = std::shared_ptr<const conformance::Registry>;

struct Outcome {
  conformance::CaseResult result;
  // Seed, world and target of its run; no results.
  std::shared_ptr<const conformance::RunReport> head;
  RegistryPointer registry;
};

struct Report {
  conformance::RunReport report;
  RegistryPointer registry;
};

}  // namespace deskcheck::python
