// The operator of a target in a scenario, whose hooks are those of the cases.
#include "client-sim/scenario/hooks.hpp"
#include "conformance/lab/hook_calls.hpp"
#include "conformance/lab/traces.hpp"
#include "conformance/scenario/scenario_case.hpp"
#include "proto/net/task_group.hpp"

#include <ranges>

namespace deskcheck::conformance {

namespace {

constexpr net::Duration kLeaving = std::chrono::seconds(30);

// All that an operator asks comes from one address.
class OneAddress final : public AddressPool {
 public:
  explicit OneAddress(boost::asio::ip::address address) : address_(std::move(address)) {}
  std::optional<boost::asio::ip::address> take() override { return address_; }

 private:
  boost::asio::ip::address address_;
};

Case case_of_an_operator() {
  Case c;
  c.id = "operator";
  return c;
}

// What the hooks of a target need where no case is run. Its lab judges nothing.
struct OperatorsDesk {
  OperatorsDesk(const net::World& world, const Target& target, SpawnedServer* spawned,
                boost::asio::ip::address home, sim::Recorder notes)
      : addresses(std::move(home)),
        lab(setup_for(world, target, spawned)),
        calls(lab),
        recorder(std::move(notes)) {}

  Case operating = case_of_an_operator();
  OneAddress addresses;
  Lab lab;
  HookCalls calls;
  sim::Recorder recorder;

 private:
  LabSetup setup_for(const net::World& world, const Target& target, SpawnedServer* spawned) {
    LabSetup setup{nullptr, world, target, nullptr, nullptr, nullptr, {}, {}, nullptr};
    setup.which = &operating;
    setup.addresses = &addresses;
    setup.spawned = spawned;
    return setup;
  }
};

// That a file is not there is an answer, too.
bool says_there_is_none(const std::string& hook, const HookAnswer& answer) {
  const bool by_command = answer.call && answer.call->path.empty();
  return hook == "read-recording" && (answer.status == 404 || by_command);
}

// Where a suite has a server of its own, no hook is needed.
Task<std::optional<scenario::HookOutcome>> restart(Lab* lab) {
  if (!lab->may_restart()) co_return std::nullopt;
  scenario::HookOutcome outcome;
  try {
    co_await lab->restart_server();
  } catch (const EarlyEnd& end) {
    outcome.why = end.why;
  }
  co_return outcome;
}

// A hook that fails and one that is refused are the same to a scenario.
Task<std::optional<scenario::HookOutcome>> operate(Lab* lab, HookCalls calls, std::string hook,
                                                   boost::json::object arguments) {
  if (hook == scenario::kRestart) co_return co_await restart(lab);
  if (!find_hook(lab->target(), hook)) co_return std::nullopt;
  scenario::HookOutcome outcome;
  try {
    const auto answer = co_await calls.run(hook, std::move(arguments));
    if (answer.refused && !says_there_is_none(hook, answer))
      outcome.why = answer.why;
    else if (hook != "read-recording")
      outcome.answer = calls.result(hook, answer);
    else if (!answer.refused)
      outcome.answer = boost::json::string(answer.body);
  } catch (const EarlyEnd& end) {
    outcome.why = end.why;
  }
  co_return outcome;
}

Task<std::optional<scenario::HookOutcome>> operate_at(OperatorsDesk* desk, std::string hook,
                                                      boost::json::object arguments) {
  desk->recorder.note("uses the hook '" + hook + "'");
  auto done = co_await operate(&desk->lab, desk->calls, std::move(hook), std::move(arguments));
  co_return done;
}

// Takes away what the hooks have made and nobody has removed, and signs the operator out.
Task<void> leave(OperatorsDesk* desk) {
  const auto counts = desk->lab.inventory().counts();
  // Members go before what they are in.
  for (const auto& [thing, count] : std::views::reverse(counts)) {
    const auto removal = removal_of(thing);
    if (!removal) continue;
    for (const auto& name : count.left) {
      boost::json::object arguments{{removal->argument, name}};
      std::string hook(removal->hook);
      (void)co_await operate_at(desk, std::move(hook), std::move(arguments));
    }
  }
  co_await desk->lab.clean_up();
}

}  // namespace

Operate operator_of(Lab& lab) {
  return [&lab, calls = HookCalls(lab)](std::string hook, boost::json::object arguments) {
    return operate(&lab, calls, std::move(hook), std::move(arguments));
  };
}

Task<scenario::Outcome> play_at(scenario::Stage stage, const scenario::Scenario& scenario,
                                Target target, SpawnedServer* spawned) {
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  std::unique_ptr<OperatorsDesk> desk;
  const net::World world = stage.world;
  if (const auto home = stage.take_address()) {
    const sim::Recorder recorder(stage.transcript, &world.clock, "operator");
    desk = std::make_unique<OperatorsDesk>(world, target, spawned, *home, recorder);
    stage.operate = [desk = desk.get()](std::string hook, boost::json::object arguments) {
      return operate_at(desk, std::move(hook), std::move(arguments));
    };
  }
  scenario::Outcome outcome;
  std::exception_ptr failure;
  try {
    outcome = co_await scenario::play(std::move(stage), scenario);
  } catch (...) {  // what was made has to be removed first
    failure = std::current_exception();
  }
  co_await boost::asio::this_coro::reset_cancellation_state();
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  if (desk) {
    net::TaskGroup leaving(world.executor);
    leaving.spawn("operator", leave(desk.get()));
    (void)co_await leaving.join_until(net::in(world.clock, kLeaving));
    if (!failure) failure = leaving.failure();
  }
  if (failure) std::rethrow_exception(failure);
  co_return outcome;
}

ServerSetup setup_for(const scenario::Scenario& scenario) {
  ServerSetup setup;
  setup.require_login = scenario.requires_login;
  return setup;
}

}  // namespace deskcheck::conformance
