#include "reference-server/store/sqlite_fleet_store.hpp"

#include "reference-server/store/rows.hpp"

#include <boost/json.hpp>

namespace deskcheck::server {

namespace {

namespace json = boost::json;
using sqlite::first_row;
using sqlite::run;

std::string text_of(const std::map<std::string, std::string>& map) {
  json::object object;
  for (const auto& [key, value] : map) object[key] = value;
  return json::serialize(object);
}

// What text_of() has written.
std::map<std::string, std::string> map_of(const std::string& text) {
  std::map<std::string, std::string> map;
  boost::system::error_code error;
  const auto value = json::parse(text, error);
  if (error || !value.is_object()) return map;
  for (const auto& [key, member] : value.get_object())
    if (member.is_string()) map[key] = std::string(member.get_string());
  return map;
}

DeviceCard card_of(sqlite::Statement& row) {
  DeviceCard card;
  card.id = row.column(0);
  card.owner = row.column(1);
  card.note = row.column(2);
  card.username = row.column(3);
  card.device_name = row.column(4);
  return card;
}

StrategyRecord strategy_of(sqlite::Statement& row) {
  StrategyRecord strategy;
  strategy.name = row.column(0);
  strategy.config_options = map_of(row.column(1));
  strategy.extra = map_of(row.column(2));
  return strategy;
}

std::string first_column(sqlite::Statement& row) { return row.column(0); }

}  // namespace

template <class T>
using Result = boost::system::result<T>;

SqliteFleetStore::Assigning::Assigning(sqlite::Database& database, const std::string& table,
                                       const std::string& column)
    : find(database, "SELECT strategy FROM " + table + " WHERE " + column + " = ?1"),
      put(database, "INSERT INTO " + table + " (" + column +
                        ", strategy) VALUES (?1, ?2) ON CONFLICT (" + column +
                        ") DO UPDATE SET strategy = ?2"),
      remove(database, "DELETE FROM " + table + " WHERE " + column + " = ?1"),
      list(database, "SELECT " + column + ", strategy FROM " + table + " ORDER BY 1") {}

SqliteFleetStore::SqliteFleetStore(sqlite::Database& database)
    : database_(database),
      find_card_(database,
                 "SELECT id, owner, note, username, device_name FROM device_card WHERE id = ?1"),
      put_card_(database,
                "INSERT INTO device_card (id, owner, note, username, device_name) "
                "VALUES (?1, nullif(?2, ''), ?3, ?4, ?5) ON CONFLICT (id) DO UPDATE SET "
                "owner = nullif(?2, ''), note = ?3, username = ?4, device_name = ?5"),
      cards_(database,
             "SELECT id, owner, note, username, device_name FROM device_card ORDER BY id"),
      cards_of_(database,
                "SELECT id, owner, note, username, device_name FROM device_card WHERE owner = ?1 "
                "ORDER BY id"),
      find_group_(database, "SELECT name FROM device_group WHERE name = ?1"),
      put_group_(database, "INSERT INTO device_group (name) VALUES (?1) ON CONFLICT DO NOTHING"),
      remove_group_(database, "DELETE FROM device_group WHERE name = ?1"),
      group_names_(database, "SELECT name FROM device_group ORDER BY name"),
      devices_of_group_(database, "SELECT device FROM device_group_device WHERE device_group = ?1"),
      add_device_(database,
                  "INSERT INTO device_group_device (device_group, device) VALUES (?1, ?2)"),
      clear_devices_(database, "DELETE FROM device_group_device WHERE device_group = ?1"),
      groups_of_device_(
          database, "SELECT device_group FROM device_group_device WHERE device = ?1 ORDER BY 1"),
      members_of_group_(database,
                        "SELECT account FROM device_group_member WHERE device_group = ?1"),
      add_member_(database,
                  "INSERT INTO device_group_member (device_group, account) VALUES (?1, ?2)"),
      clear_members_(database, "DELETE FROM device_group_member WHERE device_group = ?1"),
      groups_of_member_(
          database, "SELECT device_group FROM device_group_member WHERE account = ?1 ORDER BY 1"),
      find_strategy_(database, "SELECT name, config_options, extra FROM strategy WHERE name = ?1"),
      put_strategy_(database,
                    "INSERT INTO strategy (name, config_options, extra) VALUES (?1, ?2, ?3) "
                    "ON CONFLICT (name) DO UPDATE SET config_options = ?2, extra = ?3"),
      remove_strategy_(database, "DELETE FROM strategy WHERE name = ?1"),
      strategies_(database, "SELECT name, config_options, extra FROM strategy ORDER BY name"),
      assigning_{{database, "strategy_of_device", "device"},
                 {database, "strategy_of_device_group", "device_group"},
                 {database, "strategy_of_user", "account"}},
      find_push_(database,
                 "SELECT name, config_options, extra, modified_at FROM strategy_push "
                 "WHERE device = ?1"),
      put_push_(database,
                "INSERT INTO strategy_push (device, name, config_options, extra, modified_at) "
                "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (device) DO UPDATE SET name = ?2, "
                "config_options = ?3, extra = ?4, modified_at = ?5") {}

Result<std::vector<std::string>> SqliteFleetStore::names(sqlite::Statement& statement,
                                                         std::string_view bound) {
  statement.bind_text(1, bound);
  return sqlite::all_rows<std::string>(statement, first_column);
}

Result<std::optional<DeviceCard>> SqliteFleetStore::find_card(std::string_view id) {
  find_card_.bind_text(1, id);
  return first_row<DeviceCard>(find_card_, card_of);
}

Result<void> SqliteFleetStore::put_card(const DeviceCard& card) {
  put_card_.bind_text(1, card.id);
  put_card_.bind_text(2, card.owner);
  put_card_.bind_text(3, card.note);
  put_card_.bind_text(4, card.username);
  put_card_.bind_text(5, card.device_name);
  return run(put_card_);
}

Result<std::vector<DeviceCard>> SqliteFleetStore::cards_of(std::string_view owner) {
  auto& statement = owner.empty() ? cards_ : cards_of_;
  if (!owner.empty()) statement.bind_text(1, owner);
  return sqlite::all_rows<DeviceCard>(statement, card_of);
}

Result<std::optional<DeviceGroupRecord>> SqliteFleetStore::find_group(std::string_view name) {
  find_group_.bind_text(1, name);
  const auto found = first_row<std::string>(find_group_, first_column);
  if (!found) return found.error();
  const std::optional<DeviceGroupRecord> none;
  if (!*found) return none;
  const auto devices = names(devices_of_group_, name);
  if (!devices) return devices.error();
  const auto members = names(members_of_group_, name);
  if (!members) return members.error();
  DeviceGroupRecord group;
  group.name = name;
  group.devices.insert(devices->begin(), devices->end());
  group.members.insert(members->begin(), members->end());
  return std::optional<DeviceGroupRecord>(std::move(group));
}

Result<void> SqliteFleetStore::write_group(const DeviceGroupRecord& group) {
  for (auto* statement : {&put_group_, &clear_devices_, &clear_members_}) {
    statement->bind_text(1, group.name);
    if (const auto done = run(*statement); !done) return done;
  }
  for (const auto& [list, statement] :
       {std::pair(&group.devices, &add_device_), std::pair(&group.members, &add_member_)})
    for (const auto& one : *list) {
      statement->bind_text(1, group.name);
      statement->bind_text(2, one);
      if (const auto done = run(*statement); !done) return done;
    }
  return {};
}

Result<void> SqliteFleetStore::put_group(const DeviceGroupRecord& group) {
  return sqlite::at_once(database_, [&] { return write_group(group); });
}

Result<void> SqliteFleetStore::remove_group(std::string_view name) {
  remove_group_.bind_text(1, name);
  return run(remove_group_);
}

Result<std::vector<DeviceGroupRecord>> SqliteFleetStore::groups() {
  const auto all = sqlite::all_rows<std::string>(group_names_, first_column);
  if (!all) return all.error();
  std::vector<DeviceGroupRecord> list;
  for (const auto& name : *all) {
    auto group = find_group(name);
    if (!group) return group.error();
    if (*group) list.push_back(std::move(**group));
  }
  return list;
}

Result<std::vector<std::string>> SqliteFleetStore::groups_of_device(std::string_view id) {
  return names(groups_of_device_, id);
}

Result<std::vector<std::string>> SqliteFleetStore::groups_of_member(std::string_view account) {
  return names(groups_of_member_, account);
}

Result<std::optional<StrategyRecord>> SqliteFleetStore::find_strategy(std::string_view name) {
  find_strategy_.bind_text(1, name);
  return first_row<StrategyRecord>(find_strategy_, strategy_of);
}

Result<void> SqliteFleetStore::put_strategy(const StrategyRecord& strategy) {
  const auto options = text_of(strategy.config_options);
  const auto extra = text_of(strategy.extra);
  put_strategy_.bind_text(1, strategy.name);
  put_strategy_.bind_text(2, options);
  put_strategy_.bind_text(3, extra);
  return run(put_strategy_);
}

Result<void> SqliteFleetStore::remove_strategy(std::string_view name) {
  remove_strategy_.bind_text(1, name);
  return run(remove_strategy_);
}

Result<std::vector<StrategyRecord>> SqliteFleetStore::strategies() {
  return sqlite::all_rows<StrategyRecord>(strategies_, strategy_of);
}

Result<std::string> SqliteFleetStore::assigned(AssignedTo to, std::string_view target) {
  auto& find = assigning_[static_cast<int>(to)].find;
  find.bind_text(1, target);
  auto found = first_row<std::string>(find, first_column);
  if (!found) return found.error();
  return found->value_or("");
}

Result<void> SqliteFleetStore::assign(const Assignment& assignment) {
  auto& assigning = assigning_[static_cast<int>(assignment.to)];
  auto& statement = assignment.strategy.empty() ? assigning.remove : assigning.put;
  statement.bind_text(1, assignment.target);
  if (!assignment.strategy.empty()) statement.bind_text(2, assignment.strategy);
  return run(statement);
}

Result<std::vector<Assignment>> SqliteFleetStore::assignments() {
  std::vector<Assignment> list;
  for (const auto to : {AssignedTo::device, AssignedTo::device_group, AssignedTo::user}) {
    auto rows = sqlite::all_rows<Assignment>(assigning_[static_cast<int>(to)].list,
                                             [to](sqlite::Statement& row) {
                                               Assignment one;
                                               one.to = to;
                                               one.target = row.column(0);
                                               one.strategy = row.column(1);
                                               return one;
                                             });
    if (!rows) return rows.error();
    list.insert(list.end(), rows->begin(), rows->end());
  }
  return list;
}

Result<std::optional<PushRecord>> SqliteFleetStore::find_push(std::string_view device) {
  find_push_.bind_text(1, device);
  return first_row<PushRecord>(find_push_, [&](sqlite::Statement& row) {
    PushRecord push;
    push.device = device;
    push.strategy = strategy_of(row);
    push.modified_at = row.number(3);
    return push;
  });
}

Result<void> SqliteFleetStore::put_push(const PushRecord& push) {
  const auto options = text_of(push.strategy.config_options);
  const auto extra = text_of(push.strategy.extra);
  put_push_.bind_text(1, push.device);
  put_push_.bind_text(2, push.strategy.name);
  put_push_.bind_text(3, options);
  put_push_.bind_text(4, extra);
  put_push_.bind_number(5, push.modified_at);
  return run(put_push_);
}

}  // namespace deskcheck::server
