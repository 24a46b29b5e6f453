#include "conformance/runner/plan.hpp"

#include "conformance/registry/test_tables.hpp"
#include "conformance/runner/address_pools.hpp"

#include <gmock/gmock.h>

namespace deskcheck::conformance {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Case make(std::string id, std::vector<std::string> requirements, std::string control = {},
          net::Duration takes_time = {}) {
  Case c;
  c.id = std::move(id);
  c.requirements = std::move(requirements);
  c.control = std::move(control);
  c.takes = takes_time;
  return c;
}

std::vector<std::string> ids(const std::vector<const Case*>& cases) {
  std::vector<std::string> list;
  for (const auto* c : cases) list.push_back(c->id);
  return list;
}

const Registry& registry() {
  static const Registry built_in = Registry::built_in();
  return built_in;
}

TEST(Select, TakesControlsAlongAndPutsThemFirst) {
  const std::vector<Case> cases{make("a/negative", {"FRM-HDR-01"}, "a/positive"),
                                make("a/positive", {"FRM-HDR-02"}),
                                make("b/other", {"ADR-ENC-01"})};
  EXPECT_THAT(ids(select(cases, registry(), {{"a/neg*"}, Level::may})),
              ElementsAre("a/positive", "a/negative"));
}

TEST(Select, FiltersByRequirementToo) {
  const std::vector<Case> cases{make("a", {"FRM-HDR-01"}), make("b", {"ADR-ENC-01"})};
  EXPECT_THAT(ids(select(cases, registry(), {{"ADR-*"}, Level::may})), ElementsAre("b"));
  EXPECT_THAT(ids(select(cases, registry(), {{"nothing"}, Level::may})), IsEmpty());
}

TEST(Select, LongestFirst) {
  const std::vector<Case> cases{make("a", {"FRM-HDR-01"}), make("b", {"FRM-HDR-01"}, "", 61s),
                                make("c", {"FRM-HDR-01"}, "", 30s)};
  EXPECT_THAT(ids(select(cases, registry(), {})), ElementsAre("b", "c", "a"));
}

TEST(Select, ShardsShareTheCasesAndRepeatControls) {
  const std::vector<Case> cases{make("a", {"FRM-HDR-01"}), make("b", {"FRM-HDR-01"}, "a"),
                                make("c", {"FRM-HDR-01"}), make("d", {"FRM-HDR-01"}, "a")};
  const auto shard = [&](std::size_t index) {
    return ids(select(cases, registry(), {{}, Level::may, {index, 3}}));
  };
  EXPECT_THAT(shard(1), ElementsAre("a", "d"));
  EXPECT_THAT(shard(2), ElementsAre("a", "b"));
  EXPECT_THAT(shard(3), ElementsAre("c"));
}

TEST(Select, LeavesOutCasesOfLowerLevels) {
  const std::vector<Case> cases{make("must", {"FRM-HDR-01"}), make("should", {"FRM-HDR-04"})};
  EXPECT_THAT(ids(select(cases, registry(), {{}, Level::must})), ElementsAre("must"));
}

TEST(FindMistakes, NamesThem) {
  std::vector<Case> cases{make("a", {"NO-SUCH-ID"}), make("b", {}),
                          make("c", {"AB-02"}, "no/such/case"), make("d", {"AB-02"}, "a")};
  cases.back().needed = {"AB-03"};
  const auto few = parse(kHeader + row("AB-01") + row("AB-02"), "pattern\treason\nAB-02\tyet\n");
  ASSERT_TRUE(few);
  const auto mistakes = find_mistakes(cases, *few);
  EXPECT_THAT(mistakes, testing::Contains(HasSubstr("unknown requirement NO-SUCH-ID")));
  EXPECT_THAT(mistakes, testing::Contains(HasSubstr("b judges no requirement")));
  EXPECT_THAT(mistakes, testing::Contains(HasSubstr("unknown case no/such/case")));
  EXPECT_THAT(mistakes, testing::Contains("d needs AB-03, which a does not judge"));
  EXPECT_THAT(mistakes, testing::Contains(HasSubstr("AB-02, which is excluded because yet")));
  EXPECT_THAT(mistakes, testing::Contains("AB-01 is not excluded and has no case"));
}

// Every requirement has a case or is excluded with a reason; every case names existing ids.
TEST(FindMistakes, FindsNoneInTheSuite) {
  EXPECT_THAT(find_mistakes(all_cases(), registry()), IsEmpty());
}

TEST(AddressPools, HandOutEachAddressOnceAroundTheEnd) {
  const auto network = boost::asio::ip::make_network_v4("10.0.0.0/29");
  NetworkPool pool(network, 4, boost::asio::ip::make_address("10.0.0.2"));
  std::vector<std::string> taken;
  while (auto address = pool.take()) taken.push_back(address->to_string());
  EXPECT_THAT(taken, ElementsAre("10.0.0.5", "10.0.0.6", "10.0.0.1", "10.0.0.3", "10.0.0.4"));
}

}  // namespace
}  // namespace deskcheck::conformance
