#include "conformance/runner/ledger.hpp"

#include "conformance/runner/run_case.hpp"

namespace deskcheck::conformance {

Ledger::Ledger(const RunOptions& options) : options_(options) {
  for (int repetition = 0; repetition < options.repeat; ++repetition)
    for (const Case* c : options.cases) waiting_.push_back({c, repetition});
  total_ = waiting_.size();
}

const CaseResult* Ledger::result_of(const std::string& id, int repetition) const {
  const auto found = results_.find({repetition, id});
  return found == results_.end() ? nullptr : &found->second;
}

std::optional<Job> Ledger::next() {
  for (auto job = waiting_.begin(); job != waiting_.end();) {
    const auto& control = job->which->control;
    const auto* result = control.empty() ? nullptr : result_of(control, job->repetition);
    if (!control.empty() && !result) {
      ++job;
      continue;
    }
    const Job chosen = *job;
    job = waiting_.erase(job);
    if (!result || result->status == Status::pass) {
      ++running_;
      return chosen;
    }
    conclude(chosen, blocked_by(*chosen.which, *result));
    job = waiting_.begin();  // others may have waited for this one
  }
  return std::nullopt;
}

void Ledger::finished(const Job& job, CaseResult result) {
  --running_;
  conclude(job, std::move(result));
}

void Ledger::conclude(const Job& job, CaseResult result) {
  result.repetition = job.repetition;
  const bool unexpected = result.unexpected();
  const auto [place, is_new] =
      results_.emplace(std::pair(job.repetition, result.id), std::move(result));
  if (options_.on_result) options_.on_result(place->second, results_.size(), total_);
  if (unexpected && options_.until_failure) stop();
}

void Ledger::stop() {
  auto left = std::exchange(waiting_, {});
  for (const Job& job : left) {
    CaseResult result;
    result.id = job.which->id;
    result.repetition = job.repetition;
    result.why = "the run was stopped before";
    for (const auto& id : job.which->requirements) {
      Check check;
      check.requirement = id;
      check.status = Status::not_run;
      result.checks.push_back(std::move(check));
    }
    results_.emplace(std::pair(job.repetition, result.id), std::move(result));
  }
}

std::vector<CaseResult> Ledger::results() && {
  std::vector<CaseResult> list;
  for (auto& [key, result] : results_) list.push_back(std::move(result));
  return list;
}

}  // namespace deskcheck::conformance
