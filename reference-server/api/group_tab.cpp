// GET /api/device-group/accessible, /api/users and /api/peers: what the caller may see, read page
// by page. The query members accessible and status=1 ask for just that; there is nothing else.
// Source: http-api.md chapter 4.
#include "proto/api/json.hpp"
#include "reference-server/api/accessible.hpp"
#include "reference-server/api/for_accounts.hpp"
#include "reference-server/api/groups.hpp"
#include "reference-server/api/pages.hpp"
#include "reference-server/api/user.hpp"

#include <algorithm>
#include <cctype>

namespace deskcheck::server::api {

namespace json = boost::json;

namespace {

void drop_total(Response& response, bool wrong) {
  auto object = wrong ? http_api::parse_object(response.body) : std::nullopt;
  if (!object) return;
  object->erase("total");
  response.body = json::serialize(*object);
}

Response device_groups(const AccountRecord& caller, Page page, Accessible& accessible,
                       const WrongApi& wrong) {
  const auto groups = accessible.groups_of(caller);
  if (!groups) return storage_failure();
  auto response = page_answer(*groups, page, [&](std::string name) {
    if (wrong.device_groups_are_upper_case)
      std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::toupper(c); });
    return json::object{{"name", name}};
  });
  drop_total(response, wrong.device_groups_have_no_total);
  return response;
}

// Of others, only what people need to tell them apart.
json::object user_in_list(AccountRecord user, const AccountRecord& caller, const WrongApi& wrong) {
  if (user.name != caller.name) user.email.clear();
  auto payload = user_payload(user, wrong);
  if (wrong.users_go_by_display_name) payload["name"] = user.display_name;
  return payload;
}

Response users(const AccountRecord& caller, const Request& request, Page page,
               Accessible& accessible, const WrongApi& wrong) {
  if (wrong.users_are_for_administrators && !caller.administrator)
    return failure(403, "Admin required!");
  const auto bare = request.query("accessible");
  if (wrong.accessible_needs_a_value && bare && bare->empty())
    return failure(400, "accessible has to be true or false");
  auto list = accessible.users_of(caller);
  if (!list) return storage_failure();
  if (wrong.lonely_users_are_404 && list->size() == 1) return failure(404, "No users");
  if (wrong.caller_is_no_user) list->erase(list->begin());
  auto response = page_answer(
      *list, page, [&](const AccountRecord& user) { return user_in_list(user, caller, wrong); });
  drop_total(response, wrong.users_have_no_total);
  return response;
}

json::object device_json(const http_api::AccessibleDevice& device, Accessible& accessible,
                         const AccountRecord& caller, const WrongApi& wrong) {
  auto object = to_json(device);
  auto& info = object["info"].as_object();
  if (wrong.device_name_is_called_hostname) {
    info["hostname"] = info["device_name"];
    info.erase("device_name");
  }
  if (wrong.device_status_is_bool) object["status"] = true;
  if (wrong.device_os_is_shortened) info["os"] = device.os.substr(device.os.find("/ ") + 1);
  if (wrong.device_owner_is_display_name)
    if (const auto users = accessible.users_of(caller))
      for (const auto& user : *users)
        if (user.name == device.user_name) object["user_name"] = user.display_name;
  return object;
}

Response accessible_devices(const AccountRecord& caller, Page page, Accessible& accessible,
                            const WrongApi& wrong) {
  auto list = accessible.devices_of(caller);
  if (!list) return storage_failure();
  if (wrong.devices_come_per_group) {
    std::vector<http_api::AccessibleDevice> twice;
    for (const auto& device : *list)
      twice.insert(twice.end(), device.device_group_name.empty() ? 1 : 2, device);
    list = std::move(twice);
  }
  auto response = page_answer(
      *list, page, [&](const auto& one) { return device_json(one, accessible, caller, wrong); });
  drop_total(response, wrong.devices_have_no_total);
  return response;
}

}  // namespace

void add_group_tab(Router& router, const Options& options, identity::Accounts& accounts,
                   Accessible& accessible) {
  const WrongApi& wrong = options.faults.policies;
  using Answer = std::function<Response(const AccountRecord&, const Request&, Page)>;
  const auto listing = [&](Answer answer) {
    return for_accounts(accounts, wrong,
                        [answer](const AccountRecord& caller, const Request& request, net::Time) {
                          const auto page = page_of(request);
                          return page ? answer(caller, request, *page) : no_page();
                        });
  };
  router.add("GET", "/api/device-group/accessible",
             listing([&](const AccountRecord& caller, const Request&, Page page) {
               return device_groups(caller, page, accessible, wrong);
             }));
  router.add("GET", "/api/users",
             listing([&](const AccountRecord& caller, const Request& request, Page page) {
               return users(caller, request, page, accessible, wrong);
             }));
  const auto list = listing([&](const AccountRecord& caller, const Request&, Page page) {
    return accessible_devices(caller, page, accessible, wrong);
  });
  router.add("GET", "/api/peers", [list, &wrong](const Request& request, net::Time now) {
    auto response = list(request, now);
    const bool hides = wrong.devices_without_token_are_none && response.status == 401;
    return hides ? json_answer(json::object{{"total", 0}, {"data", json::array()}}) : response;
  });
}

}  // namespace deskcheck::server::api
