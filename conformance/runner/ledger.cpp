#include "conformance/runner/ledger.hpp"

#include "conformance/runner/run_case.hpp"

#include <algorithm>

namespace deskcheck::conformance {

namespace {

// Judged, and never found wanting.
bool holds(const CaseResult& result, const std::string& requirement) {
  bool passes = false;
  for (const auto& check : result.checks) {
    if (check.requirement != requirement) continue;
    if (check.status != Status::pass) return false;
    passes = true;
  }
  return passes;
}

// Whether what the control has found is enough for the case to be judged.
bool carries(const CaseResult& control, const Case& c) {
  if (control.status == Status::pass) return true;
  if (control.status != Status::fail && control.status != Status::blocked) return false;
  return !c.needed.empty() && std::all_of(c.needed.begin(), c.needed.end(),
                                          [&](const auto& id) { return holds(control, id); });
}

}  // namespace

Ledger::Ledger(const RunOptions& options) : options_(options) {
  for (int repetition = 0; repetition < options.repeat; ++repetition)
    for (const Case* c : options.cases) {
      const Job job{c, repetition};
      const std::size_t place = total_++;
      if (c->control.empty())
        make_ready(place, job);
      else
        held_[{repetition, c->control}].emplace(place, job);
    }
}

void Ledger::make_ready(std::size_t place, const Job& job) {
  auto& ready = restarts_target(*job.which, options_) ? ready_last_
                : job.which->alone                    ? ready_alone_
                                                      : ready_;
  ready.emplace(place, job);
}

std::optional<Job> Ledger::next() {
  while (const auto job = next_ready()) {
    const auto more = more_than_allowed(*job->which, options_);
    if (more.empty()) return job;
    CaseResult result = not_run(*job->which);
    result.beyond_effects = true;
    result.why = "does MORE than --effects allows: " + to_string(more);
    finished(*job, std::move(result));
  }
  return std::nullopt;
}

std::optional<Job> Ledger::next_ready() {
  if (running_last_ != 0 || (ready_.empty() && ready_alone_.empty())) return next_last();
  const bool alone_may = !ready_alone_.empty() && !alone_runs_;
  if (alone_may && (ready_.empty() || ready_alone_.begin()->first < ready_.begin()->first)) {
    alone_runs_ = true;
    return begin(ready_alone_);
  }
  return begin(ready_);
}

// Of those that want to be alone one at a time here, too.
std::optional<Job> Ledger::next_last() {
  if (running_ != running_last_) return std::nullopt;
  const auto may = [this](const auto& one) { return !(one.second.which->alone && alone_runs_); };
  const auto found = std::ranges::find_if(ready_last_, may);
  if (found == ready_last_.end()) return std::nullopt;
  ++running_;
  ++running_last_;
  const Job job = found->second;
  alone_runs_ = alone_runs_ || job.which->alone;
  ready_last_.erase(found);
  return job;
}

std::optional<Job> Ledger::begin(Waiting& from) {
  if (from.empty()) return std::nullopt;
  ++running_;
  return from.extract(from.begin()).mapped();
}

void Ledger::finished(const Job& job, CaseResult result) {
  --running_;
  if (job.which->alone) alone_runs_ = false;
  if (restarts_target(*job.which, options_)) --running_last_;
  conclude(job, std::move(result));
}

void Ledger::left_out(const Job& job, std::string why) {
  CaseResult result = not_run(*job.which);
  result.why = std::move(why);
  finished(job, std::move(result));
}

void Ledger::conclude(const Job& job, CaseResult result) {
  result.repetition = job.repetition;
  result.effects = effects_of(*job.which, options_);
  const bool unexpected = result.unexpected() && result.status != Status::not_run &&
                          !(options_.excused && options_.excused(result));
  const auto [place, is_new] = results_.emplace(Key(job.repetition, result.id), std::move(result));
  if (options_.on_result) options_.on_result(place->second, results_.size(), total_);
  if (unexpected && options_.until_failure) stop();
  release(job, place->second);
}

void Ledger::release(const Job& control, const CaseResult& result) {
  const auto waited = held_.extract({control.repetition, control.which->id});
  if (waited.empty()) return;
  for (const auto& [place, job] : waited.mapped()) {
    if (carries(result, *job.which))
      make_ready(place, job);
    else
      conclude(job, blocked_by(*job.which, result));
  }
}

void Ledger::stop() {
  auto leave = [&](const Waiting& waiting) {
    for (const auto& [place, job] : waiting) {
      const Key key(job.repetition, job.which->id);
      const auto result = results_.emplace(key, not_run(*job.which)).first;
      result->second.repetition = job.repetition;
      result->second.effects = effects_of(*job.which, options_);
    }
  };
  leave(std::exchange(ready_, {}));
  leave(std::exchange(ready_alone_, {}));
  leave(std::exchange(ready_last_, {}));
  for (const auto& [control, waiting] : std::exchange(held_, {})) leave(waiting);
}

std::vector<CaseResult> Ledger::results() && {
  std::vector<CaseResult> list;
  for (auto& [key, result] : results_) list.push_back(std::move(result));
  return list;
}

}  // namespace deskcheck::conformance
