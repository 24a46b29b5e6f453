#include "conformance/runner/liveness.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

constexpr int kTries = 4;
constexpr net::Duration kPerTry = 1s;
// A process that ends closes one socket after the other: its port may go last.
constexpr net::Duration kFirst = 100ms;
constexpr std::size_t kNamed = 8;  // cases in one line

// Nothing but this case can have ended the target: what it could not judge for that reason fails.
void accuse(CaseResult& result) {
  if (result.status != Status::blocked) return;
  for (auto& check : result.checks) {
    if (check.status != Status::blocked) continue;
    check.status = Status::fail;
    check.kind = FailureKind::connection_ended;
    check.expected = "a server that goes on";
    check.actual = "it took no connections any more";
  }
  result.status = Status::fail;
  result.blame = Blame::target;
}

}  // namespace

Task<bool> accepts_connections(net::World world, net::Endpoint rendezvous) {
  co_await net::sleep_for(world.clock, kFirst);
  for (int i = 0; i < kTries; ++i) {
    const auto deadline = net::in(world.clock, kPerTry);
    auto stream = co_await world.network.connect(net::Endpoint(), rendezvous, deadline);
    if (stream) co_return true;
    co_await net::sleep_until(world.clock, deadline.at);
  }
  co_return false;
}

void explain_loss(const Loss& loss, CaseResult& result) {
  if (loss.at_restart) return;
  const bool alone = loss.running.size() == 1;
  const bool went_wrong = result.status != Status::pass && result.status != Status::not_applicable;
  if (!went_wrong || !loss.running.contains(result.id)) return;
  if (alone) {
    result.why += result.why.empty() ? "" : "; ";
    result.why += "the target took no connections any more after this case";
    accuse(result);
    return;
  }
  result.status = Status::blocked;
  result.blame = Blame::environment;
  result.why = fmt::format(
      "the target stopped taking connections while this case and {} others ran; alone (--jobs 1) "
      "it would show whether it is the cause",
      loss.running.size() - 1);
  for (auto& check : result.checks)
    if (check.status != Status::pass && check.status != Status::not_applicable)
      check.status = Status::blocked;
}

std::string describe(const Loss& loss, net::Time begun) {
  std::vector<std::string> named(loss.running.begin(), loss.running.end());
  const std::size_t all = named.size();
  if (all > kNamed) named.resize(kNamed);
  std::string cases = fmt::format("{}", fmt::join(named, ", "));
  if (all > kNamed) cases += fmt::format(" and {} more", all - kNamed);
  const double seconds = std::chrono::duration<double>(loss.at - begun).count();
  if (loss.at_restart)
    return fmt::format("the target was restarted and has not come back after {:.1f} s, for: {}",
                       seconds, cases);
  return fmt::format("the target took no connections any more after {:.1f} s, when {} ran: {}",
                     seconds, all == 1 ? "one case" : fmt::format("{} cases", all), cases);
}

}  // namespace deskcheck::conformance
