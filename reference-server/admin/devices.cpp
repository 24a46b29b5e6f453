// GET and POST /api/admin/devices, POST .../disconnect and .../sysinfo. A device may be spoken of
// before it is there.
#include "proto/api/json.hpp"
#include "reference-server/admin/for_administrators.hpp"
#include "reference-server/admin/routes.hpp"
#include "reference-server/api/assign.hpp"
#include "reference-server/api/pages.hpp"

#include <algorithm>

namespace deskcheck::server::admin {

namespace json = boost::json;
using api::Request;
using api::Response;

namespace {

constexpr int kMostDevices = 1000;

template <class T>
using Result = boost::system::result<T>;

Result<json::object> device_json(const Desk& desk, const std::string& id, net::Time now) {
  const auto report = desk.store.find_report(id);
  const auto card = desk.fleet().find_card(id);
  const auto groups = desk.fleet().groups_of_device(id);
  const auto owner = desk.accessible.owner_of_device(id);
  const auto push = desk.strategies.of(id, now);
  for (const auto& error :
       {report.error(), card.error(), groups.error(), owner.error(), push.error()})
    if (error) return error;
  json::object device;
  device["id"] = id;
  device["uuid"] = *report ? (*report)->uuid : "";
  device["online"] = desk.devices.online(id, now);
  device["address"] = desk.devices.address(id);
  device["connections"] = json::value_from(desk.devices.connections(id));
  device["user"] = *owner;
  device["device_group"] = groups->empty() ? "" : groups->front();
  device["note"] = *card ? (*card)->note : "";
  device["strategy"] = push->strategy.name;
  device["modified_at"] = push->modified_at;
  device["sysinfo"] = (*report ? http_api::parse_object((*report)->sysinfo) : std::nullopt)
                          .value_or(json::object());
  return device;
}

// Devices that have reported, and those that the operator has said something of.
Result<std::vector<std::string>> ids_after(const Desk& desk, const std::string& after) {
  const auto reported = desk.store.reported(after, kMostDevices + 1);
  if (!reported) return reported.error();
  const auto cards = desk.fleet().cards_of("");
  if (!cards) return cards.error();
  std::set<std::string> ids(reported->begin(), reported->end());
  for (const auto& card : *cards)
    if (card.id > after) ids.insert(card.id);
  return std::vector<std::string>(ids.begin(), ids.end());
}

Result<bool> is_there(const Desk& desk, const std::string& id) {
  if (desk.devices.knows(id)) return true;
  const auto card = desk.fleet().find_card(id);
  const auto groups = desk.fleet().groups_of_device(id);
  if (!card) return {boost::system::in_place_error, card.error()};
  if (!groups) return {boost::system::in_place_error, groups.error()};
  return card->has_value() || !groups->empty();
}

Response list_devices(const Desk& desk, const Request& request, net::Time now) {
  Result<std::vector<std::string>> ids = std::vector<std::string>();
  if (const auto id = request.query("id")) {
    const auto there = is_there(desk, *id);
    if (!there) return api::storage_failure();
    if (*there) ids->push_back(*id);
  } else {
    ids = ids_after(desk, request.query("after").value_or(""));
  }
  if (!ids) return api::storage_failure();
  json::object answer;
  if (ids->size() > kMostDevices) {
    ids->resize(kMostDevices);
    answer["more_after"] = ids->back();
  }
  json::array list;
  for (const auto& id : *ids) {
    auto device = device_json(desk, id, now);
    if (!device) return api::storage_failure();
    list.push_back(std::move(*device));
  }
  answer["devices"] = std::move(list);
  return api::json_answer(answer);
}

Response set_card(const Desk& desk, Members& body) {
  const auto id = body.name("id");
  const auto user = body.maybe_text("user");
  const auto group = body.maybe_text("device_group");
  const auto note = body.maybe_text("note");
  if (const auto refusal = body.refusal()) return *refusal;
  auto& fleet = desk.fleet();
  const auto account = desk.store.find_account(user.value_or(""));
  const auto known_group = fleet.find_group(group.value_or(""));
  const auto known = fleet.find_card(id);
  if (!account || !known_group || !known) return api::storage_failure();
  if (user && !user->empty() && !*account) return no_such("user", *user);
  if (group && !group->empty() && !*known_group) return no_such("device group", *group);
  auto card = known->value_or(DeviceCard());
  card.id = id;
  card.owner = user.value_or(card.owner);
  card.note = note.value_or(card.note);
  if ((user || note) && !fleet.put_card(card)) return api::storage_failure();
  if (group && !api::move_to_group(fleet, id, *group)) return api::storage_failure();
  const bool overlooked = (user && desk.wrong().owner_changes_are_overlooked) ||
                          (group && desk.wrong().group_changes_are_overlooked);
  if (!overlooked) desk.strategies.changed(id);
  return done({});
}

Response disconnect(const Desk& desk, Members& body) {
  const auto id = body.name("id");
  const auto chosen = body.maybe_numbers("connections");
  if (const auto refusal = body.refusal()) return *refusal;
  if (!desk.devices.knows(id)) return no_such("device", id);
  const auto all = desk.devices.connections(id);
  for (const auto number : chosen.value_or(std::set<std::int32_t>()))
    if (std::ranges::find(all, number) == all.end() && !desk.wrong().disconnect_has_any_numbers)
      return no_such("connection of this device", std::to_string(number));
  for (const auto number : chosen.value_or(std::set(all.begin(), all.end())))
    desk.devices.disconnect(id, number);
  return done({});
}

Response force_sysinfo(const Desk& desk, Members& body) {
  const auto id = body.maybe_name("id");
  if (const auto refusal = body.refusal()) return *refusal;
  if (!id)
    desk.devices.ask_all_for_sysinfo();
  else if (!desk.devices.ask_for_sysinfo(*id))
    return no_such("device", *id);
  return done({});
}

}  // namespace

void add_devices(api::Router& router, const Desk& desk) {
  router.add("GET", "/api/admin/devices",
             for_administrators(desk, [desk](const auto&, const Request& request, net::Time now) {
               return list_devices(desk, request, now);
             }));
  using Change = Response (*)(const Desk&, Members&);
  const auto add = [&](const char* path, Change change) {
    router.add("POST", path, changing(desk, [desk, change](const auto&, Members& body, net::Time) {
                 return change(desk, body);
               }));
  };
  add("/api/admin/devices", set_card);
  add("/api/admin/devices/disconnect", disconnect);
  add("/api/admin/devices/sysinfo", force_sysinfo);
}

}  // namespace deskcheck::server::admin
