#include "conformance/runner/run_case.hpp"

#include "conformance/runner/scope.hpp"
#include "proto/net/task_group.hpp"

#include <algorithm>
#include <map>

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

// A case has deadlines of its own; one that is still not done this long after them hangs.
// A wait that ends in the same moment comes first.
constexpr net::Duration kGrace = 30s + 1ms;
constexpr net::Duration kCleanUp = 10s;
// Somebody else's server takes its time to come back, which is limited, too.
constexpr net::Duration kRestart = 10min;

struct Outcome {
  std::optional<EarlyEnd> early;
  std::string error;  // an exception that no case should throw
};

Task<void> tell(Lab& lab, const Case& c, Outcome& outcome) {
  try {
    co_await c.body(lab);
  } catch (const EarlyEnd& end) {
    outcome.early = end;
  } catch (const boost::system::system_error& error) {
    if (error.code() == boost::asio::error::operation_aborted) throw;
    if (is_of_this_machine(error.code()))
      outcome.early = EarlyEnd{Status::blocked, Blame::environment, lacking_here(error.what())};
    else
      outcome.error = error.what();
  } catch (const std::exception& error) {
    outcome.error = error.what();
  }
}

bool judged(const CaseResult& result, const std::string& id) {
  return std::any_of(result.checks.begin(), result.checks.end(),
                     [&](const Check& check) { return check.requirement == id; });
}

// Every declared requirement ends with a check, so that none can get lost. What does not apply to
// the target stays so, whatever came in between.
void add_unjudged(const Case& c, CaseResult& result, Status status,
                  const Inapplicable& inapplicable = {}) {
  for (const auto& id : c.requirements)
    if (!judged(result, id)) {
      Check check;
      check.requirement = id;
      check.status = inapplicable.contains(id) ? Status::not_applicable : status;
      if (check.status == Status::blocked) check.kind = FailureKind::blocked;
      result.checks.push_back(std::move(check));
    }
}

bool has_failed(const CaseResult& result) {
  return std::any_of(result.checks.begin(), result.checks.end(),
                     [](const Check& check) { return check.status == Status::fail; });
}

void conclude(const Case& c, const Lab& lab, const Outcome& outcome, bool in_time,
              const Inapplicable& inapplicable, CaseResult& result) {
  result.checks = lab.checks();
  auto harness = [&](std::string why) {
    result.status = Status::harness_error;
    result.blame = Blame::harness;
    result.why = std::move(why);
    add_unjudged(c, result, Status::blocked);
  };
  if (!in_time) return harness("did not end within its time: a wait without a limit");
  if (!outcome.error.empty()) return harness(outcome.error);
  if (!lab.mistakes().empty()) return harness(lab.mistakes().front());
  const auto lacking = not_claimed(c, inapplicable);
  if (outcome.early) {
    // What it does not claim is what the rest of the story stands on. Where it stopped is told all
    // the same: that may have been something else.
    const bool lacks = outcome.early->status == Status::blocked && !lacking.empty();
    add_unjudged(c, result, lacks ? Status::not_applicable : outcome.early->status, inapplicable);
    result.why = outcome.early->why;
    if (lacks) result.why = lacking + "; the case went as far as: " + result.why;
  } else {
    if (!lab.unread().empty()) return harness("nobody looked at " + lab.unread().front());
    const bool forgotten = std::any_of(
        c.requirements.begin(), c.requirements.end(),
        [&](const auto& id) { return !judged(result, id) && !inapplicable.contains(id); });
    // After a failure a story may well end early; the failure says enough.
    if (forgotten && !has_failed(result))
      result.why = lacking.empty() ? "a declared requirement was not judged" : lacking;
    add_unjudged(c, result, lacking.empty() ? Status::blocked : Status::not_applicable,
                 inapplicable);
  }
  result.status = result.checks.front().status;
  for (const auto& check : result.checks) result.status = worse(result.status, check.status);
  // What applies decides: a case with one inapplicable requirement still passes on the others.
  if (result.status == Status::fail) {
    result.blame = Blame::target;
  } else if (result.status == Status::blocked) {
    result.blame = outcome.early ? outcome.early->blame : Blame::harness;
  } else if (std::any_of(result.checks.begin(), result.checks.end(),
                         [](const Check& check) { return check.status == Status::pass; })) {
    result.status = Status::pass;
  } else if (outcome.early && outcome.early->status == Status::blocked && lacking.empty()) {
    // It went no further because of something that does not apply.
    for (const auto& id : c.requirements)
      if (const auto reason = inapplicable.find(id); reason != inapplicable.end())
        result.why = reason->second;
  } else if (result.why.empty()) {
    result.why = lab.why_inapplicable();
  }
}

