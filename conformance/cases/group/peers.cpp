// The devices that an account may see, and the groups that they are in.
#include "conformance/cases/api/general.hpp"
#include "conformance/cases/group/lists.hpp"

#include <boost/json/serialize.hpp>

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

MATCHER_P(HasTheInfo, info, "info with " + json::serialize(json::object(info))) {
  const auto found = arg.is_object() ? member_of(arg.get_object(), "info") : json::value();
  if (!found.is_object()) return false;
  for (const auto& member : json::object(info))
    if (member_of(found.get_object(), member.key()) != member.value()) return false;
  return true;
}
MATCHER(IsPageOrAnyError, "a page, or any error") {
  if (!arg.arrived()) return false;
  const auto body = arg->status == 200 ? object_in(*arg) : std::nullopt;
  if (arg->status != 200 || (body && body->contains("error"))) return true;
  return body && member_of(*body, "total").is_int64() && member_of(*body, "data").is_array();
}

}  // namespace

// A device whose client somebody signs in from is his, and shows what it has told about itself.
CASE(group_peers_list, "api/group/peers/list",
     checks("HTTP-PEERS-01", "HTTP-PEERS-02", "HTTP-PEERS-03", "HTTP-PEERS-04", "HTTP-PEERS-05",
            "HTTP-GEN-02"),
     after("api/group/users/list", "HTTP-USERS-01"), takes(kAgentStory)) {
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device);
  const auto upload = co_await agent.sysinfo_until_known();
  lab.require("an upload of what the device is", upload, AnswersText("SYSINFO_UPDATED"));
  const auto told = agent.sysinfo_body();
  json::object info;
  info["device_name"] = told.at("hostname");
  info["username"] = told.at("username");
  json::object os;
  os["os"] = told.at("os");
  const std::string id = device.id(), name = account_of(lab, "user").user;
  for (const Way way : ways(lab)) {
    agent.use(way);
    const std::string token = co_await agent.sign_in("user");
    const auto page = co_await ask_page(agent, group_peers(), 1, token);
    lab.verdict("HTTP-GEN-02", page, LacksMember("error"));
    if (!lab.verdict("HTTP-PEERS-01", page, IsPage())) co_return;
    const ItemReader user_reader = why_unreadable_user, reader = why_unreadable_device;
    const auto users = co_await read_list(agent, group_users(), token, user_reader);
    const auto list = co_await read_list(agent, group_peers(), token, reader);
    lab.verdict("HTTP-PEERS-03", list, IsReadByClients());
    // Other cases sign in from devices of this account meanwhile.
    if (list.pages == 1) lab.verdict("HTTP-PEERS-01", list, SaysOneTotal());
    if (list.pages == 1) lab.verdict("HTTP-PEERS-01", list, RepeatsNothing());
    const auto logout = co_await agent.logout(token);
    lab.require("logging out", logout, IsNoServerError());
    const auto* mine = list.find("id", id);
    if (!mine && !lab.starts_servers())
      lab.not_applicable("the target does not give a device to the account that signs in from it");
    lab.verdict("HTTP-PEERS-02", list, HoldsItem("id", id));
    if (!mine) co_return;
    lab.verdict("HTTP-PEERS-02", json::value(*mine), HasTheInfo(info));
    lab.verdict("HTTP-PEERS-05", json::value(*mine), HasTheInfo(os));
    lab.verdict("HTTP-PEERS-04", member_of(*mine, "user_name"), IsTheText(name));
    for (const auto& item : list.items)
      lab.verdict("HTTP-PEERS-04", json::value(item), IsIn("user_name", users));
  }
}

