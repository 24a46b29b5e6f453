// Whose devices an account may see: the users of the group tab.
#include "conformance/cases/api/general.hpp"
#include "conformance/cases/group/lists.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

MATCHER(IsNoRefusal, "HTTP 200 without an error, or an error with the word disabled") {
  if (!arg.arrived()) return false;
  const auto error = error_in(*arg);
  return error ? error->find("isabled") != std::string::npos : arg->status == 200;
}
MATCHER(SaysNoAdminRequired, "no error \"Admin required!\"") {
  return arg.arrived() && arg->body.find("Admin required!") == std::string::npos;
}

}  // namespace

CASE(group_users_list, "api/group/users/list",
     checks("HTTP-USERS-01", "HTTP-USERS-02", "HTTP-USERS-03", "HTTP-USERS-04", "HTTP-USERS-05",
            "HTTP-USERS-07", "HTTP-USERS-08", "HTTP-CURUSER-08", "HTTP-GEN-02"),
     after("api/login/right-password", "HTTP-LOGIN-02"), takes(kApiStory), does(Effect::reads)) {
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const std::string token = co_await client.sign_in("user");
    const auto user = co_await client.current_user(token);
    lab.require("the signed-in user", user, HasMember("name", IsText()));
    const std::string name(object_in(*user)->at("name").as_string());
    const auto page = co_await ask_page(client, group_users(), 1, token);
    lab.verdict("HTTP-USERS-07", page, SaysNoAdminRequired());
    // Neither for the question, nor for who asks, nor because there is nobody.
    lab.verdict("HTTP-USERS-02", page, IsNoRefusal());
    lab.verdict("HTTP-USERS-03", page, IsNoRefusal());
    if (!lab.verdict("HTTP-USERS-05", page, IsNoRefusal())) co_return;
    if (error_in(*page)) lab.not_applicable("the target has switched these lists off");
    lab.verdict("HTTP-GEN-02", page, LacksMember("error"));
    if (!lab.verdict("HTTP-USERS-01", page, IsPage())) co_return;
    const ItemReader reader = why_unreadable_user;
    const auto list = co_await read_list(client, group_users(), token, reader);
    lab.verdict("HTTP-USERS-01", list, SaysOneTotal());
    lab.verdict("HTTP-USERS-04", list, IsReadByClients());
    lab.verdict("HTTP-USERS-04", list, RepeatsNothing());
    const ItemReader none;
    const auto devices = co_await read_list(client, group_peers(), token, none);
    for (const auto& device : devices.items)
      lab.verdict("HTTP-USERS-04", boost::json::value(device), IsIn("user_name", list));
    lab.verdict("HTTP-USERS-08", list, HoldsItem("name", name));
    // Only exactly this name is "me" to the client.
    lab.verdict("HTTP-CURUSER-08", list, HoldsItem("name", name));
  }
}

// Those who share a device with the caller, and nobody else.
CASE(group_users_accessible, "api/group/users/accessible",
     checks("HTTP-USERS-02", "HTTP-USERS-03", "HTTP-USERS-04"),
     after("api/group/users/list", "HTTP-USERS-01"), takes(kApiStory), does(Effect::restarts)) {
  ServerSetup setup;
  for (const char* role : {"user", "other", "third", "disabled"}) {
    auto account = account_for(lab, role);
    account.devices = {lab.fresh_id()};
    account.disabled = account.role == "disabled";
    setup.accounts.push_back(account);
  }
  SetupDeviceGroup group;
  group.name = "Branch A";
  group.devices = {setup.accounts[1].devices[0], setup.accounts[3].devices[0]};
  group.members = {"user"};
  setup.device_groups = {group};
  const auto accounts = setup.accounts;
  co_await lab.own_server(setup);
  ApiClient client(lab);
  auto third = client.neighbour();
  for (const Way way : ways(lab)) {
    client.use(way);
    third.use(way);
    const auto list = co_await list_for(client, group_users(), "user");
    lab.verdict("HTTP-USERS-03", list, HoldsItem("name", accounts[1].user));
    lab.verdict("HTTP-USERS-03", list, LacksItem("name", accounts[2].user));
    lab.verdict("HTTP-USERS-02", list, LacksItem("name", accounts[3].user));
    lab.verdict("HTTP-USERS-04", list, RepeatsNothing());
    const auto alone = co_await list_for(third, group_users(), "third");
    lab.verdict("HTTP-USERS-03", alone, LacksItem("name", accounts[0].user));
    lab.verdict("HTTP-USERS-03", alone, LacksItem("name", accounts[1].user));
  }
}

// Questions for pages that are none, and the right ones without a right token.
CASE(group_wrong, "api/group/lists/wrong-question",
     checks("HTTP-PEERS-06", "HTTP-GEN-04", "HTTP-GEN-07", "HTTP-GEN-17", "HTTP-USERS-07"),
     after("api/group/users/list", "HTTP-USERS-01"), takes(kApiStory), does(Effect::reads)) {
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const std::string token = co_await client.sign_in("user");
    for (const auto& question : {device_groups(), group_users(), group_peers()}) {
      const std::string wrong = "wrong-" + lab.fresh_id(), none;
      const auto right = co_await ask_page(client, question, 1, token);
      const bool there = right && right->status != 404;
      const auto refused = co_await ask_page(client, question, 1, wrong);
      if (there)
        lab.verdict("HTTP-GEN-04", refused, Is401());
      else
        refused.ignore();
      if (question.path == "/api/peers") lab.verdict("HTTP-PEERS-06", refused, Is401());
      if (question.path == "/api/users")
        lab.verdict("HTTP-USERS-07", refused, SaysNoAdminRequired());
      const auto nobody = co_await ask_page(client, question, 1, none);
      lab.verdict("HTTP-GEN-04", nobody, IsNot(IsPage()));
      for (const char* query :
           {"", "?current=0&pageSize=0", "?current=-1&pageSize=-5", "?current=x&pageSize=",
            "?current=99999999999999999999&pageSize=99999999999999999999", "?accessible&accessible",
            "?current=1&pageSize=100&accessible=&status=x", "?%FF=%00&current=%31"}) {
        HttpQuestion odd("GET", question.path + query);
        odd.headers.emplace_back("Authorization", "Bearer " + token);
        const auto answer = co_await client.ask(odd);
        lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
      }
    }
  }
  (void)co_await api_still_serves(lab, client, "HTTP-GEN-17");
}

}  // namespace deskcheck::conformance
