// Which kind of address book the server has, and how many peers fit into one: what clients ask
// before anything else, and what decides whether they show a book at all.
#include "conformance/cases/api/general.hpp"
#include "conformance/lab/address_book.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

MATCHER(IsSafeInPath, "a text that needs no escaping in a URL") {
  if (!arg.is_string() || arg.get_string().empty()) return false;
  for (const unsigned char c : std::string_view(arg.get_string()))
    if (c <= ' ' || c >= 127 ||
        std::string_view("/?#%").find(static_cast<char>(c)) != std::string_view::npos)
      return false;
  return true;
}
// A server with such books tells which one is the user's, and one without tells none.
MATCHER(TellsNoEmptyGuid, "a guid that is not empty, or none") {
  const auto body = arg.arrived() ? object_in(*arg) : std::nullopt;
  return arg.arrived() && !(body && member_of(*body, "guid") == boost::json::value(""));
}
MATCHER(HasErrorInFailuresOnly, "no member error, or an error in words") {
  const auto body = arg.arrived() ? object_in(*arg) : std::nullopt;
  return arg.arrived() && (!body || !body->contains("error") || error_in(*arg).has_value());
}
MATCHER(IsMapOr404, "404, or HTTP 200 with a JSON object without error") {
  if (!arg.arrived()) return false;
  const auto body = object_in(*arg);
  return arg->status == 404 || (arg->status == 200 && body && !body->contains("error"));
}
MATCHER(IsCountOrAbsent, "a whole number from 0 on, null or absent") {
  return arg.is_null() || (arg.is_int64() && arg.get_int64() >= 0);
}

Task<Answer<HttpAnswer>> ask_settings(ApiClient& client, std::string token) {
  return client.call("POST", "/api/ab/settings", "", std::move(token));
}

}  // namespace

CASE(book_personal, "api/address-book/personal/guid",
     checks("HTTP-ABPERS-01", "HTTP-ABPERS-02", "HTTP-ABPERS-03", "HTTP-ABPERS-04", "HTTP-GEN-02",
            "HTTP-GEN-09"),
     after("api/login/right-password", "HTTP-LOGIN-02"), takes(kApiStory), alone(),
     does(Effect::reads)) {
  ApiClient client(lab);
  std::optional<std::string> first;
  for (const Way way : ways(lab)) {
    client.use(way);
    const std::string token = co_await client.sign_in("user");
    const auto answer = co_await ask_personal(client, token);
    lab.verdict("HTTP-ABPERS-04", answer, TakesEmptyBody());
    lab.verdict("HTTP-GEN-09", answer, TakesEmptyBody());
    lab.verdict("HTTP-GEN-02", answer, HasErrorInFailuresOnly());
    lab.verdict("HTTP-ABPERS-01", answer, TellsNoEmptyGuid());
    if (!lab.verdict("HTTP-ABPERS-03", answer, TellsTheKind())) co_return;
    const auto guid = co_await personal_guid(lab, client, token);
    if (!guid) lab.not_applicable("the target keeps one text per user");
    lab.verdict("HTTP-ABPERS-01", answer, HasMember("guid", IsText()));
    lab.verdict("HTTP-ABPERS-02", answer, HasMember("guid", IsSafeInPath()));
    if (!first) first = guid;
    lab.verdict("HTTP-ABPERS-02", *guid, testing::Eq(*first));
  }
}

// A server without such books says so in the one way that makes clients use the other kind.
CASE(book_personal_legacy, "api/address-book/personal/legacy-server", checks("HTTP-ABPERS-03"),
     after("api/login/right-password", "HTTP-LOGIN-02"), takes(kApiStory), alone(),
     does(Effect::restarts)) {
  ServerSetup setup;
  setup.legacy_books = true;
  co_await lab.own_server(setup);
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const std::string token = co_await client.sign_in("user");
    const auto answer = co_await ask_personal(client, token);
    lab.verdict("HTTP-ABPERS-03", answer, TellsTheKind());
    lab.verdict("HTTP-ABPERS-03", answer, IsNot(HasMember("guid", IsText())));
  }
}

