#include "reference-server/store/memory_fleet_store.hpp"

namespace deskcheck::server {

namespace {

template <class Map>
std::optional<typename Map::mapped_type> found_in(const Map& map, std::string_view key) {
  const auto found = map.find(key);
  if (found == map.end()) return std::nullopt;
  return found->second;
}

template <class Map>
std::vector<typename Map::mapped_type> all_of(const Map& map) {
  std::vector<typename Map::mapped_type> values;
  for (const auto& [key, value] : map) values.push_back(value);
  return values;
}

template <class Map>
void remove_from(Map& map, std::string_view key) {
  if (const auto found = map.find(key); found != map.end()) map.erase(found);
}

}  // namespace

template <class T>
using Result = boost::system::result<T>;

Result<std::optional<DeviceCard>> MemoryFleetStore::find_card(std::string_view id) {
  return found_in(cards_, id);
}

Result<void> MemoryFleetStore::put_card(const DeviceCard& card) {
  cards_.insert_or_assign(card.id, card);
  return {};
}

Result<std::vector<DeviceCard>> MemoryFleetStore::cards_of(std::string_view owner) {
  auto cards = all_of(cards_);
  std::erase_if(cards, [&](const auto& card) { return !owner.empty() && card.owner != owner; });
  return cards;
}

Result<std::optional<DeviceGroupRecord>> MemoryFleetStore::find_group(std::string_view name) {
  return found_in(groups_, name);
}

Result<void> MemoryFleetStore::put_group(const DeviceGroupRecord& group) {
  groups_.insert_or_assign(group.name, group);
  return {};
}

Result<void> MemoryFleetStore::remove_group(std::string_view name) {
  remove_from(groups_, name);
  assignments_.erase({AssignedTo::device_group, std::string(name)});
  return {};
}

Result<std::vector<DeviceGroupRecord>> MemoryFleetStore::groups() { return all_of(groups_); }

Result<std::vector<std::string>> MemoryFleetStore::groups_of_device(std::string_view id) {
  std::vector<std::string> names;
  for (const auto& [name, group] : groups_)
    if (group.devices.contains(std::string(id))) names.push_back(name);
  return names;
}

Result<std::vector<std::string>> MemoryFleetStore::groups_of_member(std::string_view account) {
  std::vector<std::string> names;
  for (const auto& [name, group] : groups_)
    if (group.members.contains(std::string(account))) names.push_back(name);
  return names;
}

Result<std::optional<StrategyRecord>> MemoryFleetStore::find_strategy(std::string_view name) {
  return found_in(strategies_, name);
}

Result<void> MemoryFleetStore::put_strategy(const StrategyRecord& strategy) {
  strategies_.insert_or_assign(strategy.name, strategy);
  return {};
}

Result<void> MemoryFleetStore::remove_strategy(std::string_view name) {
  remove_from(strategies_, name);
  std::erase_if(assignments_, [&](const auto& one) { return one.second == name; });
  return {};
}

Result<std::vector<StrategyRecord>> MemoryFleetStore::strategies() { return all_of(strategies_); }

Result<std::string> MemoryFleetStore::assigned(AssignedTo to, std::string_view target) {
  const auto found = assignments_.find({to, std::string(target)});
  return found == assignments_.end() ? std::string() : found->second;
}

Result<void> MemoryFleetStore::assign(const Assignment& assignment) {
  const std::pair key(assignment.to, assignment.target);
  if (assignment.strategy.empty())
    assignments_.erase(key);
  else
    assignments_.insert_or_assign(key, assignment.strategy);
  return {};
}

Result<std::vector<Assignment>> MemoryFleetStore::assignments() {
  std::vector<Assignment> list;
  for (const auto& [key, strategy] : assignments_) {
    auto& one = list.emplace_back();
    one.to = key.first;
    one.target = key.second;
    one.strategy = strategy;
  }
  return list;
}

Result<std::optional<PushRecord>> MemoryFleetStore::find_push(std::string_view device) {
  return found_in(pushes_, device);
}

Result<void> MemoryFleetStore::put_push(const PushRecord& push) {
  pushes_.insert_or_assign(push.device, push);
  return {};
}

void MemoryFleetStore::forget(std::string_view account) {
  for (auto& [id, card] : cards_)
    if (card.owner == account) card.owner.clear();
  for (auto& [name, group] : groups_) group.members.erase(std::string(account));
  assignments_.erase({AssignedTo::user, std::string(account)});
}

}  // namespace deskcheck::server
