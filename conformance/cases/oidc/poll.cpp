// The polls of a client while its user is in the browser, and the one that ends them.
// client:src/hbbs_http/account.rs:285-348
#include "conformance/cases/api/general.hpp"
#include "conformance/cases/oidc/offered.hpp"

#include <algorithm>

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

// What a client waits in all, less what a last poll takes.
constexpr net::Duration kOidcAttempt = 178s;

// The client asks for an attempt that it has begun, whoever the provider is; an attempt with a
// provider that the target does not reach is none.
Task<std::optional<OidcStart>> begin_with(Lab& lab, ApiClient client, const Offered& offered) {
  const auto answer =
      co_await oidc_auth(client, oidc_auth_body(lab, client, offered.names.front()));
  if (answer.arrived() && start_in(*answer)) co_return start_in(*answer);
  if (offered.ours) lab.require("the begin of a sign-in at a provider", answer, BeginsSignIn());
  lab.environment("the target does not begin a sign-in at " + offered.names.front() +
                  ", a provider that it may not reach");
}

// The same text with every character escaped, which a query value may be.
std::string all_escaped(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string escaped;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    escaped += {'%', kHex[byte >> 4], kHex[byte & 15]};
  }
  return escaped;
}

// One poll with the code as it is written there.
Task<Answer<HttpAnswer>> query_written(ApiClient client, std::string code) {
  HttpQuestion question("GET", "/api/oidc/auth-query?code=" + code +
                                   "&id=" + all_escaped(client.id()) +
                                   "&uuid=" + all_escaped(client.uuid()));
  co_return co_await client.ask(question);
}

// RFC 3986, 3.4; a percent sign would begin an escape.
MATCHER(MayStandInAQuery, "only characters that a query may have as they are") {
  constexpr std::string_view kOthers = "-._~!$&'()*+,;=:@/?";
  return std::ranges::all_of(arg, [kOthers](char c) {
    const bool alphanumeric =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    return alphanumeric || kOthers.find(c) != std::string_view::npos;
  });
}
MATCHER(IsStatusText, "-1, 0 or 1, or absent") {
  return arg.is_null() || (arg.is_int64() && arg.get_int64() >= -1 && arg.get_int64() <= 1);
}
MATCHER(IsFlagOrAbsent, "true, false or absent") { return arg.is_null() || arg.is_bool(); }
// null is not absent here.
MATCHER_P(HasTextOrLacks, name, "a text " + std::string(name) + ", or none at all") {
  const auto body = arg.arrived() ? object_in(*arg) : std::nullopt;
  if (!body) return false;
  const auto* value = body->if_contains(name);
  return !value || value->is_string();
}
MATCHER_P(UserHasNoNull, name, "no null for user." + std::string(name)) {
  const auto body = arg.arrived() ? object_in(*arg) : std::nullopt;
  const auto user = body ? member_of(*body, "user") : json::value();
  if (!user.is_object()) return false;
  const auto* value = user.get_object().if_contains(name);
  return !value || !value->is_null();
}

}  // namespace

CASE(oidc_pending, "oidc/poll/pending", checks("HTTP-OQRY-01", "HTTP-OQRY-07", "HTTP-OQRY-09"),
     after("oidc/begin/answer"), takes(kApiStory)) {
  const Offered offered = co_await offered_providers(lab);
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const auto start = *co_await begin_with(lab, client, offered);
    for (int poll = 0; poll < 5; ++poll) {
      if (poll > 0) co_await lab.wait(1s);
      const auto answer = co_await oidc_query(client, start.code);
      lab.verdict("HTTP-OQRY-09", answer, IsNoServerError());
      lab.verdict("HTTP-OQRY-07", answer, IsServedWithoutToken());
      lab.verdict("HTTP-OQRY-07", answer, IsPending());
      if (!lab.verdict("HTTP-OQRY-01", answer, IsPending())) break;
    }
  }
}

