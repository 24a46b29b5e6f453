// GET and POST /api/admin/device-groups, POST .../remove.
#include "reference-server/admin/for_administrators.hpp"
#include "reference-server/admin/routes.hpp"

namespace deskcheck::server::admin {

namespace json = boost::json;
using api::Response;

namespace {

Response list_groups(const Desk& desk) {
  const auto groups = desk.fleet().groups();
  if (!groups) return api::storage_failure();
  json::array list;
  for (const auto& group : *groups)
    list.push_back(json::object{{"name", group.name},
                                {"devices", json::value_from(group.devices)},
                                {"members", json::value_from(group.members)}});
  return api::json_answer(json::object{{"device_groups", std::move(list)}});
}

void changed(const Desk& desk) {
  if (!desk.wrong().group_changes_are_overlooked) desk.strategies.changed();
}

Response put_group(const Desk& desk, Members& body) {
  const auto name = body.name("name");
  const auto devices = body.maybe_names("devices");
  const auto members = body.maybe_names("members");
  if (const auto refusal = body.refusal()) return *refusal;
  for (const auto& member : members.value_or(std::set<std::string>())) {
    const auto account = desk.store.find_account(member);
    if (!account) return api::storage_failure();
    if (!*account) return no_such("user", member);
  }
  const auto known = desk.fleet().find_group(name);
  if (!known) return api::storage_failure();
  auto group = known->value_or(DeviceGroupRecord());
  group.name = name;
  if (devices) group.devices = *devices;
  if (members) group.members = *members;
  const auto result = desk.fleet().put_group(group);
  changed(desk);
  return done(result);
}

Response remove_group(const Desk& desk, Members& body) {
  const auto name = body.name("name");
  if (const auto refusal = body.refusal()) return *refusal;
  const auto known = desk.fleet().find_group(name);
  if (!known) return api::storage_failure();
  if (!*known) return no_such("device group", name);
  const auto result = desk.fleet().remove_group(name);
  changed(desk);
  return done(result);
}

}  // namespace

void add_device_groups(api::Router& router, const Desk& desk) {
  router.add("GET", "/api/admin/device-groups",
             for_administrators(desk, [desk](const auto&...) { return list_groups(desk); }));
  router.add("POST", "/api/admin/device-groups",
             changing(desk, [desk](const auto&, Members& body, net::Time) {
               return put_group(desk, body);
             }));
  router.add("POST", "/api/admin/device-groups/remove",
             changing(desk, [desk](const auto&, Members& body, net::Time) {
               return remove_group(desk, body);
             }));
}

}  // namespace deskcheck::server::admin
