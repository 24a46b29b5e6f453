#include "cli/admin_actions.hpp"

#include "proto/net/http_client.hpp"

#include <CLI/CLI.hpp>

#include <charconv>
#include <cstdlib>

namespace deskcheck::cli {

namespace {

namespace json = boost::json;
using Argument = AdminArgument;
using Kind = AdminArgument::Kind;

constexpr const char* kMake = "Makes one, or changes what is named of one that is there";
constexpr Argument kName[] = {{"name", "name", Kind::text, "Its name", true}};
constexpr Argument kUser[] = {
    {"name", "name", Kind::text, "Who signs in with it", true},
    {"password", "--new-password-env", Kind::password,
     "Environment variable that holds the password; a new user needs one"},
    {"display_name", "--display-name", Kind::text, "A name for people"},
    {"email", "--email", Kind::text, "An e-mail address"},
    {"is_admin", "--admin", Kind::flag, "Is an administrator: true or false"},
    {"disabled", "--disabled", Kind::flag, "May not sign in: true or false"},
    {"email_code", "--email-code", Kind::flag, "Needs a code from an e-mail: true or false"}};
constexpr Argument kToken[] = {{"token", "--token-env", Kind::password,
                                "Environment variable that holds the token of the login", true}};
constexpr Argument kTotp[] = {{"name", "name", Kind::text, "The user", true},
                              {"remove", "--remove", Kind::given, "Takes the second factor away"}};
constexpr Argument kLink[] = {
    {"name", "name", Kind::text, "The user", true},
    {"provider", "--provider", Kind::text, "An identity provider", true},
    {"subject", "--subject", Kind::text, "What the provider calls the user: sub", true}};
constexpr Argument kProvider[] = {
    {"name", "name", Kind::text, "Its name, which clients show", true},
    {"issuer", "--issuer", Kind::text, "Its URL; a new one needs it"},
    {"client_id", "--client-id", Kind::text, "The name of the server there; a new one needs it"},
    {"client_secret", "--client-secret-env", Kind::password,
     "Environment variable that holds the secret of the server there"},
    {"icon", "--icon", Kind::text, "SVG markup, which clients show"},
    {"scopes", "--scopes", Kind::text, "What is asked for; default: openid profile email"},
    {"makes_accounts", "--makes-accounts", Kind::flag,
     "Whoever comes for the first time gets an account: true or false"}};
constexpr Argument kGroup[] = {
    {"name", "name", Kind::text, "Its name", true},
    {"devices", "--devices", Kind::names, "Ids, joined by commas: these and no others"},
    {"members", "--members", Kind::names, "Users, joined by commas: these and no others"}};
constexpr Argument kBook[] = {
    {"name", "name", Kind::text, "Its name", true},
    {"owner", "--owner", Kind::text, "A user", true},
    {"note", "--note", Kind::text, "A text for people"},
    {"password", "--peer-password-env", Kind::password,
     "Environment variable that holds the password proposed for the devices in it"},
    {"rules", "--rules", Kind::rules, "USER=1 reads, 2 writes, 3 controls; joined by commas"}};
constexpr Argument kBookRemoved[] = {{"name", "name", Kind::text, "Its name", true},
                                     {"owner", "--owner", Kind::text, "Only if it is his"}};
constexpr Argument kShare[] = {
    {"name", "name", Kind::text, "Its name; one that is not there is made, and yours", true},
    {"user", "--with", Kind::text, "A user", true},
    {"rule", "--rule", Kind::number, "1 reads, 2 writes, 3 controls; 0 takes it away", true}};
constexpr Argument kDeviceFilter[] = {{"id", "--id", Kind::text, "Only this one"},
                                      {"after", "--after", Kind::text, "Those after this id"}};
constexpr Argument kDevice[] = {
    {"id", "id", Kind::text, "Its id", true},
    {"user", "--user", Kind::text, "Whose it is; '' takes it away"},
    {"device_group", "--group", Kind::text, "In which group it is; '' in none"},
    {"note", "--note", Kind::text, "A text for people"}};
constexpr Argument kDisconnect[] = {
    {"id", "id", Kind::text, "Its id", true},
    {"connections", "--connections", Kind::numbers, "Only these, joined by commas"}};
constexpr Argument kSysinfo[] = {{"id", "id", Kind::text, "Only this one; default: all"}};
constexpr Argument kStrategy[] = {
    {"name", "name", Kind::text, "Its name", true},
    {"config_options", "--option", Kind::pairs, "KEY=VALUE, as often as there are options", true},
    {"extra", "--extra", Kind::pairs, "KEY=VALUE; clients of today ignore them"}};
constexpr Argument kAssigned[] = {
    {"strategy", "strategy", Kind::text, "Its name; '' takes it away", true},
    {"device", "--device", Kind::text, "For one device, by its id"},
    {"device_group", "--group", Kind::text, "For a group of devices"},
    {"user", "--user", Kind::text, "For the devices of a user"}};
constexpr Argument kOfDevice[] = {{"device", "--device", Kind::text, "Only of this one"}};
constexpr Argument kFile[] = {{"file", "file", Kind::text, "Its name", true}};
constexpr Argument kFileRead[] = {{"file", "file", Kind::segment, "Its name", true}};

constexpr const char* kUserColumns[] = {"name",     "display_name", "email", "is_admin",
                                        "disabled", "email_code",   "totp",  "identities"};
constexpr const char* kProviderColumns[] = {"name", "issuer", "client_id", "scopes",
                                            "makes_accounts"};
constexpr const char* kGroupColumns[] = {"name", "devices", "members"};
constexpr const char* kBookColumns[] = {"name", "owner", "note", "rules", "guid"};
constexpr const char* kDeviceColumns[] = {"id",           "online",   "address",     "user",
                                          "device_group", "strategy", "connections", "note"};
constexpr const char* kStrategyColumns[] = {"name", "config_options", "devices", "device_groups",
                                            "users"};
constexpr const char* kConnColumns[] = {"started", "ended",     "device", "conn_id", "type",
                                        "peer_id", "peer_name", "ip",     "note"};
constexpr const char* kFileColumns[] = {"at", "device", "peer_id", "type", "path", "info"};
constexpr const char* kAlarmColumns[] = {"at", "device", "kind", "info"};
constexpr const char* kRecordingColumns[] = {"file", "size", "complete", "changed"};
constexpr const char* kTokenColumns[] = {"name", "issued"};

constexpr AdminAction kActions[] = {
    {"users", "list", "Lists them", "GET", "users", {}, "users", kUserColumns},
    {"users", "set", kMake, "POST", "users", kUser},
    {"users", "remove", "Removes one, with all that is his", "POST", "users/remove", kName},
    {"users", "sign-out", "Ends all of his logins", "POST", "users/sign-out", kName},
    {"users", "expire-token", "Ends one login", "POST", "users/expire-token", kToken},
    {"users", "totp", "Enrols a second factor, and shows its secret", "POST", "users/totp", kTotp},
    {"users", "link", "Has a provider vouch for one", "POST", "users/link", kLink},
    {"providers",
     "list",
     "Lists them",
     "GET",
     "identity-providers",
     {},
     "identity_providers",
     kProviderColumns},
    {"providers", "set", kMake, "POST", "identity-providers", kProvider},
    {"providers", "remove", "Removes one; accounts stay", "POST", "identity-providers/remove",
     kName},
    {"groups", "list", "Lists them", "GET", "device-groups", {}, "device_groups", kGroupColumns},
    {"groups", "set", kMake, "POST", "device-groups", kGroup},
    {"groups", "remove", "Removes one; its devices stay", "POST", "device-groups/remove", kName},
    {"books", "list", "Lists the shared ones", "GET", "books", {}, "books", kBookColumns},
    {"books", "set", kMake, "POST", "books", kBook},
    {"books", "share", "Says what one user may do in one", "POST", "books/share", kShare},
    {"books", "remove", "Removes one, with its peers", "POST", "books/remove", kBookRemoved},
    {"devices", "list", "Lists them", "GET", "devices", kDeviceFilter, "devices", kDeviceColumns},
    {"devices", "set", "Says whose it is, where and what for", "POST", "devices", kDevice},
    {"devices", "disconnect", "Ends connections to it", "POST", "devices/disconnect", kDisconnect},
    {"devices", "sysinfo", "Has it upload its sysinfo again", "POST", "devices/sysinfo", kSysinfo},
    {"strategies", "list", "Lists them", "GET", "strategies", {}, "strategies", kStrategyColumns},
    {"strategies", "set", "Makes one, or replaces its options", "POST", "strategies", kStrategy},
    {"strategies", "remove", "Removes one: its options are reset", "POST", "strategies/remove",
     kName},
    {"strategies", "assign", "Gives it to one of three", "POST", "strategies/assign", kAssigned},
    {"audits", "connections", "Who was connected, the newest first", "GET", "audits/connections",
     kOfDevice, "audits", kConnColumns},
    {"audits", "files", "Transfers of files, the newest first", "GET", "audits/files", kOfDevice,
     "audits", kFileColumns},
    {"audits", "alarms", "Alarms, the newest first", "GET", "audits/alarms", kOfDevice, "audits",
     kAlarmColumns},
    {"recordings", "list", "Lists them", "GET", "recordings", {}, "recordings", kRecordingColumns},
    {"recordings", "get", "Writes one to --output", "GET", "recordings/", kFileRead},
    {"recordings", "remove", "Removes one", "POST", "recordings/remove", kFile},
    {"tokens",
     "list",
     "Lists those of scripts",
     "GET",
     "script-tokens",
     {},
     "script_tokens",
     kTokenColumns},
    {"tokens", "add", "Makes one, and shows it once", "POST", "script-tokens", kName},
    {"tokens", "remove", "Removes one", "POST", "script-tokens/remove", kName},
};

void add_argument(CLI::App& app, const Argument& argument, AdminCommand& command) {
  auto& values = command.values[argument.member];
  if (argument.kind == Kind::given) {
    app.add_flag_callback(argument.spelling, [&values] { values = {"true"}; }, argument.help);
    return;
  }
  auto* option = app.add_option(argument.spelling, values, argument.help);
  option->allow_extra_args(false)->expected(1);
  if (argument.kind == Kind::pairs) option->take_all();
  if (argument.required) option->required();
}

const char* words_of(std::string_view group) {
  if (group == "users") return "Who may sign in";
  if (group == "providers") return "Identity providers, through which users sign in";
  if (group == "groups") return "Groups of devices";
  if (group == "books") return "Address books that users share";
  if (group == "devices") return "Devices";
  if (group == "strategies") return "Options that are set on devices";
  if (group == "audits") return "What devices have reported of sessions";
  if (group == "recordings") return "Recordings of sessions";
  return "Tokens with which scripts assign and deploy devices";
}

[[noreturn]] void refuse(const Argument& argument, const std::string& value,
                         const std::string& words) {
  throw UsageError(std::string(argument.spelling) + " '" + value + "' " + words);
}

// What is between commas; nothing is no element.
std::vector<std::string> elements_of(const std::string& text) {
  std::vector<std::string> elements;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    if (end > at) elements.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return elements;
}

std::int64_t number_of(const Argument& argument, const std::string& text) {
  std::int32_t number = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end)
    refuse(argument, text,
           argument.kind == Kind::number ? "is no number" : "is no number; write them as 7,8");
  return number;
}

std::pair<std::string, std::string> pair_of(const Argument& argument, const std::string& text) {
  const auto equals = text.find('=');
  if (equals == text.npos || equals == 0) refuse(argument, text, "has no '='; write KEY=VALUE");
  return {text.substr(0, equals), text.substr(equals + 1)};
}

std::string password_in(const Argument& argument, const std::string& variable) {
  const char* password = std::getenv(variable.c_str());
  if (!password || *password == '\0')
    refuse(argument, variable, "is an environment variable that holds no password; set it");
  return password;
}

json::value value_of(const Argument& argument, const std::vector<std::string>& values) {
  const auto& value = values.back();
  switch (argument.kind) {
    case Kind::flag:
      if (value != "true" && value != "false") refuse(argument, value, "has to be true or false");
      return value == "true";
    case Kind::given:
      return true;
    case Kind::names:
      return json::value_from(elements_of(value));
    case Kind::number:
      return number_of(argument, value);
    case Kind::numbers: {
      json::array list;
      for (const auto& one : elements_of(value)) list.emplace_back(number_of(argument, one));
      return list;
    }
    case Kind::pairs: {
      json::object object;
      for (const auto& one : values)
        object[pair_of(argument, one).first] = pair_of(argument, one).second;
      return object;
    }
    case Kind::rules: {
      json::object object;
      for (const auto& one : elements_of(value)) {
        const auto [user, rule] = pair_of(argument, one);
        object[user] = number_of(argument, rule);
      }
      return object;
    }
    case Kind::password:
      return json::value(password_in(argument, value));
    case Kind::text:
    case Kind::segment:
      break;
  }
  return json::value(value);
}

const std::vector<std::string>* given(const AdminCommand& command, const Argument& argument) {
  const auto found = command.values.find(argument.member);
  return found == command.values.end() || found->second.empty() ? nullptr : &found->second;
}

}  // namespace

