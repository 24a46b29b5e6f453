#include "reference-server/rendezvous/address_changes.hpp"
#include "reference-server/rendezvous/desk.hpp"
#include "reference-server/rendezvous/punch_records.hpp"
#include "reference-server/rendezvous/relays.hpp"

#include <gmock/gmock.h>

namespace deskcheck::server {
namespace {

using ::testing::ElementsAre;

const WrongPolicies kRight;

TEST(PunchRecords, AreMadeOncePerMinute) {
  PunchRecords records(kRight);
  net::Time now{};
  const auto a = host(1, 0).address, b = host(2, 0).address, d = host(3, 0).address;
  records.add(a, "x", d, now);
  records.add(b, "x", d, now);
  records.add(a, "y", d, now);
  for (int i = 0; i < 40; ++i) records.add(a, "other" + std::to_string(i), d, now);
  now += 60s - 1ns;
  records.add(a, "x", d, now);
  EXPECT_EQ(records.all().size(), 43u);
  now += 1ns;
  records.add(a, "x", d, now);
  EXPECT_EQ(records.all().size(), 44u);
  EXPECT_EQ(records.all().back().at, now);
}

TEST(PunchRecords, DropTheOldest) {
  PunchRecords records(kRight);
  const auto a = host(1, 0).address;
  for (int i = 0; i < 10'001; ++i) records.add(a, std::to_string(i), a, net::Time());
  EXPECT_EQ(records.all().size(), 10'000u);
  EXPECT_EQ(records.all().front().id, "1");
  records.add(a, "0", a, net::Time());
  EXPECT_EQ(records.all().back().id, "0") << "what was dropped is no longer a repeat";
}

TEST(PunchRecords, AreLines) {
  PunchRecords records(kRight);
  const auto a = host(1, 0).address;
  records.add(a, "x\n1970 y" + std::string(200, 'z'), a, net::Time());
  EXPECT_THAT(records.all().front().id, testing::StartsWith("x?1970 yzzz"));
  EXPECT_EQ(records.all().front().id.size(), 100u);
}

TEST(AddressChanges, CountForThreeMinutes) {
  AddressChanges changes;
  net::Time now{};
  changes.add("x", host(1, 0).address, now);
  changes.add("x", host(2, 0).address, now + 180s);
  EXPECT_EQ(changes.all().at("x").addresses.size(), 2u);
  changes.add("x", host(3, 0).address, now + 181s);
  EXPECT_EQ(changes.all().at("x").addresses.size(), 1u);
  EXPECT_EQ(changes.all().at("x").since, now + 181s);
  changes.purge(now + 540s);
  EXPECT_EQ(changes.all().size(), 1u);
  changes.purge(now + 541s);
  EXPECT_EQ(changes.all().size(), 0u);
}

TEST(AddressChanges, AreBounded) {
  AddressChanges changes;
  for (int i = 0; i < 25'000; ++i) changes.add(std::to_string(i), host(1, 0).address, net::Time());
  EXPECT_LE(changes.all().size(), 10'000u);
}

TEST(Relays, ProposesWhatWasReached) {
  Relays relays({"a", "b", "c"}, kRight);
  std::vector<std::string> proposed;
  for (int i = 0; i < 4; ++i) proposed.push_back(relays.next());
  EXPECT_THAT(proposed, ElementsAre("a", "b", "c", "a"));
  relays.reached(relays.generation(), {"c", "a"});
  EXPECT_THAT(relays.current(), ElementsAre("c", "a"));
  relays.reached(relays.generation(), {});
  EXPECT_THAT(relays.current(), ElementsAre("c", "a")) << "the last list";
  const auto old = relays.generation();
  relays.configure("x,y");
  relays.reached(old, {"a"});
  EXPECT_THAT(relays.current(), ElementsAre("x", "y"));
}

}  // namespace
}  // namespace deskcheck::server
