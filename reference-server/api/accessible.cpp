#include "reference-server/api/accessible.hpp"

#include "proto/api/json.hpp"
#include "reference-server/identity/accounts.hpp"

#include <algorithm>

namespace deskcheck::server::api {

namespace {

constexpr int kClientsOfAccount = 1000;
constexpr std::size_t kLongestClient = 256;  // bytes of an id, of a uuid

bool contains_text(const std::vector<std::string>& list, const std::string& text) {
  return std::ranges::find(list, text) != list.end();
}

http_api::AccessibleDevice described(const std::string& id, const std::string& sysinfo) {
  http_api::AccessibleDevice device;
  device.id = id;
  const auto object = http_api::parse_object(sysinfo);
  if (!object) return device;
  const auto member = [&](const char* name) { return http_api::text(*object, name).value_or(""); };
  device.username = member("username");
  device.device_name = member("hostname");
  device.os = member("os");
  return device;
}

}  // namespace

Accessible::Accessible(const Options& options, ApiStore& store, Devices& devices)
    : options_(options), wrong_(options.faults.policies), store_(store), devices_(devices) {
  for (const auto& account : options.accounts)
    for (const auto& id : account.devices) given_.emplace(id, account.name);
  std::set<std::string> names;
  for (const auto& group : options.device_groups) {
    const auto refuse = [&](const std::string& reason) {
      throw identity::AccountError("device group '" + group.name + "' " + reason);
    };
    if (!names.insert(group.name).second) refuse("is there twice");
    for (const auto& member : group.members) {
      const auto account = store_.find_account(member);
      if (account && !*account) refuse("names an unknown account, " + member);
    }
  }
}

Accessible::Result<void> Accessible::signed_in(const std::string& account, const std::string& id,
                                               const std::string& uuid) {
  const auto fits = [](const std::string& text) {
    return !text.empty() && text.size() <= kLongestClient;
  };
  if (!fits(id) || !fits(uuid)) return {};
  ClientRecord client;
  client.account = account;
  client.device = id;
  client.uuid = uuid;
  return store_.put_client(client, kClientsOfAccount);
}

std::vector<std::string> Accessible::groups_of(const AccountRecord& caller) const {
  std::vector<std::string> names;
  if (caller.password_hash.empty()) return names;
  for (const auto& group : options_.device_groups)
    if (contains_text(group.members, caller.name)) names.push_back(group.name);
  std::ranges::sort(names);
  return names;
}

bool Accessible::is_of_device(const ClientRecord& client) {
  return devices_.may_be(client.device, client.uuid);
}

// What the caller sees, each id with its group.
Accessible::Result<std::map<std::string, std::string>> Accessible::ids_of(
    const AccountRecord& caller) {
  std::map<std::string, std::string> ids;
  if (caller.password_hash.empty()) return ids;
  for (const auto& account : options_.accounts)
    if (account.name == caller.name || wrong_.all_devices_are_shown)
      for (const auto& id : account.devices) ids[id];
  const auto clients = store_.clients_of(caller.name);
  if (!clients) return clients.error();
  for (const auto& client : *clients)
    if (is_of_device(client)) ids[client.device];
  for (const auto& group : options_.device_groups) {
    const bool member = contains_text(group.members, caller.name);
    if (!member && !wrong_.all_devices_are_shown) continue;
    for (const auto& id : group.devices) {
      auto& name = ids[id];
      if (member && (name.empty() || group.name < name)) name = group.name;
    }
  }
  return ids;
}

// The operator's word first, then who has signed in last. Disabled accounts own nothing.
Accessible::Result<std::string> Accessible::owner_of_device(const std::string& id) {
  std::vector<std::string> names;
  if (const auto given = given_.find(id); given != given_.end()) names.push_back(given->second);
  const auto clients = store_.clients_at(id);
  if (!clients) return clients.error();
  for (const auto& client : *clients)
    if (is_of_device(client)) names.push_back(client.account);
  for (const auto& name : names) {
    const auto account = store_.find_account(name);
    if (!account) return account.error();
    if (*account && !(*account)->disabled) return name;
  }
  return std::string();
}

Accessible::Result<std::vector<http_api::AccessibleDevice>> Accessible::devices_of(
    const AccountRecord& caller) {
  const auto ids = ids_of(caller);
  if (!ids) return ids.error();
  std::vector<http_api::AccessibleDevice> list;
  for (const auto& [id, group] : *ids) {
    const auto report = store_.find_report(id);
    const auto owner = owner_of_device(id);
    if (!report) return report.error();
    if (!owner) return owner.error();
    auto device = described(id, *report ? (*report)->sysinfo : "");
    device.user_name = *owner;
    device.device_group_name = group;
    list.push_back(std::move(device));
  }
  return list;
}

Accessible::Result<std::vector<AccountRecord>> Accessible::users_of(const AccountRecord& caller) {
  const auto ids = ids_of(caller);
  if (!ids) return ids.error();
  std::set<std::string> names;
  for (const auto& [id, group] : *ids) {
    const auto owner = owner_of_device(id);
    if (!owner) return owner.error();
    names.insert(*owner);
  }
  for (const auto& account : options_.accounts)
    if (wrong_.all_users_are_listed || (account.disabled && wrong_.disabled_users_are_listed))
      names.insert(account.name);
  std::vector<AccountRecord> users{caller};
  for (const auto& name : names) {
    if (name.empty() || name == caller.name) continue;
    auto account = store_.find_account(name);
    if (!account) return account.error();
    if (*account) users.push_back(std::move(**account));
  }
  return users;
}

}  // namespace deskcheck::server::api
