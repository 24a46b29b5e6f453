// What cases create on a target they take away again, and what they say of their effects is true.
#include "conformance/lab/lab.hpp"
#include "conformance/runner/plan.hpp"
#include "conformance/runner/run.hpp"
#include "conformance/runner/selection.hpp"

#include <gmock/gmock.h>

namespace deskcheck::conformance {
namespace {

using testing::IsEmpty;

// Of all that can be taken away. Users who came from an identity provider stay: clients cannot
// remove them.
TEST(Footprints, OfTheWholeSuiteAreEmpty) {
  const auto registry = Registry::built_in();
  RunOptions options;
  options.cases = select_cases(registry, {}, Level::may);
  options.seed = 7;
  std::map<std::string, std::string> leavers;
  options.on_end = [&](const Case& c, const Lab& lab) {
    for (const auto& [thing, count] : lab.inventory().counts())
      if (why_it_stays(thing).empty() && thing != Thing::user && !count.left.empty())
        leavers[c.id] += std::string(to_string(thing)) + ' ' + *count.left.begin() + ' ';
  };
  const auto report = run_in_virtual_time(registry, options);
  EXPECT_THAT(leavers, IsEmpty());
  for (const auto& result : report.results)
    EXPECT_NE(result.status, Status::harness_error) << result.id << ": " << result.why;
  for (const Thing thing : {Thing::device, Thing::peer, Thing::tag, Thing::strategy,
                            Thing::provider, Thing::device_group, Thing::recording, Thing::audit}) {
    ASSERT_TRUE(report.footprint.things.contains(thing)) << to_string(thing);
    EXPECT_GT(report.footprint.things.at(thing).created, 0U) << to_string(thing);
  }
}

}  // namespace
}  // namespace deskcheck::conformance