// Each has a book of his own, from another computer as well.
CASE(book_personal_of_two, "api/address-book/personal/two-users",
     checks("HTTP-ABPERS-01", "HTTP-ABPERS-02"), after("api/address-book/personal/guid"),
     takes(kApiStory), alone()) {
  auto mine = co_await personal_book(lab, "user");
  auto again = co_await personal_book(lab, "user");
  auto theirs = co_await personal_book(lab, "other");
  const std::string guid = mine.guid(), second = again.guid(), other = theirs.guid();
  lab.verdict("HTTP-ABPERS-02", second, testing::Eq(guid));
  lab.verdict("HTTP-ABPERS-01", other, testing::Ne(guid));
}

CASE(book_personal_token, "api/address-book/personal/wrong-token", checks("HTTP-ABPERS-05"),
     after("api/address-book/personal/guid"), takes(kApiStory), alone(), does(Effect::reads)) {
  lab.needs({"api.auth.logout"});
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const std::string token = co_await client.sign_in("user");
    const auto right = co_await ask_personal(client, token);
    if (right && right->status == 404) lab.not_applicable("the target has legacy books only");
    const auto logout = co_await client.logout(token);
    lab.require("logging out", logout, IsNoServerError());
    for (const auto& gone : {token, "wrong-" + lab.fresh_id()}) {
      const auto answer = co_await ask_personal(client, gone);
      lab.verdict("HTTP-ABPERS-05", answer, Is401());
    }
    const std::string none;
    const auto answer = co_await ask_personal(client, none);
    lab.verdict("HTTP-ABPERS-05", answer, IsNot(HasStatus(404)));
    lab.verdict("HTTP-ABPERS-05", answer, IsNot(HasMember("guid", IsText())));
  }
}

CASE(book_settings, "api/address-book/settings/limit",
     checks("HTTP-ABSETTINGS-01", "HTTP-ABSETTINGS-03", "HTTP-GEN-09"),
     after("api/address-book/personal/guid"), takes(kApiStory), alone()) {
  auto book = co_await personal_book(lab, "user");
  for (const Way way : ways(lab)) {
    book.use(way);
    const auto answer = co_await ask_settings(book.client(), book.token());
    lab.verdict("HTTP-ABSETTINGS-03", answer, IsMapOr404());
    lab.verdict("HTTP-GEN-09", answer, TakesEmptyBody());
    if (answer && answer->status == 404) continue;
    lab.verdict("HTTP-ABSETTINGS-01", answer, AnswersMap());
    lab.verdict("HTTP-ABSETTINGS-01", answer, HasMember("max_peer_one_ab", IsCountOrAbsent()));
    const std::string wrong = "wrong-" + lab.fresh_id();
    const auto refused = co_await ask_settings(book.client(), wrong);
    lab.verdict("HTTP-ABSETTINGS-01", refused, IsNot(AnswersMap()));
  }
  const auto answer = co_await ask_settings(book.client(), book.token());
  if (answer && answer->status == 404)
    lab.not_applicable("no limit is told, which means that there is none");
}

// Clients look at the limit before they add a peer; one that does not is stopped by the server.
CASE(book_limited, "api/address-book/settings/limited",
     checks("HTTP-ABSETTINGS-01", "HTTP-ABSETTINGS-02", "HTTP-ABPADD-05"),
     after("api/address-book/peers/dialog", "HTTP-ABPADD-01"), takes(kApiStory), alone(),
     does(Effect::restarts)) {
  ServerSetup setup;
  setup.peers_per_book = 3;
  co_await lab.own_server(setup);
  auto book = co_await personal_book(lab, "user");
  const auto answer = co_await ask_settings(book.client(), book.token());
  lab.verdict("HTTP-ABSETTINGS-02", answer, IsNot(HasStatus(404)));
  lab.verdict("HTTP-ABSETTINGS-01", answer, HasMember("max_peer_one_ab", testing::Eq(3)));
  for (int i = 0; i < 3; ++i) {
    const auto added = co_await book.add(peer_of(lab.fresh_id()));
    lab.require("a peer within the limit", added, AnswersAction());
  }
  for (const Way way : ways(lab)) {
    book.use(way);
    const std::string id = lab.fresh_id();
    const auto refused = co_await book.add(peer_of(id));
    lab.verdict("HTTP-ABPADD-05", refused, IsApiError());
    const auto view = co_await book.pull();
    lab.verdict("HTTP-ABPADD-05", view, HidesPeer(id));
  }
}

}  // namespace deskcheck::conformance
