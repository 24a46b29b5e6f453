#include "reference-server/store/memory_api_store.hpp"
#include "reference-server/store/sqlite_api_store.hpp"

#include <gmock/gmock.h>

namespace deskcheck::server {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

void add_account(ApiStore& store, const std::string& name) {
  AccountRecord account;
  account.name = name;
  account.password_hash = "$argon2id$";
  EXPECT_TRUE(store.put_account(account));
}

DeviceCard card(const std::string& id, const std::string& owner) {
  DeviceCard record;
  record.id = id;
  record.owner = owner;
  record.note = "n";
  return record;
}

DeviceGroupRecord group(const std::string& name) {
  DeviceGroupRecord record;
  record.name = name;
  record.devices = {"1", "2"};
  record.members = {"alice"};
  return record;
}

StrategyRecord strategy(const std::string& name) {
  StrategyRecord record;
  record.name = name;
  record.config_options = {{"enable-audio", "N"}, {"whitelist", "\"\xc3\xa4\""}};
  record.extra = {{"x", ""}};
  return record;
}

Assignment assignment(AssignedTo to, const std::string& target, const std::string& name) {
  Assignment record;
  record.to = to;
  record.target = target;
  record.strategy = name;
  return record;
}

void keeps_cards_and_groups(ApiStore& store) {
  auto& fleet = store.fleet();
  EXPECT_FALSE(fleet.find_card("1").value());
  EXPECT_TRUE(fleet.put_card(card("2", "")));
  auto named = card("1", "alice");
  named.username = "u";
  named.device_name = "PC";
  EXPECT_TRUE(fleet.put_card(named));
  EXPECT_EQ(fleet.find_card("1").value(), named);
  EXPECT_TRUE(fleet.put_card(card("1", "alice")));
  EXPECT_EQ(fleet.find_card("1").value(), card("1", "alice"));
  EXPECT_THAT(fleet.cards_of("").value(), ElementsAre(card("1", "alice"), card("2", "")));
  EXPECT_THAT(fleet.cards_of("alice").value(), ElementsAre(card("1", "alice")));

  EXPECT_FALSE(fleet.find_group("B").value());
  EXPECT_TRUE(fleet.put_group(group("B")));
  auto other = group("A");
  other.devices = {"2"};
  EXPECT_TRUE(fleet.put_group(other));
  EXPECT_THAT(fleet.groups().value(), ElementsAre(other, group("B")));
  EXPECT_THAT(fleet.groups_of_device("2").value(), ElementsAre("A", "B"));
  EXPECT_THAT(fleet.groups_of_device("1").value(), ElementsAre("B"));
  EXPECT_THAT(fleet.groups_of_member("alice").value(), ElementsAre("A", "B"));
  other.devices.clear();
  other.members.clear();
  EXPECT_TRUE(fleet.put_group(other));
  EXPECT_EQ(fleet.find_group("A").value(), other);
}

void keeps_strategies(ApiStore& store) {
  auto& fleet = store.fleet();
  EXPECT_FALSE(fleet.find_strategy("s").value());
  EXPECT_TRUE(fleet.put_strategy(strategy("s")));
  EXPECT_TRUE(fleet.put_strategy(strategy("r")));
  EXPECT_EQ(fleet.find_strategy("s").value(), strategy("s"));
  EXPECT_THAT(fleet.strategies().value(), ElementsAre(strategy("r"), strategy("s")));
  const Assignment all[] = {assignment(AssignedTo::device, "1", "s"),
                            assignment(AssignedTo::device_group, "B", "s"),
                            assignment(AssignedTo::user, "alice", "r")};
  for (const auto& one : all) EXPECT_TRUE(fleet.assign(one));
  EXPECT_THAT(fleet.assignments().value(), testing::ElementsAreArray(all));
  EXPECT_EQ(fleet.assigned(AssignedTo::device, "1").value(), "s");
  EXPECT_EQ(fleet.assigned(AssignedTo::user, "1").value(), "");
  EXPECT_TRUE(fleet.assign(assignment(AssignedTo::device, "1", "r")));
  EXPECT_EQ(fleet.assigned(AssignedTo::device, "1").value(), "r");
  EXPECT_TRUE(fleet.assign(assignment(AssignedTo::device, "1", "")));
  EXPECT_EQ(fleet.assigned(AssignedTo::device, "1").value(), "");

  PushRecord push;
  push.device = "1";
  push.modified_at = 5'000'000'000;
  push.strategy = strategy("s");
  EXPECT_FALSE(fleet.find_push("1").value());
  EXPECT_TRUE(fleet.put_push(push));
  push.modified_at++;
  push.strategy.config_options["enable-audio"] = "";
  EXPECT_TRUE(fleet.put_push(push));
  EXPECT_EQ(fleet.find_push("1").value(), push);
}

void ends_what_belongs_to_others(ApiStore& store) {
  auto& fleet = store.fleet();
  EXPECT_TRUE(store.remove_account("alice"));
  EXPECT_EQ(fleet.find_card("1").value(), card("1", ""));
  EXPECT_THAT(fleet.groups_of_member("alice").value(), IsEmpty());
  EXPECT_EQ(fleet.assigned(AssignedTo::user, "alice").value(), "");
  EXPECT_EQ(fleet.assigned(AssignedTo::device_group, "B").value(), "s");
  EXPECT_TRUE(fleet.remove_strategy("s"));
  EXPECT_EQ(fleet.assigned(AssignedTo::device_group, "B").value(), "");
  EXPECT_TRUE(fleet.assign(assignment(AssignedTo::device_group, "B", "r")));
  EXPECT_TRUE(fleet.remove_group("B"));
  EXPECT_FALSE(fleet.find_group("B").value());
  EXPECT_THAT(fleet.assignments().value(), IsEmpty());
}

TEST(FleetStore, KeepsThingsInMemory) {
  MemoryApiStore store;
  add_account(store, "alice");
  keeps_cards_and_groups(store);
  keeps_strategies(store);
  ends_what_belongs_to_others(store);
}

TEST(FleetStore, KeepsThingsInAFile) {
  std::string name = (std::filesystem::temp_directory_path() / "fleet_store.XXXXXX").string();
  const std::filesystem::path folder = ::mkdtemp(name.data());
  {
    SqliteApiStore store(folder / "db");
    add_account(store, "alice");
    keeps_cards_and_groups(store);
    keeps_strategies(store);
    EXPECT_FALSE(store.fleet().put_card(card("3", "nobody")));
    auto unknown = group("C");
    unknown.members = {"nobody"};
    EXPECT_FALSE(store.fleet().put_group(unknown));
    EXPECT_FALSE(store.fleet().find_group("C").value()) << "all or nothing";
    EXPECT_FALSE(store.fleet().assign(assignment(AssignedTo::device, "1", "unknown")));
  }
  {
    SqliteApiStore store(folder / "db");
    ends_what_belongs_to_others(store);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace deskcheck::server
