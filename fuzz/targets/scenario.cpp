// Scenario files: any bytes become a scenario that can be played, or mistakes.
#include "client-sim/scenario/scenario.hpp"
#include "fuzz/engine/target.hpp"
#include "fuzz/targets/files.hpp"
#include "fuzz/targets/one_line.hpp"

#include <algorithm>
#include <set>

namespace deskcheck::fuzz {

namespace {

using scenario::Scenario;
using scenario::Step;

constexpr std::size_t kDeepest = 64;  // mappings and lists within each other, in any file

class Checked {
 public:
  Checked(const Scenario& scenario, std::string_view text) : text_(text) {
    for (const auto& role : scenario.roles)
      require(names_.insert(role->name).second, "every role has a name of its own");
    for (const auto& role : scenario.roles)
      require(role->at.empty() || names_.contains(role->at), "an address is shared with a role");
    for (const auto& requirement : scenario.requirements)
      require(judged_.insert(requirement.id).second, "every requirement is listed once");
    check(scenario.steps, 0);
    require(count_ > 0, "a scenario has steps");
  }

 private:
  void check(const std::vector<Step>& steps, std::size_t depth) {
    require(depth < kDeepest, "steps are nested as deep as files are");
    for (const auto& step : steps) {
      ++count_;
      require(is_within(step.place, text_), "every step has a place in the file");
      require(is_one_line(step.text), "a step is named in one line");
      require(step.within >= net::Duration::zero(), "no time is negative");
      require(!step.role || names_.contains(step.role->name), "only roles of the file act");
      require(step.kind != Step::Kind::loop || step.times > 0, "a loop runs");
      for (const auto& judged : step.judged) {
        require(judged_.contains(judged.id), "every requirement of a step is listed");
        require(is_within(judged.place, text_), "every requirement has a place in the file");
      }
      for (const auto& branch : step.branches) check(branch, depth + 1);
    }
  }

  std::string_view text_;
  std::set<std::string> names_, judged_;
  std::size_t count_ = 0;
};

// Of some minutes, but of no hundreds of seconds as the seeds have them.
bool waits_crookedly(const std::vector<Step>& steps) {
  using std::chrono::seconds;
  return std::any_of(steps.begin(), steps.end(), [](const Step& step) {
    const bool crooked = step.within > seconds(100) && step.within < seconds(1000) &&
                         step.within % seconds(100) != net::Duration::zero();
    return crooked || std::any_of(step.branches.begin(), step.branches.end(), waits_crookedly);
  });
}

// Planted: beside such a step a second gets lost. It takes a file that is right in all else.
net::Duration longest(const Scenario& scenario) {
  const bool loses = planted() && waits_crookedly(scenario.steps);
  return scenario.longest - std::chrono::seconds(loses ? 1 : 0);
}

}  // namespace

std::unique_ptr<google::protobuf::Message> new_input() { return nullptr; }

void one_input(std::string_view input) {
  const auto text = without_mark(input);
  const auto loaded = scenario::load(input, kFileName);
  if (!loaded) return check_mistakes(loaded.error(), text);
  require(loaded->file == kFileName && !loaded->id.empty() && is_one_line(loaded->id),
          "a scenario has a name");
  require(
      loaded->longest >= net::Duration::zero() && loaded->longest <= std::chrono::hours(24 * 365),
      "a scenario comes to an end");
  const Checked checked(*loaded, text);
  const auto again = scenario::load(input, kFileName);
  require(again && again->id == loaded->id && again->steps.size() == loaded->steps.size() &&
              again->longest == longest(*loaded),
          "a file always means the same");
}

}  // namespace deskcheck::fuzz
