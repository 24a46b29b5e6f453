// The HTTP API: which of its routes answer. With an account it signs in, reads what that may read,
// and signs out.
#include "client-sim/account/answer_classes.hpp"
#include "conformance/probe/desk.hpp"
#include "conformance/probe/routes.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <cstdlib>

namespace deskcheck::probe {

namespace {

namespace json = boost::json;

constexpr char kNeedsAccount[] = "it shows when somebody signs in: --user";
constexpr char kLogin[] = "api.auth.login";
constexpr char kPayload[] = "api.auth.user-payload";
constexpr char kPersonal[] = "api.ab.personal";
constexpr char kDownloadHead[] = "api.download.head";
constexpr char kDownloadGet[] = "api.download.get";

std::string text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::optional<json::object> object_of(const sim::HttpAnswer& answer) {
  auto value = sim::parse_json(answer.body);
  if (!value || !value->is_object()) return std::nullopt;
  return value->get_object();
}

std::string uuid_of(const Tour& tour) { return wire::to_base64(tour.patient.identity.uuid); }

// What clients need of it: a name, and the object `info`.
void judge_payload(Tour& tour, const json::object& answer) {
  const auto* user = answer.if_contains("user");
  const bool known = user && user->is_object();
  const auto* info = known ? user->get_object().if_contains("info") : nullptr;
  if (known && info && info->is_object() && !text_of(user->get_object(), "name").empty())
    tour.present(kPayload, "login answered a user with name and info");
  else
    tour.absent(kPayload, "login answered no user with name and info");
}

std::string login_body(const Tour& tour) {
  const auto& account = tour.patient.account;
  json::object body{{"username", account.user},
                    {"password", account.password},
                    {"id", tour.patient.identity.id},
                    {"uuid", uuid_of(tour)},
                    {"autoLogin", true},
                    {"type", "account"}};
  body["deviceInfo"] = {{"os", "linux"}, {"type", "client"}, {"name", "deskcheck probe"}};
  return json::serialize(body);
}

// Without an account nobody is named, so nobody is locked out.
Task<void> try_login(Tour& tour, Desk& desk) {
  const bool account = !tour.patient.account.user.empty();
  const auto body = account ? login_body(tour) : std::string("{}");
  auto question = desk.question("POST", "/api/login", body.c_str(), false);
  auto other = beside("/api/login");
  auto said = co_await desk.ask(std::move(question), std::move(other));
  tour.unknown(kPayload, kNeedsAccount);
  const auto answer = object_of(said.answer);
  if (account && said.kind == Kind::api && answer) {
    desk.token = text_of(*answer, "access_token");
    if (!desk.token.empty()) {
      tour.present(kLogin, "the account signs in");
      co_return judge_payload(tour, *answer);
    }
  }
  if (account && said.is_there()) {
    // A challenge carries part of the answer, a refusal its reason: neither is evidence for others.
    tour.findings.login_refused = answer && !text_of(*answer, "error").empty()
                                      ? desk.in_words(text_of(*answer, "error"))
                                      : "a second factor is asked for";
    tour.unknown(kPayload, "the account could not sign in: " + tour.findings.login_refused);
    co_return tour.present(kLogin,
                           fmt::format("POST /api/login was answered {}", said.answer.status));
  }
  judge(tour, kLogin, said);
}

Task<void> try_logout(Desk& desk, const Tour& tour) {
  if (desk.token.empty()) co_return;
  const auto body =
      json::serialize(json::object{{"id", tour.patient.identity.id}, {"uuid", uuid_of(tour)}});
  auto question = desk.question("POST", "/api/logout", body.c_str(), true);
  (void)co_await desk.ask_plainly(std::move(question));
}

// Of the device that is registered anyway; whoever keeps it, keeps what he has.
Task<void> try_heartbeat(Tour& tour, Desk& desk) {
  const auto body = json::serialize(json::object{{"id", tour.patient.identity.id},
                                                 {"uuid", uuid_of(tour)},
                                                 {"ver", 1004090},
                                                 {"modified_at", 0}});
  auto question = desk.question("POST", "/api/heartbeat", body.c_str(), false);
  auto other = beside("/api/heartbeat");
  const auto said = co_await desk.ask(std::move(question), std::move(other));
  judge(tour, "api.device.heartbeat", said);
}

Task<void> try_head(Tour& tour, Desk& desk) {
  auto question = desk.question("HEAD", "/api/login-options", nullptr, false);
  const auto said = co_await desk.ask_plainly(std::move(question));
  constexpr char kName[] = "api.probe.login-options";
  if (said.kind == Kind::silence || said.kind == Kind::closed || said.kind == Kind::gone)
    judge(tour, kName, said);
  else
    tour.present(kName, said.why + ": any status will do");
}

std::string with_guid(std::string text, const std::string& guid) {
  const auto place = text.find("{}");
  if (place != std::string::npos) text.replace(place, 2, guid);
  return text;
}

void take_book(Desk& desk, const sim::HttpAnswer& answer) {
  const auto object = object_of(answer);
  const auto guid = object ? net::percent_encoded(text_of(*object, "guid")) : std::string();
  if (guid.empty()) return;
  desk.guid = guid;
  desk.has_book = true;
}

// Whoever asks a question as clients do wants no error for an answer; a sign-in that nobody has
// begun is one.
bool refuses(const Route& route, const Said& said) {
  if (route.care != Route::Care::reads) return false;
  const auto object = object_of(said.answer);
  const bool error = object && object->contains("error");
  return said.answer.status >= 400 || (error && !route.error_is_right);
}

// Routes of the address book want the guid of a book, which its owner is told first.
Task<void> try_routes(Tour& tour, Desk& desk) {
  for (const auto& route : routes()) {
    const bool of_book = std::string_view(route.path).find("{}") != std::string_view::npos;
    // With a token, a book that does not exist would be answered 404, too.
    const bool with_token = route.care == Route::Care::reads && !(of_book && !desk.has_book);
    auto question =
        desk.question(route.method, with_guid(route.path, desk.guid), route.body, with_token);
    auto other = with_guid(beside(route.path), desk.guid);
    const auto said = co_await desk.ask(std::move(question), std::move(other));
    judge(tour, route.capability, said, !refuses(route, said));
    if (route.capability == std::string_view(kPersonal) && said.kind == Kind::api)
      take_book(desk, said.answer);
  }
}

// 2xx is the file; who wants to know who asks has none for everybody, since clients do not say it.
void judge_download(Tour& tour, const std::string& capability, const Said& said) {
  if (said.kind == Kind::login || (said.kind == Kind::api && said.answer.status >= 400))
    return tour.absent(capability, said.why);
  judge(tour, capability, said);
}

// One that is larger than this would be a load.
bool is_short(const sim::HttpAnswer& head) {
  const auto size = head.header("content-length");
  return std::strtoull(size.c_str(), nullptr, 10) <= sim::kLongestApiAnswer;
}

// As clients get a file: HEAD says how large it is, GET brings it.
Task<void> try_download(Tour& tour, Desk& desk) {
  const auto& path = tour.patient.profile.download;
  if (path.empty()) {
    for (const auto* name : {kDownloadHead, kDownloadGet})
      tour.unknown(name, "it shows with the path of a file that everybody may get: --download");
    co_return;
  }
  auto other = beside(path);
  auto question = desk.question("HEAD", path, nullptr, false);
  auto beside_head = other;
  const auto head = co_await desk.ask(std::move(question), std::move(beside_head));
  judge_download(tour, kDownloadHead, head);
  if (head.kind == Kind::api && !is_short(head.answer))
    co_return tour.unknown(kDownloadGet, head.why + ", and is too large to be fetched for this");
  question = desk.question("GET", path, nullptr, false);
  const auto file = co_await desk.ask(std::move(question), std::move(other));
  judge_download(tour, kDownloadGet, file);
}

void say_of_all(Tour& tour, Answer answer, bool sure, const std::string& why) {
  for (const auto& [name, finding] : tour.findings.capabilities)
    if (name.starts_with("api.")) tour.say(name, answer, sure, why);
}

// Whether there is anything to ask at all. True: somebody answers HTTP.
Task<bool> somebody_answers(Tour& tour, Desk& desk, const std::string& url) {
  auto question = desk.question("GET", beside("/api/nothing"), nullptr, false);
  const auto said = co_await desk.ask_plainly(std::move(question));
  if (said.kind != Kind::silence && said.kind != Kind::closed) co_return true;
  const bool given = !tour.patient.profile.api.empty();
  const auto why = given ? fmt::format("{} does not answer: {}", url, said.why)
                         : fmt::format("none at {}; --api names another place", url);
  say_of_all(tour, given ? Answer::unknown : Answer::absent, false, why);
  co_return false;
}

// Every answer of a route is one of the API in general.
void judge_general(Tour& tour, const std::string& url) {
  const Finding* first = nullptr;
  for (const auto& [name, finding] : tour.findings.capabilities)
    if (name.starts_with("api.") && name != "api.general" && name != "api.probe.login-options" &&
        finding.answer == Answer::present && (!first || (finding.sure && !first->sure)))
      first = &finding;
  if (!first) {
    const auto why = fmt::format("{} answers, and has no route of the API", url);
    tour.absent("api.general", why);
    return tour.absent("api.probe.login-options", why);
  }
  tour.findings.api = url;
  tour.present("api.general", first->why, first->sure);
}

}  // namespace

Task<void> see_api(Tour& tour) {
  const auto url = doctor::api_url(tour);
  auto access = co_await doctor::api_access(tour);
  if (!access)
    co_return say_of_all(tour, Answer::unknown, false,
                         fmt::format("the host in {} has no address", url));
  Desk desk(tour, std::move(*access));
  const bool somebody = co_await somebody_answers(tour, desk, url);
  if (!somebody) co_return;
  co_await try_login(tour, desk);
  co_await try_routes(tour, desk);
  co_await try_heartbeat(tour, desk);
  co_await try_head(tour, desk);
  co_await try_download(tour, desk);
  co_await try_logout(desk, tour);
  judge_general(tour, url);
}

}  // namespace deskcheck::probe
