// What the members of a group see of each other, and others do not: the owner of the server makes
// it by hooks.
#include "conformance/cases/group/lists.hpp"
#include "conformance/lab/people.hpp"

namespace deskcheck::conformance {

CASE(group_members, "api/group/lists/members", checks("HTTP-USERS-03", "HTTP-PEERS-07"),
     after("api/group/users/list", "HTTP-USERS-01"), takes(kAgentStory)) {
  LabPeople people(lab, {"put-group", "put-device-group", "owner-of-device"});
  for (const std::string role : {"member", "owner", "stranger"}) {
    const Account account = co_await people.somebody(role);
    lab.lend(role, account);
  }
  const std::string member = account_of(lab, "member").user, owner = account_of(lab, "owner").user;
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device);
  const auto upload = co_await agent.sysinfo_until_known();
  lab.require("an upload of what the device is", upload, AnswersText("SYSINFO_UPDATED"));
  const std::string group = lab.named("group"), id = device.id();
  const std::vector<std::string> members{member, owner}, devices{id};
  co_await people.device_group(group, devices);
  co_await people.group(group, members);
  co_await people.admin().set_owner(id, owner);
  // Each signs in from a computer of his own, which may be in his list as well.
  ApiClient inside(lab);
  auto outside = inside.neighbour();
  for (const Way way : ways(lab)) {
    inside.use(way);
    outside.use(way);
    const auto users = co_await list_for(inside, group_users(), "member");
    lab.verdict("HTTP-USERS-03", users, HoldsItem("name", owner));
    const auto seen = co_await list_for(inside, group_peers(), "member");
    lab.verdict("HTTP-PEERS-07", seen, HoldsItem("id", id));
    const auto others = co_await list_for(outside, group_users(), "stranger");
    lab.verdict("HTTP-USERS-03", others, LacksItem("name", owner));
    lab.verdict("HTTP-USERS-03", others, LacksItem("name", member));
    const auto hidden = co_await list_for(outside, group_peers(), "stranger");
    lab.verdict("HTTP-PEERS-07", hidden, LacksItem("id", id));
  }
}

}  // namespace deskcheck::conformance