void add_admin(CLI::App& app, AdminCommand& command) {
  app.footer(R"--(
The password of --user is read from the environment. What goes wrong is one line on standard error:
2 for what cannot be meant, 3 if no server answers, 1 for what the server refuses.

Examples:
  export DESKCHECK_ADMIN_PASSWORD=...
  deskcheck admin --user root users list
  deskcheck admin --user root strategies set silent --option enable-audio=N
  deskcheck admin --user root strategies assign silent --group 'Branch A'
  deskcheck admin --user root devices disconnect 123456789)--");
  app.add_option("--api", command.api, "URL of the HTTP API, or https://HOST:PORT")
      ->capture_default_str();
  app.add_option("--ca", command.ca_file,
                 "Certificates (PEM) that are trusted for https besides the system's own");
  app.add_option("--user", command.user, "An administrator of the server")->required();
  app.add_option("--password-env", command.password_env,
                 "Environment variable that holds his password")
      ->capture_default_str();
  app.add_flag("--json", command.json, "Prints what the server answers, as it is");
  app.require_subcommand(1);
  CLI::App* group = nullptr;
  for (const auto& action : kActions) {
    if (!group || group->get_name() != action.group) {
      group = app.add_subcommand(action.group, words_of(action.group));
      group->require_subcommand(1)->fallthrough();
    }
    auto* verb = group->add_subcommand(action.verb, action.help);
    verb->fallthrough();
    for (const auto& argument : action.arguments) add_argument(*verb, argument, command);
    if (std::string_view(action.route) == "recordings/")
      verb->add_option("--output", command.output_file, "The file that is written")->required();
  }
}

void take_given(const CLI::App& app, AdminCommand& command) {
  for (const auto& action : kActions)
    if (app.got_subcommand(action.group) &&
        app.get_subcommand(action.group)->got_subcommand(action.verb))
      command.action = &action;
}

std::string target_of(const AdminCommand& command) {
  const auto& action = *command.action;
  std::string target = "/api/admin/" + std::string(action.route);
  char before = '?';
  for (const auto& argument : action.arguments) {
    const auto* values = given(command, argument);
    if (!values || std::string_view(action.method) != "GET") continue;
    if (argument.kind == Kind::segment) {
      target += net::percent_encoded(values->back());
      continue;
    }
    target += before + std::string(argument.member) + '=' + net::percent_encoded(values->back());
    before = '&';
  }
  return target;
}

json::object body_of(const AdminCommand& command) {
  json::object body;
  for (const auto& argument : command.action->arguments)
    if (const auto* values = given(command, argument))
      body[argument.member] = value_of(argument, *values);
  return body;
}

}  // namespace deskcheck::cli