// Each attempt has a code of its own, which may be escaped in any way, or not at all.
CASE(oidc_codes, "oidc/poll/codes", checks("HTTP-OAUTH-03"), after("oidc/poll/pending"),
     takes(kApiStory)) {
  const Offered offered = co_await offered_providers(lab);
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const auto first = *co_await begin_with(lab, client, offered);
    const auto second = *co_await begin_with(lab, client.neighbour(), offered);
    lab.verdict("HTTP-OAUTH-03", second.code, testing::Ne(first.code));
    const auto escaped = co_await query_written(client, all_escaped(first.code));
    lab.verdict("HTTP-OAUTH-03", escaped, IsPending());
    if (!lab.verdict("HTTP-OAUTH-03", first.code, MayStandInAQuery())) continue;
    co_await lab.wait(1s);
    const auto unescaped = co_await query_written(client, first.code);
    lab.verdict("HTTP-OAUTH-03", unescaped, IsPending());
  }
}

CASE(oidc_success, "oidc/poll/success",
     checks("HTTP-OQRY-03", "HTTP-OQRY-04", "HTTP-OQRY-05", "HTTP-OQRY-06", "HTTP-OQRY-08",
            "HTTP-GEN-01"),
     after("oidc/poll/pending"), takes(kApiStory)) {
  const auto provider = co_await LabProvider::registered(lab);
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const auto answer = co_await whole_sign_in(lab, client, provider);
    lab.verdict("HTTP-OQRY-04", answer, HasTextOrLacks("tfa_type"));
    lab.verdict("HTTP-OQRY-04", answer, HasTextOrLacks("secret"));
    lab.verdict("HTTP-OQRY-05", answer, HasMember("user.status", IsStatusText()));
    lab.verdict("HTTP-OQRY-05", answer, UserHasNoNull("status"));
    lab.verdict("HTTP-OQRY-05", answer, HasMember("user.is_admin", IsFlagOrAbsent()));
    lab.verdict("HTTP-OQRY-05", answer, UserHasNoNull("is_admin"));
    lab.verdict("HTTP-OQRY-06", answer, HasMember("access_token", IsText()));
    lab.verdict("HTTP-OQRY-08", answer, HasMember("type", IsTheText("access_token")));
    lab.verdict("HTTP-GEN-01", answer, IsReadAsUtf8());
    lab.verdict("HTTP-OQRY-03", answer, HasMember("access_token", IsText()));
    lab.verdict("HTTP-OQRY-03", answer, HasMember("user.name", IsText()));
    lab.verdict("HTTP-OQRY-03", answer, HasMember("user.info", IsObject()));
    if (!lab.verdict("HTTP-OQRY-03", answer, IsSignedIn())) co_return;
  }
}

// It is the token of any login: good until the user logs out, and everybody has his own.
CASE(oidc_token, "oidc/poll/token", checks("HTTP-OQRY-03", "HTTP-CURUSER-01", "HTTP-LOGOUT-01"),
     after("oidc/poll/success", "HTTP-OQRY-03"), takes(kApiStory)) {
  lab.needs({"api.auth.current-user"});
  const auto provider = co_await LabProvider::registered(lab);
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const auto answer = co_await whole_sign_in(lab, client, provider);
    lab.require("a sign-in", answer, IsSignedIn());
    const std::string token = token_in(*answer);
    const auto name = object_in(*answer)->at("user").at("name").as_string();
    const auto user = co_await client.current_user(token);
    lab.verdict("HTTP-CURUSER-01", user, HasMember("name", IsTheText(std::string(name))));
    const auto again = co_await whole_sign_in(lab, client.neighbour(), provider);
    lab.verdict("HTTP-OQRY-03", again, HasMember("user.name", IsTheText(std::string(name))));
    const auto second = again.arrived() ? token_in(*again) : std::string();
    const auto logout = co_await client.logout(token);
    logout.ignore();
    const auto after_logout = co_await client.current_user(token);
    lab.verdict("HTTP-LOGOUT-01", after_logout, Is401());
    const auto other = co_await client.neighbour().current_user(second);
    lab.verdict("HTTP-LOGOUT-01", other, HasMember("name", IsTheText(std::string(name))));
  }
}

