// Sign-ins that must come to nothing: the person says no, the provider breaks, or somebody forges
// what a provider says. The user reads why, and does not wait three minutes for it.
// client:src/hbbs_http/account.rs:326-332
#include "conformance/cases/oidc/offered.hpp"

#include <algorithm>
#include <utility>

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

using Flaw = sim::ProviderFlaw;
using FlawsInWords = std::vector<std::pair<Flaw, const char*>>;

// One sign-in for each flaw, in turn directly and through the tunnel: an error ends the polls.
Task<void> judge_flaws(Lab& lab, LabProvider provider, FlawsInWords flaws) {
  const auto all = ways(lab);
  ApiClient client(lab);
  for (std::size_t i = 0; i < flaws.size(); ++i) {
    client.use(all[i % all.size()]);
    provider->be(Flaw::none);
    const auto start = co_await begin_oidc(lab, client, provider.name());
    lab.note(std::string("the provider: ") + flaws[i].second);
    provider->be(flaws[i].first);
    (void)co_await sign_in_at(lab, provider, start.url);
    const auto answer = co_await poll_until_over(lab, client, start.code, kOidcPolls);
    lab.verdict("HTTP-OQRY-02", answer, IsNoSignIn());
    lab.verdict("HTTP-OQRY-02", answer, EndsInAnError());
  }
}

// Where the provider would have sent the browser.
std::string callback_of(const OidcStart& start, const std::string& state, const std::string& code) {
  sim::Query query;
  query.add("code", code);
  query.add("state", state);
  const std::string back = redirect_uri_in(start.url);
  return back + (back.find('?') == std::string::npos ? '?' : '&') + query.text();
}

std::string state_in(const OidcStart& start) { return sim::query_of(start.url).get("state"); }

// Empty without a sign-in, or without a name.
std::string signed_in_name(const HttpAnswer& answer) {
  const auto body = object_in(answer);
  const auto user = body ? member_of(*body, "user") : json::value();
  const auto name = user.is_object() ? member_of(user.get_object(), "name") : json::value();
  const bool signed_in = !token_in(answer).empty() && name.is_string();
  return signed_in ? std::string(name.get_string()) : std::string();
}

// Whether an answer can be fetched again is free.
MATCHER_P(IsNoSignInBut, name, "no sign-in, or again the one as \"" + std::string(name) + "\"") {
  return arg.arrived() && (token_in(*arg).empty() || signed_in_name(*arg) == name);
}
MATCHER_P(IsNoSignInAs, name, "no sign-in as \"" + std::string(name) + "\"") {
  return arg.arrived() && signed_in_name(*arg) != name;
}

}  // namespace

CASE(oidc_refused, "oidc/refused/by-the-person", checks("HTTP-OQRY-02"),
     after("oidc/poll/success", "HTTP-OQRY-03"), takes(kApiStory)) {
  const auto provider = co_await LabProvider::registered(lab);
  FlawsInWords flaws{{Flaw::denies, "the person says no"},
                     {Flaw::denies, "the person says no, again"},
                     {Flaw::fails, "server_error"}};
  co_await judge_flaws(lab, provider, std::move(flaws));
}

// OpenID Connect Core 1.0, 3.1.3.7: what the ID token has to be.
CASE(oidc_forged, "oidc/refused/forged-signature", checks("HTTP-OQRY-02"),
     after("oidc/poll/success", "HTTP-OQRY-03"), takes(kApiStory)) {
  const auto provider = co_await LabProvider::registered(lab);
  FlawsInWords flaws{{Flaw::foreign_key, "signs with another key than it says"},
                     {Flaw::foreign_key_id, "signs with a key that is not in its set"},
                     {Flaw::no_signature, "alg none"},
                     {Flaw::shared_secret, "HS256 with the client's secret"},
                     {Flaw::key_as_secret, "HS256 with its public key"},
                     {Flaw::changed_claims, "claims that it has not signed"}};
  co_await judge_flaws(lab, provider, std::move(flaws));
}

