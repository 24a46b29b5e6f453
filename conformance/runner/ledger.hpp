// What has run, what may run now, what is left: shared by both kinds of run.
#pragma once

#include "conformance/runner/run.hpp"

#include <deque>

namespace deskcheck::conformance {

class Ledger {
 public:
  Ledger(const RunOptions& options);

  // The next job whose control has passed. Jobs whose control has not are concluded on the way.
  // Nothing if all are done or wait for a running control.
  std::optional<Job> next();
  void finished(const Job& job, CaseResult result);
  bool all_done() const { return waiting_.empty() && running_ == 0; }
  int running() const { return running_; }
  // No further job; what has not begun is "not run".
  void stop();

  // In the order of the plan.
  std::vector<CaseResult> results() &&;

 private:
  void conclude(const Job& job, CaseResult result);
  const CaseResult* result_of(const std::string& id, int repetition) const;

  const RunOptions& options_;
  std::deque<Job> waiting_;
  std::map<std::pair<int, std::string>, CaseResult> results_;
  std::size_t total_;
  int running_ = 0;
};

}  // namespace deskcheck::conformance
