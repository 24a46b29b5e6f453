// What a case forgets, the closing step finds and removes; what it cannot ask for, it says.
#include "conformance/runner/closing.hpp"
#include "conformance/lab/hook_logins.hpp"

#include "conformance/lab/address_book.hpp"
#include "conformance/lab/admin.hpp"
#include "conformance/report/footprint.hpp"
#include "conformance/runner/address_pools.hpp"
#include "conformance/runner/reference_host.hpp"
#include "conformance/runner/run_case.hpp"
#include "proto/net/sim_world.hpp"

#include <gmock/gmock.h>

namespace deskcheck::conformance {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const auto kServer = boost::asio::ip::make_address("10.0.0.1");

// Adds to a book as clients do, and to the strategies as operators do, and takes nothing away.
Task<void> forgets(Lab& lab) {
  ApiClient client(lab);
  const std::string token = co_await client.sign_in("user");
  const auto guid = co_await personal_guid(lab, client, token);
  const std::string tag = R"({"name":")" + lab.named("tag") + R"(","color":1})";
  const std::string peer = R"({"id":")" + lab.fresh_id() + R"("})";
  const std::string tags = "/api/ab/tag/add/" + *guid, peers = "/api/ab/peer/add/" + *guid;
  const auto tagged = co_await client.call("POST", tags, tag, token);
  lab.require("a tag", tagged, AnswersAction());
  const auto added = co_await client.call("POST", peers, peer, token);
  lab.require("a peer", added, AnswersAction());
  LabAdmin admin(lab, {"put-strategy"});
  const StrategyOptions options{{"enable-audio", "N"}};
  const std::string strategy = lab.named("strategy");
  co_await admin.put_strategy(strategy, options);
  lab.verdict("FRM-HDR-01", 1, testing::Eq(1));
}

class ClosingSteps : public testing::Test {
 protected:
  // One such case; then the closing step asks the target, changed by this.
  void run(const std::function<void(Target&)>& change = {}) {
    const auto scenario = [&]() -> Task<void> {
      auto server = host_.start(sim_.world(), ServerSetup());
      const Case c = make_case("test/forgets", forgets, checks("FRM-HDR-01"), takes(60s));
      LabSetup setup = scope_.setup_for(c, sim_.world());
      setup.target = server->target();
      setup.addresses = &addresses_;
      setup.inventory = &inventory_;
      CaseResult result;
      co_await run_case(std::move(setup), result);
      EXPECT_EQ(result.status, Status::pass) << result.why;
      before_ = inventory_.counts();
      Target target = server->target();
      if (change) change(target);
      ClosingStep step{scope_, target, addresses_, inventory_, footprint_, hook_logins_};
      co_await ask_again(sim_.world(), step);
      co_await server->stop();
    };
    EXPECT_EQ(sim_.run(scenario()), net::Ending::finished);
    footprint_.prefix = inventory_.prefix();
    footprint_.things = inventory_.counts();
  }

  net::SimWorld sim_{1};
  ReferenceHost host_{kServer, {}, false};
  NetworkPool addresses_{boost::asio::ip::make_network_v4("10.1.0.0/16"), 0, kServer};
  const Registry registry_ = Registry::built_in();
  const RunOptions options_;
  const Scope scope_{registry_, options_};
  Inventory inventory_{"k3f9"};
  Inventory::Counts before_;
  Footprint footprint_;
  HookLogins hook_logins_;
};

TEST_F(ClosingSteps, RemoveWhatIsLeft) {
  run();
  for (const Thing thing : {Thing::tag, Thing::peer, Thing::strategy}) {
    ASSERT_TRUE(before_.contains(thing)) << to_string(thing);
    EXPECT_EQ(before_.at(thing).left.size(), 1U) << to_string(thing);
    EXPECT_EQ(footprint_.things.at(thing).removed, 1U) << to_string(thing);
    EXPECT_THAT(footprint_.things.at(thing).left, IsEmpty()) << to_string(thing);
  }
  EXPECT_THAT(footprint_.notes, IsEmpty());
  EXPECT_THAT(footprint_.forgotten(), IsEmpty());
  EXPECT_THAT(footprint_lines(footprint_), HasSubstr("created 3 (1 peer, 1 tag, 1 strategy; names "
                                                     "carry dck3f9), removed 3, left nothing"));
}

TEST_F(ClosingSteps, SayWhatTheyCouldNotAskFor) {
  run([](Target& target) { target.accounts["user"].password = "wrong"; });
  EXPECT_THAT(footprint_.notes, testing::ElementsAre(HasSubstr("the books of 'user'")));
  EXPECT_EQ(footprint_.forgotten().size(), 2U);
  const auto lines = footprint_lines(footprint_);
  EXPECT_THAT(lines, HasSubstr("left behind by the suite or its environment, not by the target: "
                               "tag dck3f9-tag1 in "));
  EXPECT_THAT(lines, HasSubstr("what is left could not be checked: the books of 'user'"));
}

TEST_F(ClosingSteps, KnowWhatTheTargetHasNoHookFor) {
  run([](Target& target) { target.control = nullptr; });
  EXPECT_THAT(footprint_.forgotten(), IsEmpty());
  EXPECT_THAT(footprint_lines(footprint_),
              HasSubstr("left 1: 1 strategy (the target has no hook 'remove-strategy')"));
}

TEST(FootprintLines, AreForServersOfOthers) {
  Footprint footprint;
  EXPECT_EQ(footprint_lines(footprint), "");
  EXPECT_TRUE(footprint_json(footprint).is_null());
  footprint.prefix = "dck3f9";
  EXPECT_EQ(footprint_lines(footprint), "on the target: nothing was created\n");
  auto& devices = footprint.things[Thing::device];
  devices.created = 2;
  devices.left = {"dck3f9aaaaaa", "dck3f9bbbbbb"};
  EXPECT_THAT(footprint_lines(footprint),
              HasSubstr("left 2: 2 devices (the protocol has no way to remove a device)\n"));
  EXPECT_THAT(footprint_lines(footprint), Not(HasSubstr("left behind")));
  const auto json = footprint_json(footprint);
  EXPECT_EQ(json.at("left").to_number<int>(), 2);
  EXPECT_EQ(json.at("things").at(0).at("names").as_array().size(), 2U);
}

}  // namespace
}  // namespace deskcheck::conformance
