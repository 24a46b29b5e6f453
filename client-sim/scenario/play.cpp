#include "client-sim/scenario/play.hpp"

#include "client-sim/scenario/player.hpp"
#include "proto/net/task_group.hpp"

namespace deskcheck::scenario {

using namespace std::chrono_literals;

namespace {

// Beyond what the steps themselves can take.
constexpr net::Duration kGrace = 30s;
constexpr net::Duration kCleanUp = 10s;

}  // namespace

std::string_view to_string(Outcome::Status status) {
  switch (status) {
    case Outcome::Status::passed:
      return "passed";
    case Outcome::Status::failed:
      return "failed";
    case Outcome::Status::not_applicable:
      return "not applicable";
    case Outcome::Status::broken:
      return "broken";
  }
  return "";
}

net::awaitable<Outcome> play(Stage stage, const Scenario& scenario) {
  // This frame owns tasks: it must reach their end even when it is cancelled.
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  Player player(stage, scenario);
  net::TaskGroup body(stage.world.executor);
  body.spawn(scenario.id, player.perform());
  const auto limit = net::in(stage.world.clock, scenario.longest + kGrace);
  const bool in_time = co_await body.join_until(limit);
  const auto state = co_await boost::asio::this_coro::cancellation_state;
  const bool cancelled = state.cancelled() != boost::asio::cancellation_type::none;
  co_await boost::asio::this_coro::reset_cancellation_state();
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  net::TaskGroup clean_up(stage.world.executor);
  clean_up.spawn("clean-up", player.clean_up());
  co_await clean_up.join_until(net::in(stage.world.clock, kCleanUp));
  if (cancelled) throw boost::system::system_error(boost::asio::error::operation_aborted);
  if (body.failure()) std::rethrow_exception(body.failure());
  if (clean_up.failure()) std::rethrow_exception(clean_up.failure());
  if (!in_time) player.ran_out_of_time();
  co_return player.outcome();
}

std::string render(const Scenario& scenario, const Outcome& outcome) {
  if (outcome.status == Outcome::Status::passed) return {};
  std::string text =
      std::string(to_string(outcome.status)) + "  " + scenario.id + ": " + scenario.title + "\n";
  std::string where = scenario.file;
  if (outcome.place.line > 0) where += ":" + std::to_string(outcome.place.line);
  if (outcome.status != Outcome::Status::failed)
    return text + "  " + where + ": " + outcome.why + "\n";
  text += "  step      " + where + ": " + outcome.step + "\n";
  text += "  expected  " + outcome.expected + "\n";
  text += "  actual    " + outcome.actual + "\n";
  for (const auto& id : outcome.requirements) text += "  judges    " + id + "\n";
  return text;
}

}  // namespace deskcheck::scenario