CASE(oidc_wrong_claims, "oidc/refused/wrong-claims", checks("HTTP-OQRY-02"),
     after("oidc/poll/success", "HTTP-OQRY-03"), takes(kApiStory)) {
  const auto provider = co_await LabProvider::registered(lab);
  FlawsInWords flaws{{Flaw::wrong_audience, "for another application"},
                     {Flaw::wrong_issuer, "of another issuer"},
                     {Flaw::expired, "of yesterday"},
                     {Flaw::no_subject, "of nobody"}};
  co_await judge_flaws(lab, provider, std::move(flaws));
}

// A token of one login is good for that one, where the server has asked for it.
CASE(oidc_wrong_nonce, "oidc/refused/wrong-nonce", checks("HTTP-OQRY-02"),
     after("oidc/poll/success", "HTTP-OQRY-03"), takes(kApiStory)) {
  const auto provider = co_await LabProvider::registered(lab);
  ApiClient client(lab);
  const auto start = co_await begin_oidc(lab, client, provider.name());
  if (sim::query_of(start.url).get("nonce").empty())
    lab.not_applicable("the target sends no nonce, so none is wrong");
  FlawsInWords flaws{{Flaw::wrong_nonce, "the nonce of another login"},
                     {Flaw::no_nonce, "no nonce"}};
  co_await judge_flaws(lab, provider, std::move(flaws));
}

CASE(oidc_broken, "oidc/refused/broken-provider", checks("HTTP-OQRY-02"),
     after("oidc/poll/success", "HTTP-OQRY-03"), takes(kApiStory)) {
  const auto provider = co_await LabProvider::registered(lab);
  FlawsInWords flaws{{Flaw::token_fails, "refuses the code"},
                     {Flaw::token_is_no_json, "answers the code with a page"},
                     {Flaw::token_is_silent, "ends the connection"},
                     {Flaw::no_id_token, "has no ID token"}};
  co_await judge_flaws(lab, provider, std::move(flaws));
}

// Whoever leads the user to a callback of his own making changes nothing about the attempt.
CASE(oidc_forged_callback, "oidc/refused/forged-callback",
     checks("HTTP-OQRY-01", "HTTP-OQRY-02", "HTTP-OAUTH-03"),
     after("oidc/poll/success", "HTTP-OQRY-03"), takes(kApiStory)) {
  auto provider = co_await LabProvider::registered(lab);
  ApiClient client(lab);
  auto mallory = client.neighbour();
  const auto start = co_await begin_oidc(lab, client, provider.name());
  if (state_in(start).empty() || redirect_uri_in(start.url).empty())
    lab.not_applicable("the target's URL has no state and no redirect_uri, so none can be forged");
  for (const std::string& state : {std::string(), std::string("wrong"), state_in(start) + "x"}) {
    (void)co_await sign_in_at(lab, provider, callback_of(start, state, "made-up"));
    const auto answer = co_await oidc_query(client, start.code);
    lab.verdict("HTTP-OQRY-01", answer, IsPending());
  }
  // A code that the provider gave to somebody else.
  const auto theirs = co_await begin_oidc(lab, mallory, provider.name());
  sim::Browser stops(lab.world(), lab.home(), lab.recorder("browser"));
  const auto issuer = sim::parse_url(provider->issuer()).value();
  stops.allow(issuer.authority(), net::endpoint(issuer.host.c_str(), issuer.port));
  const auto visit = co_await stops.open(theirs.url, lab.within(kHttpPatience));
  if (!visit) lab.require("the way of a browser", visit.error(), boost::system::error_code());
  const std::string code = sim::query_of(visit->urls.back()).get("code");
  lab.require("a code of the provider", code, testing::Not(testing::IsEmpty()));
  (void)co_await sign_in_at(lab, provider, callback_of(start, state_in(start), code));
  const auto injected = co_await poll_until_over(lab, client, start.code, kOidcPolls);
  lab.verdict("HTTP-OQRY-02", injected, IsNoSignIn());
  const auto own = co_await oidc_query(mallory, theirs.code);
  lab.verdict("HTTP-OAUTH-03", own, IsNoSignIn());
}

