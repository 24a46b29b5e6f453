#include "conformance/cases/device_cli/assign.hpp"

#include "conformance/cases/api/general.hpp"
#include "conformance/cases/group/lists.hpp"
#include "conformance/lab/address_book.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

std::string script_token(const Lab& lab) {
  if (lab.target().script_token.empty())
    lab.not_applicable(
        "the target lends no token of a script: name its variable as `script-token-env`");
  return lab.target().script_token;
}

json::object assignment(const ApiClient& device, std::string_view name, std::string_view value) {
  json::object body = device.identity();
  body[name] = value;
  return body;
}

Task<Answer<HttpAnswer>> assign(ApiClient& device, json::object body, std::string token) {
  return device.post("/api/devices/cli", std::move(body), std::move(token));
}

namespace {

MATCHER(HasNoHeaderEnd, "a token without \": \"") { return arg.find(": ") == std::string::npos; }

// Registered, and known to the API as well.
Task<void> upload(Lab& lab, ApiClient& agent) {
  const auto upload = co_await agent.sysinfo_until_known();
  lab.require("an upload of what the device is", upload, AnswersText("SYSINFO_UPDATED"));
}

json::object book_details(const ApiClient& agent, const std::string& book) {
  auto body = assignment(agent, "address_book_name", book);
  body["address_book_tag"] = "kiosk";
  body["address_book_alias"] = "Kiosk 4";
  body["address_book_password"] = "password-of-the-kiosk";
  body["address_book_note"] = "ground floor";
  return body;
}

// A user, a group that he is in, a book that he has.
ServerSetup with_names(Lab& lab) {
  ServerSetup setup;
  for (const char* role : {"user", "other"}) setup.accounts.push_back(account_for(lab, role));
  SetupDeviceGroup group;
  group.name = "Branch A";
  group.members = {"user"};
  setup.device_groups = {group};
  SetupBook book;
  book.name = "Support team";
  book.owner = "user";
  setup.books = {book};
  return setup;
}

// As the book's owner sees it; blocked if he does not see it.
Task<LabBook> book_of_owner(Lab& lab, ApiClient& client, std::string name) {
  const std::string token = co_await client.sign_in("user");
  const ItemReader reader = why_unreadable_profile;
  const auto list = co_await read_list(client, shared_profiles(), token, reader);
  const auto* profile = list.find("name", name);
  const bool shown = profile != nullptr;
  lab.require("the book is shown to its owner", shown, testing::IsTrue());
  co_return LabBook(lab, client, token, std::string(profile->at("guid").as_string()));
}

}  // namespace

// Each thing on its own, as an installer asks for it.
CASE(cli_assign, "api/device-cli/assign",
     checks("HTTP-CLI-01", "HTTP-CLI-03", "HTTP-CLI-04", "HTTP-CLI-06", "HTTP-GEN-14"),
     takes(kAgentStory)) {
  const std::string token = script_token(lab), user = account_of(lab, "user").user;
  lab.verdict("HTTP-CLI-06", token, HasNoHeaderEnd());
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device);
  co_await upload(lab, agent);
  for (const Way way : ways(lab)) {
    agent.use(way);
    const auto first = co_await assign(agent, assignment(agent, "user_name", user), token);
    lab.verdict("HTTP-CLI-03", first, PrintsDone());
    lab.verdict("HTTP-CLI-04", first, PrintsDone());
    if (!lab.verdict("HTTP-CLI-01", first, PrintsDone())) co_return;
    for (const char* name : {"note", "device_username", "device_name"}) {
      const auto answer = co_await assign(agent, assignment(agent, name, "Zo\u00eb"), token);
      lab.verdict("HTTP-CLI-04", answer, PrintsDone());
    }
    const auto later =
        co_await assign(agent, of_tomorrow(assignment(agent, "note", "by script")), token);
    lab.verdict("HTTP-GEN-14", later, PrintsDone());
  }
}

