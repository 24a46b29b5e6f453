// The reports that `deskcheck run` writes: opened before the work begins, written after it.
#pragma once

#include "cli/commands.hpp"
#include "cli/files.hpp"
#include "conformance/registry/registry.hpp"
#include "conformance/runner/result.hpp"

namespace deskcheck::cli {

class RunReports {
 public:
  // Throws UsageError if one of the files cannot be written.
  explicit RunReports(const RunCommand& command);
  // Throws UsageError if the disk is full.
  void write(const conformance::RunReport& report, const conformance::Registry& registry);

 private:
  OutputFile json_, html_, junit_, markdown_, badge_, step_summary_;
  bool github_;
};

}  // namespace deskcheck::cli
