#include "conformance/selftest/selftest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

namespace deskcheck::conformance {

namespace {

// How many faults a quick selftest takes for one that it judges with all cases.
constexpr std::size_t kSample = 10;

// In the order of `cases`.
std::vector<const Case*> judges_of(const std::string& requirement,
                                   const std::vector<const Case*>& cases) {
  std::set<std::string> wanted;
  for (const auto* c : cases)
    if (std::ranges::find(c->requirements, requirement) != c->requirements.end())
      wanted.insert(c->id);
  for (std::size_t known = 0; known != wanted.size();) {
    known = wanted.size();
    for (const auto* c : cases)
      if (wanted.contains(c->id) && !c->control.empty()) wanted.insert(c->control);
  }
  std::vector<const Case*> judges;
  std::ranges::copy_if(cases, std::back_inserter(judges),
                       [&](const Case* c) { return wanted.contains(c->id); });
  return judges;
}

RunReport run(const Registry& registry, const SelftestOptions& options,
              std::vector<const Case*> cases, server::FaultPlan plan) {
  RunOptions run_options;
  run_options.cases = std::move(cases);
  run_options.seed = options.seed;
  run_options.strict = true;  // faults break what a server need not do, too
  run_options.faults = std::move(plan);
  run_options.interrupted = options.interrupted;
  return run_in_virtual_time(registry, run_options);
}

bool kills(const CaseResult& result, const std::string& requirement) {
  return std::any_of(result.checks.begin(), result.checks.end(), [&](const Check& check) {
    return check.requirement == requirement && check.status == Status::fail;
  });
}

FaultResult judge(const server::Fault& fault, const RunReport& report) {
  FaultResult result;
  result.fault = &fault;
  for (const auto& c : report.results) {
    if (c.status == Status::harness_error) result.erred.push_back(c.id + ": " + c.why);
    if (kills(c, fault.requirement))
      result.killed_by.push_back(c.id);
    else if (c.unexpected())
      result.also_failed.push_back(c.id);
  }
  return result;
}

// Takes the faults in turn, from several threads.
class Bench {
 public:
  Bench(const Registry& registry, SelftestOptions options)
      : registry_(&registry), options_(std::move(options)), judged_(options_.faults.size()) {
    if (options_.interrupted)
      options_.interrupted = [this, asks = std::move(options_.interrupted)] {
        const std::lock_guard lock(mutex_);
        return interrupted_ = interrupted_ || asks();
      };
  }

  // What was judged until it was interrupted, in the order of the faults.
  std::vector<FaultResult> judge_all() {
    {
      std::vector<std::jthread> others;
      for (int i = 1; i < options_.threads; ++i) others.emplace_back([this] { work(); });
      work();
    }
    if (failure_) std::rethrow_exception(failure_);
    std::vector<FaultResult> results;
    for (auto& result : judged_)
      if (result) results.push_back(std::move(*result));
    return results;
  }

 private:
  void work() {
    try {
      while (const auto i = next()) {
        const auto* fault = options_.faults[*i];
        const bool all = !options_.quick || *i % kSample == 0;
        const auto report =
            run(*registry_, options_,
                all ? options_.cases : judges_of(fault->requirement, options_.cases), fault->plan);
        if (report.interrupted) continue;
        auto result = judge(*fault, report);
        result.by_all_cases = all;
        finished(*i, std::move(result));
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      failure_ = std::current_exception();
      next_ = options_.faults.size();
    }
  }

  std::optional<std::size_t> next() {
    if (options_.interrupted && options_.interrupted()) return std::nullopt;
    const std::lock_guard lock(mutex_);
    if (next_ == options_.faults.size()) return std::nullopt;
    return next_++;
  }

  void finished(std::size_t i, FaultResult result) {
    const std::lock_guard lock(mutex_);
    judged_[i] = std::move(result);
    ++done_;
    if (options_.on_fault) options_.on_fault(*judged_[i], done_, options_.faults.size());
  }

  const Registry* registry_;
  SelftestOptions options_;
  std::mutex mutex_;  // for everything below
  std::vector<std::optional<FaultResult>> judged_;
  std::size_t next_ = 0, done_ = 0;
  bool interrupted_ = false;
  std::exception_ptr failure_;
};

}  // namespace

bool SelftestReport::proven() const {
  return not_judged == 0 && fail_without_fault.empty() && blunt.empty() && !faults.empty() &&
         std::all_of(faults.begin(), faults.end(), [](const FaultResult& fault) {
           return fault.killed() && fault.erred.empty();
         });
}

std::vector<const server::Fault*> faults_to_kill(const Registry& registry) {
  std::vector<const server::Fault*> faults;
  for (const auto& fault : server::declared_faults()) {
    const auto* requirement = registry.find(fault.requirement);
    if (!requirement || !requirement->excluded_because) faults.push_back(&fault);
  }
  return faults;
}

SelftestReport selftest(const Registry& registry, const SelftestOptions& options) {
  SelftestReport report;
  for (const auto& result : run(registry, options, options.cases, {}).results)
    if (result.unexpected()) report.fail_without_fault.push_back(result.id);
  report.faults = Bench(registry, options).judge_all();
  report.not_judged = options.faults.size() - report.faults.size();
  std::map<std::string, std::size_t> failures;
  std::size_t counted = 0;
  for (const auto& result : report.faults) {
    if (!result.by_all_cases) continue;
    ++counted;
    for (const auto& list : {result.killed_by, result.also_failed})
      for (const auto& id : list) ++failures[id];
  }
  // Of a few faults one case may well notice most.
  constexpr std::size_t kEnoughToTell = 20;
  for (const auto& [id, count] : failures)
    if (counted >= kEnoughToTell && count * 2 > counted) report.blunt.push_back(id);
  return report;
}

std::string to_text(const SelftestReport& report) {
  std::string out = fmt::format("{:<46}{:<18}{}\n", "fault", "breaks", "killed by");
  std::size_t killed = 0;
  for (const auto& result : report.faults) {
    std::string by = result.killed() ? result.killed_by.front() : "NOBODY";
    if (result.killed_by.size() > 1) by += fmt::format(" and {} more", result.killed_by.size() - 1);
    out += fmt::format("{:<46}{:<18}{}\n", result.fault->id, result.fault->requirement, by);
    if (!result.killed() && !result.also_failed.empty())
      out += fmt::format("{:<64}(noticed only by {})\n", "", result.also_failed.front());
    for (const auto& error : result.erred)
      out += fmt::format("{:<64}error of the suite: {}\n", "", error);
    killed += result.killed();
  }
  for (const auto& id : report.fail_without_fault)
    out += fmt::format("fails without a fault: {}\n", id);
  for (const auto& id : report.blunt)
    out += fmt::format("too blunt, fails on more than half of all faults: {}\n", id);
  if (report.not_judged > 0)
    out += fmt::format("interrupted: {} faults were not judged\n", report.not_judged);
  return out + fmt::format("\n{} of {} faults killed: {}\n", killed, report.faults.size(),
                           report.proven() ? "the suite is proven" : "the suite is NOT proven");
}

}  // namespace deskcheck::conformance
