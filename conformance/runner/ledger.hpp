// What has run, what may run now, what is left: shared by both kinds of run.
#pragma once

#include "conformance/runner/run.hpp"

namespace deskcheck::conformance {

class Ledger {
 public:
  // Every control that a case of `options` names is one of its cases, too (select() sees to it).
  explicit Ledger(const RunOptions& options);

  // The next job in the order of the plan whose control has passed and that does no more than is
  // allowed; one that wants to be alone only while no other such one runs, and those that restart
  // the target last, beside each other only. Nothing if all are done
  // or have to wait.
  std::optional<Job> next();
  // Jobs that waited for this one may run from here on, or are concluded as blocked.
  void finished(const Job& job, CaseResult result);
  // For a job of next() that does not begin after all.
  void left_out(const Job& job, std::string why);
  int running() const { return running_; }
  // No further job; what has not begun is "not run".
  void stop();

  // In the order of the plan.
  std::vector<CaseResult> results() &&;

 private:
  using Key = std::pair<int, std::string>;     // repetition, id
  using Waiting = std::map<std::size_t, Job>;  // by place in the plan

  std::optional<Job> next_ready();
  std::optional<Job> next_last();
  std::optional<Job> begin(Waiting& from);
  void conclude(const Job& job, CaseResult result);
  // What follows for the jobs that waited for this control.
  void release(const Job& control, const CaseResult& result);
  void make_ready(std::size_t place, const Job& job);

  const RunOptions& options_;
  Waiting ready_, ready_alone_;
  Waiting ready_last_;           // those that restart the target
  std::map<Key, Waiting> held_;  // by the control that they wait for
  std::map<Key, CaseResult> results_;
  std::size_t total_ = 0;
  int running_ = 0, running_last_ = 0;
  bool alone_runs_ = false;
};

}  // namespace deskcheck::conformance
