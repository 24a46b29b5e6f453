// Every case at a server that is right, over links that are worse than some patience: a case may
// fail or be blocked there, but that is never an error of the suite, and never its end.
#include "conformance/runner/address_pools.hpp"
#include "conformance/runner/reference_host.hpp"
#include "conformance/runner/run_case.hpp"
#include "conformance/runner/scope.hpp"
#include "proto/net/sim_world.hpp"

#include <gmock/gmock.h>

namespace deskcheck::conformance {
namespace {

using namespace std::chrono_literals;

const auto kServer = boost::asio::ip::make_address("10.0.0.1");

struct BadLink {
  std::string name;
  net::Link link;
};

BadLink late(const char* name, net::Duration latency, net::Duration jitter) {
  BadLink bad{name, {}};
  bad.link.latency = latency;
  bad.link.jitter = jitter;
  return bad;
}

BadLink lossy() {
  BadLink bad = late("Lossy", 10ms, 3s);
  bad.link.loss = 0.4;
  bad.link.duplicate = 0.4;
  return bad;
}

BadLink narrow() {
  BadLink bad = late("Narrow", 300ms, 0s);
  bad.link.window = 256;
  bad.link.reset_overtakes = true;
  return bad;
}

Task<void> story(net::World world, ServerHost& host, LabSetup setup, CaseResult& result) {
  auto server = host.start(world, ServerSetup());
  setup.target = server->target();
  co_await run_case(std::move(setup), result);
  co_await server->stop();
}

CaseResult run_over(const net::Link& link, const Case& c, const Scope& scope) {
  net::SimWorld sim(1);
  sim.default_link() = link;
  ReferenceHost host(kServer, {});
  NetworkPool addresses(boost::asio::ip::make_network_v4("10.1.0.0/16"), 0, kServer);
  LabSetup setup = scope.setup_for(c, sim.world());
  setup.addresses = &addresses;
  setup.servers = &host;
  CaseResult result;
  const auto ending = sim.run(story(sim.world(), host, std::move(setup), result));
  EXPECT_EQ(ending, net::Ending::finished) << c.id << "\n" << sim.stuck_report();
  return result;
}

class HostileLink : public testing::TestWithParam<BadLink> {};

TEST_P(HostileLink, LeadsNoCaseIntoAnError) {
  const auto registry = Registry::built_in();
  const Scope scope(registry, RunOptions());
  std::size_t well = 0, badly = 0;
  for (const Case& c : all_cases()) {
    const auto result = run_over(GetParam().link, c, scope);
    EXPECT_NE(result.status, Status::harness_error) << c.id << ": " << result.why;
    EXPECT_NE(result.blame, Blame::harness) << c.id << ": " << result.why;
    ++(result.status == Status::pass ? well : badly);
  }
  EXPECT_GT(well, 0U);
  EXPECT_GT(badly, 20U);
}

INSTANTIATE_TEST_SUITE_P(Links, HostileLink,
                         testing::Values(lossy(), narrow(), late("Late", 1s, 2s),
                                         late("Uneven", 400ms, 1s), late("TooLate", 3s, 3s)),
                         [](const auto& bad) { return bad.param.name; });

}  // namespace
}  // namespace deskcheck::conformance
