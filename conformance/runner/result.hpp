// What a run has found out, case by case: the one source of every report and of the exit code.
#pragma once

#include "client-sim/channel/render.hpp"
#include "conformance/lab/effect.hpp"
#include "conformance/lab/inventory.hpp"
#include "conformance/lab/verdict.hpp"
#include "conformance/registry/requirement.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace deskcheck::conformance {

struct CaseResult {
  std::string id;
  int repetition = 0;  // from 0
  Status status = Status::not_run;
  Blame blame = Blame::none;
  std::string why;                 // for statuses that checks alone do not explain
  std::vector<Check> checks;       // in the order of judgement; unjudged requirements at the end
  Effects effects;                 // what it does to the target
  bool beyond_effects = false;     // "not run", because that is more than was allowed
  net::Duration took{};            // in the time of its world
  sim::Conversation conversation;  // of everything but pass and not applicable
  // What the addresses in it are: "rendezvous server", ...
  std::vector<std::pair<std::string, net::Endpoint>> servers;

  // Not what a user of the suite wants to see: makes the run fail.
  bool unexpected() const;
};

// An entry of the baseline that has to go or to be renewed.
struct BaselineComplaint {
  std::string where;  // "known-failures.yaml:12"
  std::string entry;  // "rendezvous/register-peer/known-id RDV-REGPEER-03 (no answer)"
  std::string text;   // what is wrong with it, and what to do
};

// An entry of the baseline, and what this run says about it.
struct BaselineUse {
  std::string where, entry;   // as in a complaint
  std::string owner, reason;  // the owner may be empty
  std::string expires;        // "2027-01-31", or empty
  bool flaky = false;
  int at_most = 0;             // failures that it may excuse; 0: it sets no limit
  int failures = 0;            // different ones that are as it says
  int failed = 0, judged = 0;  // results of cases with such a failure, and all; repetitions count
};

// What the baseline came to. Only apply_baseline (conformance/baseline) fills it in.
struct BaselineOutcome {
  std::string file;  // empty: the run had none
  std::vector<BaselineUse> entries;
  std::vector<BaselineComplaint> exceeded;  // more fails than it may excuse: it excuses nothing
  std::vector<BaselineComplaint> stale;
  std::vector<BaselineComplaint> expired;

  // In this order.
  std::vector<BaselineComplaint> complaints() const;
};

// What the run has left on somebody else's server.
struct Footprint {
  std::string prefix;  // what names of the run begin with; empty: it was the suite's own server
  Inventory::Counts things;
  std::map<Thing, std::string> reasons;  // why such things cannot be removed from this target
  // What went wrong when the target was asked again, and why it was not asked.
  std::vector<std::string> notes;

  // Why things of this kind stay; empty: they could have been removed.
  std::string why_it_stays(Thing thing) const;
  // What could have been removed and is still there: "tag dck3f9-tag7 in GUID".
  std::vector<std::string> forgotten() const;
};

struct RunReport {
  std::string version;  // of deskcheck
  std::string date;     // when it began, UTC, "2026-11-25T13:22:54Z"; empty: not known
  std::string world;    // "real" or "virtual"
  std::uint64_t seed = 0;
  std::string target;          // its name
  std::string target_version;  // as its file declares it; may be empty
  std::string addresses;       // where it was, one line
  // The flags that name the target again: " --host 127.0.0.1 --key ...". Empty for the own server.
  std::string target_flags;
  net::Duration took{};
  bool interrupted = false;
  // Not empty: somebody else's server that stopped answering ended the run; when, and what ran.
  std::string lost;
  Level level = Level::may;           // requirements below it were not judged
  std::vector<std::string> profiles;  // those that the run was limited to; empty: all
  int beyond_budget = 0;  // so many case results are "not run" because the time budget was used up
  std::vector<CaseResult> results;
  Effects allowed = all_effects();  // what cases might do to the target
  Footprint footprint;
  BaselineOutcome baseline;
};

// How many cases have which status. Every status is present.
std::map<Status, int> count_cases(const RunReport& report);
// How many case results are "not run" because the cases, or their controls, do more than was
// allowed.
int count_beyond_effects(const RunReport& report);
// The worst status of each requirement over all cases and repetitions.
std::map<std::string, Status> judge_requirements(const RunReport& report);
// Those that were seen to fail, known or not; what could not be judged is not among them.
std::set<std::string> failing_requirements(const RunReport& report);

// The exit codes of the command; docs/exit-codes.md.
enum class ExitCode : int {
  as_expected = 0,
  unexpected_failures = 1,
  usage = 2,
  target_unreachable = 3,
  harness_error = 4,
  stale_baseline = 5,
};
ExitCode exit_code(const RunReport& report);

}  // namespace deskcheck::conformance