// An attempt ends once. The way through the browser can be gone again, by whoever finds its URL in
// the history; it leads to no login.
CASE(oidc_again_after_refusal, "oidc/refused/again-after-refusal", checks("HTTP-OQRY-02"),
     after("oidc/poll/success", "HTTP-OQRY-03"), takes(kApiStory)) {
  auto provider = co_await LabProvider::registered(lab);
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    provider->be(Flaw::denies);
    const auto start = co_await begin_oidc(lab, client, provider.name());
    (void)co_await sign_in_at(lab, provider, start.url);
    const auto refusal = co_await poll_until_over(lab, client, start.code, kOidcPolls);
    if (!lab.verdict("HTTP-OQRY-02", refusal, EndsInAnError())) co_return;
    provider->be(Flaw::none);
    (void)co_await sign_in_at(lab, provider, start.url);
    const auto again = co_await poll_until_over(lab, client, start.code, kOidcPolls);
    lab.verdict("HTTP-OQRY-02", again, IsNoSignIn());
  }
}

// A page that is loaded anew takes nothing from the client, and nobody takes the place of the
// person who has signed in.
CASE(oidc_again_after_success, "oidc/refused/again-after-success",
     checks("HTTP-OQRY-02", "HTTP-OQRY-06", "HTTP-OAUTH-03"),
     after("oidc/poll/success", "HTTP-OQRY-03"), takes(kApiStory)) {
  auto provider = co_await LabProvider::registered(lab);
  ApiClient client(lab);
  const sim::Person owner = provider->person();
  for (const Way way : ways(lab)) {
    client.use(way);
    provider->sign_in(owner);
    const auto start = co_await begin_oidc(lab, client, provider.name());
    const auto visit = co_await sign_in_at(lab, provider, start.url);
    const auto back = std::ranges::find_if(visit.urls, [&](const std::string& url) {
      const std::string callback = redirect_uri_in(start.url);
      return !callback.empty() && url.starts_with(callback);
    });
    if (back == visit.urls.end())
      lab.not_applicable("the browser comes to no redirect_uri that the target's URL has told");
    (void)co_await sign_in_at(lab, provider, *back);
    const auto own = co_await poll_until_over(lab, client, start.code, kOidcPolls);
    if (!lab.verdict("HTTP-OQRY-06", own, IsSignedIn())) co_return;
    const auto name = object_in(*own)->at("user").at("name").as_string();
    // The device's next attempt waits while somebody else goes the way of the one before.
    const auto next = co_await begin_oidc(lab, client, provider.name());
    provider->sign_in(fresh_person(lab));
    (void)co_await sign_in_at(lab, provider, *back);
    (void)co_await sign_in_at(lab, provider, start.url);
    const auto later = co_await oidc_query(client, start.code);
    lab.verdict("HTTP-OQRY-02", later, IsNoSignInBut(std::string(name)));
    const auto other = co_await oidc_query(client, next.code);
    lab.verdict("HTTP-OAUTH-03", other, IsNoSignIn());
  }
}

// A code that nobody was given, and one that is a try to break in.
CASE(oidc_unknown_code, "oidc/refused/unknown-code", checks("HTTP-OAUTH-03", "HTTP-OQRY-09"),
     takes(kApiStory), does(Effect::reads)) {
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    for (const std::string& code :
         {lab.fresh_id(), std::string(), std::string("' OR '1'='1"), std::string("%"),
          std::string("\0\xff\n", 3), std::string("../../etc/passwd"), std::string(4000, 'x')}) {
      const auto answer = co_await oidc_query(client, code);
      lab.verdict("HTTP-OAUTH-03", answer, IsNoSignIn());
      lab.verdict("HTTP-OQRY-09", answer, IsNoServerError());
    }
  }
}

// The provider says what people are called there. Nobody becomes somebody else by choosing a name.
CASE(oidc_taken_name, "oidc/refused/name-of-another", checks("HTTP-OQRY-02"),
     after("oidc/poll/success", "HTTP-OQRY-03"), takes(kApiStory)) {
  const Account victim = account_of(lab, "user");
  auto provider = co_await LabProvider::registered(lab);
  sim::Person thief = fresh_person(lab);
  thief.user_name = victim.user;
  thief.email_verified = false;
  provider->sign_in(thief);
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const auto answer = co_await whole_sign_in(lab, client, provider);
    lab.verdict("HTTP-OQRY-02", answer, IsNoSignInAs(victim.user));
    if (!answer.arrived() || poll_in(*answer) != Poll::signed_in)
      lab.verdict("HTTP-OQRY-02", answer, EndsInAnError());
  }
}

}  // namespace deskcheck::conformance
