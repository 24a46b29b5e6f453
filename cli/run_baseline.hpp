// The baseline of one run: read before it, applied after it, and rewritten if that was asked for.
#pragma once

#include "cli/commands.hpp"
#include "conformance/baseline/apply.hpp"

#include <optional>
#include <string>

namespace deskcheck::cli {

class RunBaseline {
 public:
  // `file`: empty for none. Throws UsageError: for a file that cannot be used, and for a run that
  // cannot rewrite it because it is not a whole one.
  RunBaseline(const RunCommand& command, std::string file, conformance::KnownCases known);

  // As the result will count.
  conformance::CaseResult seen(const conformance::CaseResult& result) const;
  // The report as it counts; with --update-baseline after the file was rewritten.
  conformance::RunReport judge(conformance::RunReport report);
  // For --dry-run: one line, or nothing.
  std::string description() const;
  // One line on what became of the file, or nothing.
  const std::string& note() const { return note_; }
  // One line on why the file was left as it was although it was to be rewritten: the run was not a
  // whole one. Or nothing.
  const std::string& refusal() const { return refusal_; }
  // Why the file could not be rewritten. The report counts all the same.
  const std::optional<UsageError>& failure() const { return failure_; }

 private:
  conformance::RunReport apply(conformance::RunReport report) const;
  void update(const conformance::RunReport& report);

  const RunCommand& command_;
  std::string file_;
  conformance::KnownCases known_;
  std::string text_;
  conformance::Baseline baseline_;
  std::string note_, refusal_;
  std::optional<UsageError> failure_;
};

}  // namespace deskcheck::cli
