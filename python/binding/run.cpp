#include "conformance/runner/run.hpp"

#include "conformance/baseline/apply.hpp"
#include "conformance/baseline/baseline_file.hpp"
#include "conformance/runner/lack.hpp"
#include "conformance/runner/preflight.hpp"
#include "conformance/runner/selection.hpp"
#include "proto/net/calendar.hpp"
#include "python/binding/bindings.hpp"
#include "python/binding/blocking.hpp"
#include "python/binding/errors.hpp"
#include "python/binding/interrupt.hpp"
#include "python/binding/named_target.hpp"
#include "python/binding/outcome.hpp"
#include "python/binding/suite.hpp"

#include <fmt/format.h>
#include <pybind11/stl.h>

#include <csignal>
#include <deque>

namespace py = pybind11;

namespace deskcheck::python {

namespace {

using namespace conformance;
using namespace std::chrono_literals;
namespace ip = boost::asio::ip;

// A run in a thread of its own. Results are taken one by one, as they come.
class Run {
 public:
  Run(RunOptions options, bool virtual_time, RunReport head, std::shared_ptr<const Suite> suite,
      std::shared_ptr<const Baseline> baseline)
      : options_(std::move(options)),
        virtual_time_(virtual_time),
        suite_(std::move(suite)),
        registry_(suite_, &suite_->registry),
        baseline_(std::move(baseline)),
        head_(std::make_shared<RunReport>(std::move(head))) {
    options_.watch_signals = false;
    options_.interrupted = [this] { return stopped_.load(); };
    options_.excused = [this](const CaseResult& result) {
      return !excuse(result, *baseline_).unexpected();
    };
    options_.on_result = [this](const CaseResult& result, std::size_t, std::size_t) {
      const std::lock_guard lock(mutex_);
      results_.push_back(result);
      changed_.notify_all();
    };
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this] { work(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  ~Run() {
    stop();
    without_lock([this] { thread_.join(); });
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  void stop() { stopped_ = true; }

  // The next result; throws StopIteration after the last one.
  Outcome next() {
    std::optional<CaseResult> result;
    wait([&] {
      if (results_.empty()) return false;
      result = std::move(results_.front());
      results_.pop_front();
      return true;
    });
    if (!result) throw py::stop_iteration();
    return {excuse(std::move(*result), *baseline_), head_, registry_, baseline_};
  }
  Report report() {
    wait([] { return false; });
    RunReport report = report_;
    report.version = head_->version;
    report.date = head_->date;
    report.target_flags = head_->target_flags;
    report.target_version = head_->target_version;
    report.profiles = head_->profiles;
    if (!baseline_->file.empty()) {
      const auto today = parse_date(report.date.substr(0, 10)).value_or(Date());
      report =
          apply_baseline(std::move(report), *baseline_, suite_->known(), options_.level, today);
    }
    return {std::move(report), registry_, baseline_};
  }

 private:
  void work() {
    try {
      if (options_.target) look_for_target();
      report_ = virtual_time_ ? run_in_virtual_time(*registry_, options_)
                              : run_in_real_time(*registry_, options_);
    } catch (...) {
      failure_ = std::current_exception();
    }
    const std::lock_guard lock(mutex_);
    over_ = true;
    changed_.notify_all();
  }

  void look_for_target() {
    const bool v4 = options_.target->rendezvous.address.is_v4();
    const auto from =
        options_.sources
            ? ip::address(ip::make_address_v4(options_.sources->network().to_uint() + 1))
        : v4 ? ip::address(ip::address_v4::any())
             : ip::address(ip::address_v6::any());
    const auto problem = preflight_in_real_time(*options_.target, from);
    if (!problem) return;
    if (problem->code == ExitCode::target_unreachable) throw Unreachable(problem->text);
    throw UsageError(problem->text);
  }

  // Until `ready` (called with the mutex held) or the end.
  void wait(const std::function<bool()>& ready) {
    auto slice = [&] {
      std::unique_lock lock(mutex_);
      return changed_.wait_for(lock, 50ms, [&] { return ready() || over_; });
    };
    wait_until(slice, [this] { stop(); });
    if (over_ && failure_) std::rethrow_exception(failure_);
  }

  RunOptions options_;
  bool virtual_time_;
  std::shared_ptr<const Suite> suite_;
  RegistryPointer registry_;
  std::shared_ptr<const Baseline> baseline_;
  std::shared_ptr<RunReport> head_;
  std::atomic<bool> stopped_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<CaseResult> results_;
  bool over_ = false;
  RunReport report_;
  std::exception_ptr failure_;
  std::thread thread_;
};

int at_least_one(int number, const char* what) {
  if (number < 1) throw UsageError(fmt::format("{} {}: give 1 or more", what, number));
  return number;
}

std::vector<Case> cases_chosen(const std::vector<std::string>& filters, const std::string& level,
                               const std::string& folder, std::pair<int, int> shard,
                               const std::vector<std::string>& profiles) {
  const Suite suite(folder);
  std::vector<Case> cases;
  for (const Case* c : choose(suite, {filters, level, shard, profiles})) cases.push_back(*c);
  return cases;
}

net::Duration budget_of(double seconds) {
  if (!(seconds > 0 && seconds <= 1e9))
    throw UsageError(fmt::format("budget {}: give seconds, more than 0", seconds));
  return std::chrono::duration_cast<net::Duration>(std::chrono::duration<double>(seconds));
}

// What the arguments say; refuses what does not go together.
RunOptions options_for(const std::optional<NamedTarget>& target,
                       const std::vector<std::string>& faults, std::optional<std::uint64_t> seed,
                       bool virtual_time, std::optional<double> budget,
                       const std::vector<std::string>& effects,
                       const std::vector<std::string>& without) {
  if (target && !faults.empty())
    throw UsageError("faults are for the reference server, not for a target");
  if (target && !without.empty())
    throw UsageError("without is for the reference server; a target is made with its own");
  if (target && virtual_time)
    throw UsageError("virtual_time has its own servers; leave out the target");
  if (budget && virtual_time)
    throw UsageError("budget is for real time; a run in virtual time takes seconds anyway");
  RunOptions options;
  options.seed = seed ? *seed : net::Random::system().next() % 1'000'000;
  options.faults = faults_named(faults);
  if (budget) options.budget = budget_of(*budget);
  if (target) {
    options.target = target->target;
    options.sources = target->sources;
  }
  options.lack = lack_named(without, Registry::built_in(), "without");
  options.effects = effects_named(effects, options.target);
  return options;
}

std::unique_ptr<Run> begin(const std::optional<NamedTarget>& target,
                           const std::vector<std::string>& filters, const std::string& level,
                           const std::vector<std::string>& faults,
                           std::optional<std::uint64_t> seed, bool virtual_time, int jobs,
                           int repeat, bool until_failure,
                           const std::optional<std::string>& baseline, const std::string& folder,
                           std::pair<int, int> shard, std::optional<double> budget,
                           const std::vector<std::string>& effects,
                           const std::vector<std::string>& profiles,
                           const std::vector<std::string>& without) {
  const auto suite = std::make_shared<const Suite>(folder);
  RunOptions options = options_for(target, faults, seed, virtual_time, budget, effects, without);
  options.level = level_named(level);
  options.cases = choose(*suite, {filters, level, shard, profiles});
  options.repeat = at_least_one(repeat, "repeat");
  options.until_failure = until_failure;
  options.jobs = at_least_one(jobs, "jobs");
  RunReport head;
  head.version = DESKCHECK_VERSION;
  head.date = net::utc_now();
  head.world = virtual_time ? "virtual" : "real";
  head.seed = options.seed;
  for (const auto& one : profiles_named(profiles)) head.profiles.push_back(one.name);
  if (target) head.target_flags = target->flags;
  if (target) head.target_version = target->version;
  if (!without.empty())
    head.target_flags += fmt::format(" --without '{}'", fmt::join(without, ","));
  if (!faults.empty()) head.target_flags += fmt::format(" --fault '{}'", fmt::join(faults, ","));
  if (!folder.empty()) head.target_flags += fmt::format(" --cases '{}'", folder);
  auto known = load_baseline(baseline.value_or(target ? target->baseline : ""), *suite);
  return std::make_unique<Run>(std::move(options), virtual_time, std::move(head), suite,
                               std::move(known));
}

}  // namespace

void bind_run(py::module_& m) {
  py::class_<Run>(m, "Run", "A run that goes on: iterate over it to get results as they come.")
      .def(py::init(&begin), py::arg("target") = py::none(), py::kw_only(),
           py::arg("filters") = std::vector<std::string>(), py::arg("level") = "may",
           py::arg("faults") = std::vector<std::string>(), py::arg("seed") = py::none(),
           py::arg("virtual_time") = false, py::arg("jobs") = 256, py::arg("repeat") = 1,
           py::arg("until_failure") = false, py::arg("baseline") = py::none(),
           py::arg("cases") = "", py::arg("shard") = std::pair(1, 1),
           py::arg("budget") = py::none(), py::arg("effects") = std::vector<std::string>(),
           py::arg("profiles") = std::vector<std::string>(),
           py::arg("without") = std::vector<std::string>())
      .def("__iter__", [](py::object self) { return self; })
      .def("__next__", &Run::next)
      .def("stop", &Run::stop, "Ends it early; what has not begun is not run.")
      .def("report", &Run::report, "Waits for the end.");
  m.def(
      "check_faults", [](const std::vector<std::string>& globs) { (void)faults_named(globs); },
      py::arg("globs"), "Raises UsageError unless a reference server can have all of them.");
  m.def(
      "check_without",
      [](const std::vector<std::string>& globs) {
        (void)lack_named(globs, Registry::built_in(), "without");
      },
      py::arg("globs"), "Raises UsageError unless a reference server can lack all of them.");
  m.def(
      "check_baseline",
      [](const std::string& path, const std::string& cases) {
        (void)load_baseline(path, Suite(cases));
      },
      py::arg("path"), py::arg("cases") = "", "Raises UsageError unless a run can use it.");
  m.def("select", &cases_chosen, py::arg("filters"), py::arg("level"), py::arg("cases") = "",
        py::arg("shard") = std::pair(1, 1), py::arg("profiles") = std::vector<std::string>(),
        "The cases that globs over case and requirement ids take, with those that they build on; "
        "of these profiles "
        "only, if some are named.");
}

}  // namespace deskcheck::python
