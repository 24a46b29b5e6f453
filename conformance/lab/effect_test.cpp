#include "conformance/lab/effect.hpp"

#include "conformance/lab/case.hpp"
#include "conformance/lab/inventory.hpp"

#include <gmock/gmock.h>

namespace deskcheck::conformance {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Task<void> nothing(Lab&) { co_return; }

TEST(Effects, ACaseThatSaysNothingCreates) {
  EXPECT_THAT(make_case("a", nothing).effects, ElementsAre(Effect::creates));
  EXPECT_THAT(make_case("a", nothing, heavy()).effects, ElementsAre(Effect::creates, Effect::load));
  EXPECT_THAT(make_case("a", nothing, does(Effect::limits)).effects,
              ElementsAre(Effect::creates, Effect::limits));
  EXPECT_THAT(make_case("a", nothing, alone()).effects, ElementsAre(Effect::creates));
}

TEST(Effects, OneThatReadsCreatesNothing) {
  EXPECT_THAT(make_case("a", nothing, does(Effect::reads)).effects, ElementsAre(Effect::reads));
  EXPECT_THAT(make_case("a", nothing, heavy(), does(Effect::reads)).effects,
              ElementsAre(Effect::reads, Effect::load));
}

TEST(Effects, HaveNamesThatAreReadAgain) {
  for (const Effect effect : all_effects()) EXPECT_EQ(parse_effect(to_string(effect)), effect);
  EXPECT_EQ(parse_effect("destroys"), std::nullopt);
  EXPECT_EQ(to_string(all_effects()), "reads,creates,limits,load,restarts");
}

TEST(Effects, ReadingIsAlwaysAllowed) {
  EXPECT_THAT(beyond({Effect::reads}, {}), IsEmpty());
  EXPECT_THAT(beyond({Effect::creates, Effect::limits}, {Effect::creates}),
              ElementsAre(Effect::limits));
}

TEST(Inventories, CountWhatIsLeft) {
  Inventory inventory("k3f9");
  EXPECT_EQ(inventory.named("tag"), "dck3f9-tag1");
  EXPECT_EQ(inventory.named("tag"), "dck3f9-tag2");
  inventory.created(Thing::tag, "a");
  inventory.created(Thing::tag, "a");
  inventory.created(Thing::tag, "b");
  inventory.created(Thing::device, "d");
  inventory.removed(Thing::tag, "a");
  inventory.removed(Thing::tag, "of somebody else");
  inventory.removed(Thing::strategy, "of somebody else");
  const auto& tags = inventory.counts().at(Thing::tag);
  EXPECT_EQ(tags.created, 2U);
  EXPECT_EQ(tags.removed, 1U);
  EXPECT_THAT(tags.left, ElementsAre("b"));
  EXPECT_FALSE(inventory.counts().contains(Thing::strategy));
}

TEST(Inventories, AreAddedUp) {
  Inventory one("k3f9");
  Inventory::Counts all;
  one.created(Thing::tag, "a");
  one.created(Thing::tag, "b");
  one.removed(Thing::tag, "b");
  add(all, one.counts());
  add(all, one.counts());
  const auto& tags = all.at(Thing::tag);
  EXPECT_EQ(tags.created, 4U);
  EXPECT_EQ(tags.removed, 2U);
  EXPECT_THAT(tags.left, ElementsAre("a"));
}

}  // namespace
}  // namespace deskcheck::conformance