// Groups show their members what is in them; everything else stays its owner's.
CASE(group_peers_foreign, "api/group/peers/foreign-devices",
     checks("HTTP-PEERS-04", "HTTP-PEERS-07", "HTTP-DGRP-01", "HTTP-DGRP-03"),
     after("api/group/peers/list", "HTTP-PEERS-01"), takes(kApiStory), does(Effect::restarts)) {
  ServerSetup setup;
  for (const char* role : {"user", "other", "third"}) {
    auto account = account_for(lab, role);
    account.devices = {lab.fresh_id(), lab.fresh_id()};
    setup.accounts.push_back(account);
  }
  const auto accounts = setup.accounts;
  SetupDeviceGroup group, foreign;
  group.name = "Zweigstelle \u6771\u4eac";
  group.devices = {accounts[1].devices[0]};
  group.members = {"user"};
  foreign.name = "of others";
  foreign.devices = {accounts[2].devices[0]};
  foreign.members = {"other"};
  setup.device_groups = {group, foreign};
  co_await lab.own_server(setup);
  // Each signs in from a computer of his own, which may be in his list as well.
  ApiClient client(lab);
  auto third = client.neighbour();
  for (const Way way : ways(lab)) {
    client.use(way);
    third.use(way);
    const auto list = co_await list_for(client, group_peers(), "user");
    const auto groups = co_await list_for(client, device_groups(), "user");
    const auto users = co_await list_for(client, group_users(), "user");
    const std::vector<std::string> expected{accounts[0].devices[0], accounts[0].devices[1],
                                            accounts[1].devices[0]};
    const std::vector<std::string> names{group.name};
    const std::vector<std::string> hidden{accounts[1].devices[1], accounts[2].devices[0],
                                          accounts[2].devices[1]};
    for (const auto& id : expected) lab.verdict("HTTP-PEERS-07", list, HoldsItem("id", id));
    for (const auto& id : hidden) lab.verdict("HTTP-PEERS-07", list, LacksItem("id", id));
    lab.verdict("HTTP-DGRP-01", groups, HoldsExactly("name", names));
    lab.verdict("HTTP-DGRP-03", groups, RepeatsNothing());
    for (const auto& item : list.items) {
      lab.verdict("HTTP-PEERS-04", json::value(item), IsIn("user_name", users));
      lab.verdict("HTTP-DGRP-03", json::value(item), IsIn("device_group_name", groups));
    }
    const auto* shared = list.find("id", accounts[1].devices[0]);
    if (shared)
      lab.verdict("HTTP-DGRP-03", member_of(*shared, "device_group_name"), IsTheText(group.name));
    const auto theirs = co_await list_for(third, group_peers(), "third");
    for (const auto& id : accounts[2].devices)
      lab.verdict("HTTP-PEERS-07", theirs, HoldsItem("id", id));
    for (const auto& id : expected) lab.verdict("HTTP-PEERS-07", theirs, LacksItem("id", id));
  }
}

CASE(group_pages, "api/group/lists/pages",
     checks("HTTP-PEERS-01", "HTTP-USERS-01", "HTTP-DGRP-01", "HTTP-DGRP-03"),
     after("api/group/peers/list", "HTTP-PEERS-01"), takes(kApiStory), does(Effect::restarts)) {
  ServerSetup setup;
  setup.accounts.push_back(account_for(lab, "user"));
  for (int i = 0; i < 250; ++i) setup.accounts[0].devices.push_back(lab.fresh_id());
  for (int i = 0; i < 120; ++i) {
    auto account = account_for(lab, "other-" + std::to_string(i));
    account.devices = {lab.fresh_id()};
    SetupDeviceGroup group;
    group.name = "group " + std::to_string(i);
    group.devices = account.devices;
    group.members = {"user"};
    setup.accounts.push_back(account);
    setup.device_groups.push_back(group);
  }
  std::vector<std::string> devices, users, groups;
  for (const auto& account : setup.accounts) {
    users.push_back(account.user);
    devices.insert(devices.end(), account.devices.begin(), account.devices.end());
  }
  for (const auto& group : setup.device_groups) groups.push_back(group.name);
  co_await lab.own_server(setup);
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const std::string token = co_await client.sign_in("user");
    struct Expected {
      const char* requirement;
      PagedQuestion question;
      std::vector<std::string> keys;
    };
    const std::vector<Expected> all{{"HTTP-PEERS-01", group_peers(), devices},
                                    {"HTTP-USERS-01", group_users(), users},
                                    {"HTTP-DGRP-01", device_groups(), groups}};
    for (const auto& one : all) {
      const ItemReader none;
      const auto list = co_await read_list(client, one.question, token, none);
      lab.verdict(one.requirement, list, SaysOneTotal());
      lab.verdict(one.requirement, list, FillsItsPages());
      lab.verdict(one.requirement, list, RepeatsNothing());
      std::vector<std::string> lost;
      for (const auto& key : one.keys)
        if (!list.find(one.question.key, key)) lost.push_back(key);
      lab.verdict(one.requirement, lost, testing::IsEmpty());
      const auto beyond = co_await ask_page(client, one.question, list.pages + 1, token);
      lab.verdict(one.requirement, beyond, IsEmptyPage());
      if (one.question.path == device_groups().path)
        lab.verdict("HTTP-DGRP-03", list, RepeatsNothing());
    }
  }
}

CASE(group_device_groups, "api/group/device-groups/list",
     checks("HTTP-DGRP-01", "HTTP-DGRP-02", "HTTP-DGRP-03"),
     after("api/group/users/list", "HTTP-USERS-01"), takes(kApiStory), does(Effect::reads)) {
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const std::string token = co_await client.sign_in("user");
    const auto page = co_await ask_page(client, device_groups(), 1, token);
    lab.verdict("HTTP-DGRP-02", page, IsPageOrAnyError());
    if (!page) co_return;
    if (page->status != 200 || error_in(*page))
      lab.not_applicable("the target has no device groups, which clients accept");
    lab.verdict("HTTP-DGRP-01", page, IsPage());
    const ItemReader none;
    const auto list = co_await read_list(client, device_groups(), token, none);
    lab.verdict("HTTP-DGRP-01", list, SaysOneTotal());
    lab.verdict("HTTP-DGRP-03", list, RepeatsNothing());
  }
}

}  // namespace deskcheck::conformance
