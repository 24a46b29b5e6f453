#include "reference-server/api/accessible.hpp"

#include "proto/api/json.hpp"
#include "reference-server/identity/accounts.hpp"

#include <set>

namespace deskcheck::server::api {

namespace {

constexpr int kClientsOfAccount = 1000;
constexpr std::size_t kLongestClient = 256;  // bytes of an id, of a uuid

[[noreturn]] void refuse_group(const std::string& name, const std::string& reason) {
  throw identity::AccountError("device group '" + name + "' " + reason);
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
    : wrong_(options.faults.policies), store_(store), devices_(devices) {
  std::set<std::string> given;  // of two accounts that name a device, to the first
  for (const auto& account : options.accounts)
    for (const auto& id : account.devices)
      if (given.insert(id).second) give(id, account.name);
  std::set<std::string> names;
  for (const auto& group : options.device_groups) {
    if (!names.insert(group.name).second) refuse_group(group.name, "is there twice");
    create(group);
  }
}

void Accessible::give(const std::string& id, const std::string& account) {
  const auto refuse = [&](const boost::system::error_code& error) {
    throw identity::AccountError("device " + id + " cannot be stored: " + error.message());
  };
  const auto known = fleet().find_card(id);
  if (!known) refuse(known.error());
  auto card = known->value_or(DeviceCard());
  card.id = id;
  if (card.owner == account) return;
  card.owner = account;
  if (const auto done = fleet().put_card(card); !done) refuse(done.error());
}

void Accessible::create(const DeviceGroupFixture& fixture) {
  DeviceGroupRecord group;
  group.name = fixture.name;
  group.devices.insert(fixture.devices.begin(), fixture.devices.end());
  group.members.insert(fixture.members.begin(), fixture.members.end());
  for (const auto& member : fixture.members) {
    const auto account = store_.find_account(member);
    if (account && !*account) refuse_group(group.name, "names an unknown account, " + member);
  }
  const auto before = fleet().find_group(group.name);
  // Devices that have come to it since stay.
  if (before && *before) group.devices.insert((*before)->devices.begin(), (*before)->devices.end());
  if (before && *before == group) return;
  if (const auto done = fleet().put_group(group); !done)
    refuse_group(group.name, "cannot be stored: " + done.error().message());
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
  const auto done = store_.put_client(client, kClientsOfAccount);
  if (owner_may_have_changed) owner_may_have_changed(id);
  return done;
}

Accessible::Result<std::vector<std::string>> Accessible::groups_of(const AccountRecord& caller) {
  if (caller.password_hash.empty()) return std::vector<std::string>();
  return fleet().groups_of_member(caller.name);
}

bool Accessible::is_of_device(const ClientRecord& client) {
  return devices_.may_be(client.device, client.uuid);
}

// What the caller sees, each id with its group.
Accessible::Result<std::map<std::string, std::string>> Accessible::ids_of(
    const AccountRecord& caller) {
  std::map<std::string, std::string> ids;
  if (caller.password_hash.empty()) return ids;
  const auto cards = fleet().cards_of(wrong_.all_devices_are_shown ? "" : caller.name);
  if (!cards) return cards.error();
  for (const auto& card : *cards) ids[card.id];
  const auto clients = store_.clients_of(caller.name);
  if (!clients) return clients.error();
  for (const auto& client : *clients)
    if (is_of_device(client)) ids[client.device];
  const auto groups = fleet().groups();
  if (!groups) return groups.error();
  for (const auto& group : *groups) {
    const bool member = group.members.contains(caller.name);
    if (!member && !wrong_.all_devices_are_shown) continue;
    for (const auto& id : group.devices) {
      auto& name = ids[id];
      if (member && name.empty()) name = group.name;
    }
  }
  return ids;
}

// The operator's word first, then who has signed in last. Disabled accounts own nothing.
Accessible::Result<std::string> Accessible::owner_of_device(const std::string& id) {
  std::vector<std::string> names;
  const auto card = fleet().find_card(id);
  if (!card) return card.error();
  if (*card) names.push_back((*card)->owner);
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
    const auto card = fleet().find_card(id);
    if (!card) return card.error();
    auto device = described(id, *report ? (*report)->sysinfo : "");
    if (*card && !(*card)->username.empty()) device.username = (*card)->username;
    if (*card && !(*card)->device_name.empty()) device.device_name = (*card)->device_name;
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
  const auto accounts = store_.accounts();
  if (!accounts) return accounts.error();
  for (const auto& account : *accounts)
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
