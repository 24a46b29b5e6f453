#include "conformance/lab/traces.hpp"

#include "conformance/lab/api_matchers.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace deskcheck::conformance {

namespace json = boost::json;

namespace {

constexpr std::size_t kLongestBody = 64 << 10;  // bytes; longer ones are meant to be refused

// What was asked for, without what comes before and after it.
std::string_view route_of(std::string_view path) {
  const auto begin = path.find("/api/");
  if (begin == path.npos) return {};
  path.remove_prefix(begin);
  return path.substr(0, path.find('?'));
}

// A value of the query; empty if there is none.
std::string_view query_value(std::string_view path, std::string_view name) {
  const auto query = path.find('?');
  if (query == path.npos) return {};
  path.remove_prefix(query + 1);
  while (!path.empty()) {
    const auto one = path.substr(0, path.find('&'));
    if (one.starts_with(name) && one.substr(name.size()).starts_with('='))
      return one.substr(name.size() + 1);
    path.remove_prefix(std::min(path.size(), one.size() + 1));
  }
  return {};
}

json::value body_of(const HttpQuestion& question) {
  if (question.body.size() > kLongestBody) return nullptr;
  boost::system::error_code error;
  auto value = json::parse(question.body, error);
  return error ? json::value(nullptr) : value;
}

std::string text_in(const json::value& body, std::string_view member) {
  const auto* object = body.if_object();
  const auto* value = object ? object->if_contains(member) : nullptr;
  return value && value->is_string() ? std::string(value->get_string()) : "";
}

bool was_done(const HttpAnswer& answer) {
  if (answer.status < 200 || answer.status > 299) return false;
  const auto body = object_in(answer);
  return !body || !body->contains("error");
}

void create(Lab& lab, Thing thing, const std::string& name) {
  if (!name.empty()) lab.created(thing, name);
}

// The rest of a route, which is the guid of a book.
std::optional<std::string_view> book_in(std::string_view route, std::string_view action) {
  if (!route.starts_with(action)) return std::nullopt;
  return route.substr(action.size());
}

void count_peers(Lab& lab, const HttpQuestion& question, std::string_view route, bool sure) {
  const auto body = body_of(question);
  if (const auto book = book_in(route, "/api/ab/peer/add/")) {
    if (const auto id = text_in(body, "id"); !id.empty())
      lab.created(Thing::peer, entry_name(id, *book));
  } else if (route.starts_with("/api/ab/peer/update/")) {
    lab.changes("a peer is changed");
  } else if (const auto from = book_in(route, "/api/ab/peer/"); from && sure && body.is_array()) {
    for (const auto& id : body.get_array())
      if (id.is_string()) lab.removed(Thing::peer, entry_name(id.get_string(), *from));
  }
}

void count_tags(Lab& lab, const HttpQuestion& question, std::string_view route, bool sure) {
  const auto body = body_of(question);
  if (const auto book = book_in(route, "/api/ab/tag/add/")) {
    if (const auto name = text_in(body, "name"); !name.empty())
      lab.created(Thing::tag, entry_name(name, *book));
  } else if (const auto renamed = book_in(route, "/api/ab/tag/rename/")) {
    if (const auto name = text_in(body, "new"); !name.empty())
      lab.created(Thing::tag, entry_name(name, *renamed));
    if (sure) lab.removed(Thing::tag, entry_name(text_in(body, "old"), *renamed));
  } else if (route.starts_with("/api/ab/tag/update/")) {
    lab.changes("a tag is changed");
  } else if (const auto from = book_in(route, "/api/ab/tag/"); from && sure && body.is_array()) {
    for (const auto& name : body.get_array())
      if (name.is_string()) lab.removed(Thing::tag, entry_name(name.get_string(), *from));
  }
}

void count_recording(Lab& lab, const std::string& path, bool sure) {
  const std::string file(query_value(path, "file"));
  const auto type = query_value(path, "type");
  if (type == "new") create(lab, Thing::recording, file);
  if (type == "remove" && sure) lab.removed(Thing::recording, file);
}

// Somebody who signs in from an identity provider for the first time is a new user.
void count_newcomer(Lab& lab, const HttpAnswer& answer) {
  const auto body = object_in(answer);
  const auto* user = body ? body->if_contains("user") : nullptr;
  if (!body || !body->contains("access_token") || !user) return;
  const auto name = text_in(*user, "name");
  const bool lent = std::ranges::any_of(
      lab.target().accounts, [&](const auto& account) { return account.second.user == name; });
  if (!lent) create(lab, Thing::user, name);
}

// What a hook creates or removes, and which of its arguments names it.
struct Doing {
  std::string_view hook;
  Thing thing;
  std::string_view argument;
  bool removes = false;
};
constexpr std::array kDoings{Doing{"put-strategy", Thing::strategy, "strategy"},
                             Doing{"remove-strategy", Thing::strategy, "strategy", true},
                             Doing{"put-device-group", Thing::device_group, "group"},
                             Doing{"remove-device-group", Thing::device_group, "group", true},
                             Doing{"put-identity-provider", Thing::provider, "name"},
                             Doing{"remove-identity-provider", Thing::provider, "name", true},
                             Doing{"put-user", Thing::user, "user"},
                             Doing{"remove-user", Thing::user, "user", true},
                             Doing{"put-group", Thing::group, "group"},
                             Doing{"remove-group", Thing::group, "group", true},
                             Doing{"share-book", Thing::book, "book"},
                             Doing{"remove-book", Thing::book, "book", true}};

}  // namespace

std::optional<Removal> removal_of(Thing thing) {
  for (const auto& doing : kDoings)
    if (doing.removes && doing.thing == thing) return Removal{doing.hook, doing.argument};
  return std::nullopt;
}

std::string entry_name(std::string_view name, std::string_view book) {
  return std::string(name) + " in " + std::string(book);
}

void count_traces(Lab& lab, const HttpQuestion& question, const net::Result<HttpAnswer>& answer) {
  const auto route = route_of(question.path);
  if (route.empty() || (answer && !was_done(*answer))) return;
  const bool sure = answer.has_value();
  if (route == "/api/heartbeat" || route == "/api/sysinfo" || route == "/api/devices/deploy" ||
      route == "/api/devices/cli") {
    if (question.method == "POST") create(lab, Thing::device, text_in(body_of(question), "id"));
  } else if (route.starts_with("/api/audit")) {
    if (question.method == "POST") lab.created(Thing::audit, lab.named("audit"));
    if (question.method == "PUT") lab.changes("a record is changed");
  } else if (route == "/api/record") {
    count_recording(lab, question.path, sure);
  } else if (route.starts_with("/api/ab/peer/")) {
    count_peers(lab, question, route, sure);
  } else if (route.starts_with("/api/ab/tag/")) {
    count_tags(lab, question, route, sure);
  } else if (route == "/api/ab" && question.method == "POST") {
    lab.changes("a book is replaced");
  } else if (route == "/api/oidc/auth-query" && sure) {
    count_newcomer(lab, *answer);
  }
}

void count_traces(Lab& lab, const std::string& hook, const json::object& arguments) {
  if (!hook.starts_with("read-")) lab.changes("the hook '" + hook + "' runs");
  for (const auto& doing : kDoings) {
    const auto* name = doing.hook == hook ? arguments.if_contains(doing.argument) : nullptr;
    if (!name || !name->is_string()) continue;
    if (doing.removes)
      lab.removed(doing.thing, std::string(name->get_string()));
    else
      lab.created(doing.thing, std::string(name->get_string()));
  }
}

}  // namespace deskcheck::conformance
