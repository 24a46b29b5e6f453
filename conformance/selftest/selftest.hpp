// Proof of the suite: every fault of the reference server is killed by a case that judges the
// requirement which the fault breaks, no case fails without a fault, no case is too blunt, and none
// is led into an error of its own.
#pragma once

#include "conformance/registry/registry.hpp"
#include "conformance/runner/run.hpp"
#include "reference-server/faults/faults.hpp"

#include <functional>
#include <string>
#include <vector>

namespace deskcheck::conformance {

struct FaultResult {
  const server::Fault* fault = nullptr;
  std::vector<std::string> killed_by;    // cases whose check of the broken requirement fails
  std::vector<std::string> also_failed;  // other cases that fail or are blocked
  std::vector<std::string> erred;        // cases with a harness error, and which
  bool by_all_cases = true;
  bool killed() const { return !killed_by.empty(); }
};

struct SelftestReport {
  std::vector<std::string> fail_without_fault;  // cases
  std::vector<FaultResult> faults;
  std::size_t not_judged = 0;      // faults, because it was interrupted
  std::vector<std::string> blunt;  // cases that fail on more than half of all faults
  bool proven() const;
};

struct SelftestOptions {
  std::vector<const Case*> cases;
  std::vector<const server::Fault*> faults;
  std::uint64_t seed = 0;
  int threads = 1;  // faults side by side; the report is the same with any number of them
  // All cases against every tenth fault only; against the others those that judge what it breaks,
  // and their controls. Enough to tell whether every fault is killed.
  bool quick = false;
  // Called as faults are judged, and asked between cases: from any thread, one at a time.
  std::function<void(const FaultResult&, std::size_t done, std::size_t total)> on_fault;
  std::function<bool()> interrupted;
};

// The declared faults whose requirement is checked at all. The others wait for their cases: the
// registry says why there are none yet.
std::vector<const server::Fault*> faults_to_kill(const Registry& registry);

// In virtual time. Stops early if interrupted.
SelftestReport selftest(const Registry& registry, const SelftestOptions& options);
// Fault, broken requirement, killed by; then what is not proven.
std::string to_text(const SelftestReport& report);

}  // namespace deskcheck::conformance