// What was asked for is what people see then.
CASE(cli_shown, "api/device-cli/shown", checks("HTTP-CLI-01", "HTTP-CLI-04"),
     after("api/device-cli/assign"), takes(96s), does(Effect::restarts)) {
  lab.needs({"api.group.peers", "api.ab.shared.profiles", "api.ab.peers", "api.ab.tags"});
  co_await lab.own_server(with_names(lab));
  const std::string token = script_token(lab), user = account_of(lab, "user").user;
  ApiClient person(lab);
  for (const Way way : ways(lab)) {
    auto device = co_await lab.registered_device();
    ApiClient agent(lab, device);
    co_await upload(lab, agent);
    agent.use(way);
    auto whole = book_details(agent, "Support team");
    whole["user_name"] = account_of(lab, "other").user;
    whole["device_group_name"] = "Branch A";
    whole["device_name"] = "KIOSK-4";
    const auto answer = co_await assign(agent, whole, token);
    if (!lab.verdict("HTTP-CLI-01", answer, PrintsDone())) co_return;
    const auto list = co_await list_for(person, group_peers(), "user");
    lab.verdict("HTTP-CLI-04", list, HoldsItem("id", device.id()));
    const auto* shown = list.find("id", device.id());
    if (shown)
      lab.verdict("HTTP-CLI-04", member_of(*shown, "device_group_name"), IsTheText("Branch A"));
    auto book = co_await book_of_owner(lab, person, "Support team");
    const auto view = co_await book.pull();
    json::object peer;
    peer["alias"] = "Kiosk 4";
    peer["tags"] = json::array{"kiosk"};
    lab.verdict("HTTP-CLI-04", view, ShowsPeer(device.id(), peer));
    // A second time changes nothing more.
    const auto again = co_await assign(agent, whole, token);
    lab.verdict("HTTP-CLI-01", again, PrintsDone());
    const auto same = co_await book.pull();
    lab.verdict("HTTP-CLI-01", same, ShowsPeer(device.id(), peer));
    // The name of the book alone is enough.
    auto second = co_await lab.registered_device();
    ApiClient other(lab, second, way);
    const auto bare =
        co_await assign(other, assignment(other, "address_book_name", "Support team"), token);
    lab.verdict("HTTP-CLI-04", bare, PrintsDone());
    const auto both = co_await book.pull();
    lab.verdict("HTTP-CLI-04", both, ShowsPeer(second.id(), json::object()));
  }
}

// Whoever reads "Done!" believes it.
CASE(cli_refused, "api/device-cli/refused",
     checks("HTTP-CLI-02", "HTTP-CLI-03", "HTTP-GEN-07", "HTTP-GEN-17"),
     after("api/device-cli/assign"), takes(kAgentStory)) {
  const std::string token = script_token(lab), user = account_of(lab, "user").user;
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device);
  co_await upload(lab, agent);
  for (const Way way : ways(lab)) {
    agent.use(way);
    for (const char* name :
         {"user_name", "strategy_name", "address_book_name", "device_group_name"}) {
      const auto answer =
          co_await assign(agent, assignment(agent, name, "nobody-" + lab.fresh_id()), token);
      lab.verdict("HTTP-CLI-02", answer, PrintsSomething());
      lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
    }
    const auto body = assignment(agent, "user_name", user);
    for (const std::string& wrong : {std::string(), "wrong-" + lab.fresh_id()}) {
      const auto answer = co_await assign(agent, body, wrong);
      lab.verdict("HTTP-CLI-02", answer, PrintsSomething());
    }
    // Somebody's login is no licence to assign devices.
    const std::string login = co_await agent.sign_in("user");
    const auto as_user = co_await assign(agent, body, login);
    lab.verdict("HTTP-CLI-03", as_user, PrintsSomething());
    for (const char* text : {"", "{", "[]", "null", "{}", R"({"id":5,"uuid":7,"note":[]})",
                             R"({"id":"","uuid":"","note":"x"})",
                             "{\"id\":\"\xff\",\"uuid\":\"YQ==\",\"note\":\"\"}"}) {
      const auto answer = co_await agent.post_text("/api/devices/cli", text, token);
      lab.verdict("HTTP-CLI-02", answer, PrintsSomething());
      lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
    }
  }
  (void)co_await api_still_serves(lab, agent, "HTTP-GEN-17");
}

// Half of it would be worse than nothing: the script is run again, and finds it done.
CASE(cli_whole_or_not, "api/device-cli/whole-or-not", checks("HTTP-CLI-02"),
     after("api/device-cli/shown"), takes(kAgentStory), does(Effect::restarts)) {
  lab.needs({"api.group.peers"});
  co_await lab.own_server(with_names(lab));
  const std::string token = script_token(lab);
  ApiClient person(lab);
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device);
  co_await upload(lab, agent);
  for (const Way way : ways(lab)) {
    agent.use(way);
    for (const char* unknown : {"user_name", "strategy_name", "address_book_name"}) {
      auto body = assignment(agent, "device_group_name", "Branch A");
      body[unknown] = "nobody-" + lab.fresh_id();
      const auto answer = co_await assign(agent, body, token);
      lab.verdict("HTTP-CLI-02", answer, PrintsSomething());
      const auto list = co_await list_for(person, group_peers(), "user");
      lab.verdict("HTTP-CLI-02", list, LacksItem("id", device.id()));
    }
  }
}

// The installation has just ended, and the device has never been heard of.
CASE(cli_unknown, "api/device-cli/unknown-device", checks("HTTP-CLI-05"),
     after("api/device-cli/assign"), takes(kApiStory)) {
  lab.needs({"api.group.peers"});
  const std::string token = script_token(lab);
  for (const Way way : ways(lab)) {
    ApiClient agent(lab, way);
    const std::string user = account_of(lab, "user").user;
    const auto answer = co_await assign(agent, assignment(agent, "user_name", user), token);
    if (!lab.verdict("HTTP-CLI-05", answer, IsNoServerError())) co_return;
    if (!answer->body.empty()) continue;  // the error says so
    ApiClient person(lab);
    const auto list = co_await list_for(person, group_peers(), "user");
    lab.verdict("HTTP-CLI-05", list, HoldsItem("id", agent.id()));
  }
}

}  // namespace deskcheck::conformance