// Two people at one provider are two accounts, also where the one came first.
CASE(oidc_two_people, "oidc/poll/two-people", checks("HTTP-OQRY-03"),
     after("oidc/poll/success", "HTTP-OQRY-03"), takes(kApiStory)) {
  lab.needs({"api.auth.current-user"});
  auto provider = co_await LabProvider::registered(lab);
  ApiClient client(lab);
  const auto first = co_await whole_sign_in(lab, client, provider);
  lab.require("a sign-in", first, IsSignedIn());
  provider->sign_in(fresh_person(lab));
  const auto second = co_await whole_sign_in(lab, client.neighbour(), provider);
  lab.require("a sign-in", second, IsSignedIn());
  const auto user = co_await client.current_user(token_in(*second));
  const auto name = object_in(*second)->at("user").at("name").as_string();
  const auto other = object_in(*first)->at("user").at("name").as_string();
  lab.verdict("HTTP-OQRY-03", user, HasMember("name", IsTheText(std::string(name))));
  lab.verdict("HTTP-OQRY-03", std::string(name), testing::Ne(std::string(other)));
}

// A provider that changes its keys, and one that takes its time. Meanwhile the client polls on.
CASE(oidc_new_keys, "oidc/poll/new-keys", checks("HTTP-OQRY-03"),
     after("oidc/poll/success", "HTTP-OQRY-03"), takes(kApiStory)) {
  auto provider = co_await LabProvider::registered(lab);
  ApiClient client(lab);
  const auto before = co_await whole_sign_in(lab, client, provider);
  lab.require("a sign-in", before, IsSignedIn());
  provider->rotate_keys();
  const auto after_change = co_await whole_sign_in(lab, client, provider);
  lab.verdict("HTTP-OQRY-03", after_change, IsSignedIn());
}

// Whoever knows the code and is not the device has nothing, and takes nothing away.
CASE(oidc_foreign, "oidc/poll/foreign-device", checks("HTTP-OAUTH-03", "HTTP-OQRY-06"),
     after("oidc/poll/success", "HTTP-OQRY-03"), takes(kApiStory)) {
  const auto provider = co_await LabProvider::registered(lab);
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const auto start = co_await begin_oidc(lab, client, provider.name());
    (void)co_await sign_in_at(lab, provider, start.url);
    auto stranger = client.neighbour();
    const auto foreign = co_await oidc_query(stranger, start.code);
    lab.verdict("HTTP-OAUTH-03", foreign, IsNoSignIn());
    stranger.pretend(client.id(), client.neighbour().uuid());
    const auto other_uuid = co_await oidc_query(stranger, start.code);
    lab.verdict("HTTP-OAUTH-03", other_uuid, IsNoSignIn());
    stranger.pretend(lab.fresh_id(), client.uuid());
    const auto other_id = co_await oidc_query(stranger, start.code);
    lab.verdict("HTTP-OAUTH-03", other_id, IsNoSignIn());
    HttpQuestion bare("GET", "/api/oidc/auth-query?code=" + all_escaped(start.code));
    const auto nobody = co_await client.ask(bare);
    lab.verdict("HTTP-OAUTH-03", nobody, IsNoSignIn());
    const auto other_code = co_await oidc_query(client, start.code + "x");
    lab.verdict("HTTP-OAUTH-03", other_code, IsNoSignIn());
    const auto own = co_await poll_until_over(lab, client, start.code, kOidcPolls);
    lab.verdict("HTTP-OQRY-06", own, IsSignedIn());
  }
}

// A minute for the password, another for the second factor: the user is as slow as the client is
// patient.
CASE(oidc_slow_user, "oidc/poll/slow-user", checks("HTTP-OAUTH-05"),
     after("oidc/poll/success", "HTTP-OQRY-03"), takes(kOidcAttempt + kApiStory)) {
  const auto provider = co_await LabProvider::registered(lab);
  ApiClient direct(lab);
  const net::Time begun = lab.now();
  std::vector<ApiClient> clients;
  std::vector<OidcStart> starts;
  for (const Way way : ways(lab)) {
    ApiClient client = direct.neighbour();
    client.use(way);
    clients.push_back(client);
    starts.push_back(co_await begin_oidc(lab, client, provider.name()));
  }
  co_await lab.wait_until(begun + kOidcAttempt);
  for (std::size_t i = 0; i < clients.size(); ++i) {
    (void)co_await sign_in_at(lab, provider, starts[i].url);
    const auto answer = co_await oidc_query(clients[i], starts[i].code);
    lab.verdict("HTTP-OAUTH-05", answer, IsSignedIn());
  }
}

}  // namespace deskcheck::conformance