void add_conversation(const Lab& lab, CaseResult& result) {
  result.conversation = sim::decode(lab.transcript());
  const Target& target = lab.target();
  result.servers = {{"rendezvous server", target.rendezvous},
                    {"NAT test", target.nat},
                    {"relay server", target.relay},
                    {"WebSocket", target.websocket},
                    {"relay's WebSocket", target.relay_websocket}};
}

}  // namespace

Task<void> run_case(LabSetup setup, CaseResult& result, const OnEnd* on_end) {
  const Case& c = *setup.which;
  result.id = c.id;
  const net::Clock& clock = setup.world.clock;
  const Inapplicable inapplicable = setup.inapplicable;
  const net::Time begun = clock.now();
  const net::Duration limit =
      c.takes + kGrace + (c.restarts_target && !setup.servers ? kRestart : 0s);
  // This frame owns tasks and servers: it must reach their end even when it is cancelled.
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  Outcome outcome;
  Lab lab(std::move(setup));
  net::TaskGroup body(lab.world().executor);
  body.spawn(c.id, tell(lab, c, outcome));
  bool in_time = co_await body.join_until(net::in(lab.world().clock, limit));
  if (!in_time && lab.is_delayed(limit)) {
    in_time = true;
    outcome.early = EarlyEnd{Status::blocked, Blame::prerequisite,
                             "not over after " + std::to_string(limit / 1s) +
                                 " s, because answers come late, one after the other"};
  }
  const auto state = co_await boost::asio::this_coro::cancellation_state;
  const bool cancelled = state.cancelled() != boost::asio::cancellation_type::none;
  // A cancellation has done its work: it must not cut the clean-up short as well.
  co_await boost::asio::this_coro::reset_cancellation_state();
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  net::TaskGroup clean_up(lab.world().executor);
  clean_up.spawn("clean-up", lab.clean_up());
  co_await clean_up.join_until(net::in(lab.world().clock, kCleanUp));
  if (on_end) (*on_end)(c, lab);
  result.took = clock.now() - begun;
  if (body.failure() && outcome.error.empty()) outcome.error = "unknown exception";
  if (cancelled) {
    result.checks = lab.checks();
    add_unjudged(c, result, Status::not_run);
    result.why = "interrupted";
    co_return;
  }
  conclude(c, lab, outcome, in_time, inapplicable, result);
  if (result.status != Status::pass && result.status != Status::not_applicable)
    add_conversation(lab, result);
}

CaseResult blocked_by(const Case& c, const CaseResult& control) {
  CaseResult result;
  result.id = c.id;
  // Where the control does not apply or was left out, the same goes for what builds on it.
  const bool same = control.status == Status::not_applicable || control.status == Status::not_run;
  result.status = same ? control.status : Status::blocked;
  result.beyond_effects = control.beyond_effects;
  result.blame = result.status == Status::blocked ? Blame::prerequisite : Blame::none;
  result.why = "its control " + control.id + ": " + std::string(to_string(control.status));
  add_unjudged(c, result, result.status);
  return result;
}

CaseResult not_run(const Case& c) {
  CaseResult result;
  result.id = c.id;
  result.why = "the run was stopped before";
  add_unjudged(c, result, Status::not_run);
  return result;
}

}  // namespace deskcheck::conformance
