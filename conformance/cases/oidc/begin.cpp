// The question that begins a sign-in at an identity provider, and where it leads the browser.
// client:src/hbbs_http/account.rs:158-180, :249-285
#include "conformance/cases/api/general.hpp"
#include "conformance/cases/oidc/offered.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

// Of a client that a real server knows for its host alone.
constexpr char kAlias[] = "api.deskcheck.test:80";

MATCHER_P(ReturnsTo, base, "a redirect_uri that begins with " + std::string(base) + "/") {
  return arg.starts_with(std::string(base) + '/');
}
MATCHER(IsReachable, "no redirect_uri, or one that is an absolute http(s) URL with a host") {
  return arg.empty() || sim::parse_url(arg).has_value();
}
// What the visitor sees in the end.
MATCHER(EndsAtAPage, "a page with status 200") { return !arg.left && arg.status == 200; }
// What the provider had against the question that the browser or the target brought.
MATCHER(IsNoComplaint, "nothing that the provider refuses") { return arg.empty(); }
MATCHER(IsNoErrorPage, "a page, or the way to a provider") { return arg.left || arg.status < 400; }

}  // namespace

CASE(oidc_begin, "oidc/begin/answer", checks("HTTP-OAUTH-01", "HTTP-OAUTH-02"),
     after("oidc/options/buttons"), takes(kApiStory)) {
  const Offered offered = co_await offered_providers(lab);
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    for (const auto& name : offered.names) {
      const auto answer = co_await oidc_auth(client, oidc_auth_body(lab, client, name));
      lab.verdict("HTTP-OAUTH-02", answer, IsServedWithoutToken());
      // A provider on the internet may be out of reach for the target: then it says so.
      if (!offered.ours && answer.arrived() && error_in(*answer)) continue;
      lab.verdict("HTTP-OAUTH-01", answer, BeginsSignIn());
    }
  }
}

CASE(oidc_begin_errors, "oidc/begin/errors", checks("HTTP-OAUTH-02", "HTTP-GEN-07"),
     takes(kApiStory)) {
  // Where no provider is offered no client ever asks.
  const Offered offered = co_await offered_providers(lab);
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const auto body = oidc_auth_body(lab, client, "");
    for (const json::value& op :
         {json::value(""), json::value("nobody"), json::value("' OR '1'='1"),
          json::value("../../x"), json::value(5), json::value(nullptr),
          json::value(std::string(20'000, 'x'))}) {
      auto changed = body;
      changed["op"] = op;
      const auto answer = co_await oidc_auth(client, changed);
      lab.verdict("HTTP-OAUTH-02", answer, IsErrorText());
      lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
    }
    auto nothing = body;
    nothing.erase("op");
    const auto none = co_await oidc_auth(client, nothing);
    lab.verdict("HTTP-OAUTH-02", none, IsErrorText());
  }
}

// Whoever presses the button is told in words that the provider is gone.
CASE(oidc_begin_unreachable, "oidc/begin/unreachable-provider",
     checks("HTTP-OAUTH-02", "HTTP-GEN-07"), after("oidc/begin/answer"), takes(kApiStory)) {
  auto provider = co_await LabProvider::registered(lab);
  provider->be(sim::ProviderFlaw::discovery_is_no_json);
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const auto answer = co_await oidc_auth(client, oidc_auth_body(lab, client, provider.name()));
    // A server that was told at the time of registration where everything is has nothing to miss.
    if (answer.arrived() && start_in(*answer)) {
      lab.verdict("HTTP-OAUTH-02", answer, BeginsSignIn());
      lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
      continue;
    }
    lab.verdict("HTTP-OAUTH-02", answer, IsErrorText());
    lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
  }
}

// Older clients do not say how they call the API. Newer ones do, and that is where they can be
// reached; a server that was told another name by its owner may know better.
CASE(oidc_api_domain, "oidc/begin/api-domain", checks("HTTP-OAUTH-04"), after("oidc/begin/answer"),
     takes(kApiStory)) {
  const Offered offered = co_await offered_providers(lab);
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    for (const bool with : {false, true}) {
      const auto body = oidc_auth_body(lab, client, offered.names.front(), with);
      const auto answer = co_await oidc_auth(client, body);
      if (!offered.ours && answer.arrived() && error_in(*answer)) {
        lab.verdict("HTTP-OAUTH-04", answer, IsErrorText());
        continue;
      }
      if (!lab.verdict("HTTP-OAUTH-04", answer, BeginsSignIn())) co_return;
      const std::string back = redirect_uri_in(start_in(*answer)->url);
      lab.verdict("HTTP-OAUTH-04", back, IsReachable());
      if (lab.starts_servers() && with)
        lab.verdict("HTTP-OAUTH-04", back, ReturnsTo(lab.target().api));
    }
  }
}

// The way back leads to where the client said that the API is, and works there.
CASE(oidc_api_alias, "oidc/begin/other-api-domain", checks("HTTP-OAUTH-04"),
     after("oidc/poll/success"), takes(kApiStory)) {
  if (!lab.starts_servers())
    lab.not_applicable("another name for the API is only good for servers that were told none");
  const auto provider = co_await LabProvider::registered(lab);
  ApiClient client(lab);
  const std::string domain =
      "http://" + std::string(kAlias).substr(0, std::string(kAlias).find(':'));
  auto body = oidc_auth_body(lab, client, provider.name());
  body["apiDomain"] = domain;
  const auto answer = co_await oidc_auth(client, body);
  lab.require("the begin of a sign-in", answer, BeginsSignIn());
  const auto start = *start_in(*answer);
  if (!lab.verdict("HTTP-OAUTH-04", redirect_uri_in(start.url), ReturnsTo(domain))) co_return;
  auto browser = provider.browser(kAlias);
  const auto visit = co_await browser.open(start.url, lab.within(kHttpPatience));
  if (!visit) lab.require("the way of a browser", visit.error(), boost::system::error_code());
  const auto over = co_await poll_until_over(lab, client, start.code, 5);
  lab.verdict("HTTP-OAUTH-04", over, IsSignedIn());
}

// What is no place for a browser is no place to come back to.
CASE(oidc_api_nonsense, "oidc/begin/wrong-api-domain", checks("HTTP-OAUTH-04"),
     after("oidc/begin/api-domain"), takes(kApiStory)) {
  const Offered offered = co_await offered_providers(lab);
  ApiClient client(lab);
  for (const json::value& domain :
       {json::value(""), json::value("nowhere"), json::value("javascript:alert(1)"),
        json::value("http://a b/"), json::value("http://x/\r\nSet-Cookie: a=b"), json::value(5),
        json::value(nullptr)}) {
    auto body = oidc_auth_body(lab, client, offered.names.front());
    body["apiDomain"] = domain;
    const auto answer = co_await oidc_auth(client, body);
    if (answer.arrived() && start_in(*answer)) {
      lab.verdict("HTTP-OAUTH-04", redirect_uri_in(start_in(*answer)->url), IsReachable());
      continue;
    }
    lab.verdict("HTTP-OAUTH-04", answer, IsErrorText());
  }
}

// The browser has nothing of the client but the URL, and that is enough for the provider: what the
// target asks it afterwards fits what the browser has brought.
CASE(oidc_browser, "oidc/begin/browser", checks("HTTP-OAUTH-06"), after("oidc/begin/answer"),
     takes(kApiStory)) {
  const Offered offered = co_await offered_providers(lab);
  ApiClient client(lab);
  if (offered.ours) {
    const auto start = co_await begin_oidc(lab, client, offered.names.front());
    const auto visit = co_await sign_in_at(lab, *offered.ours, start.url);
    lab.verdict("HTTP-OAUTH-06", visit, EndsAtAPage());
    // A target may show its page before it asks the provider.
    const auto over = co_await poll_until_over(lab, client, start.code, kOidcPolls);
    over.ignore();
    lab.verdict("HTTP-OAUTH-06", (*offered.ours)->complaint(), IsNoComplaint());
    co_return;
  }
  const ApiPlace api = api_place(lab);
  const auto answer =
      co_await oidc_auth(client, oidc_auth_body(lab, client, offered.names.front()));
  const auto start = answer.arrived() ? start_in(*answer) : std::nullopt;
  sim::Browser browser(lab.world(), lab.home(), lab.recorder("browser"));
  browser.allow(api.host, api.at);
  if (!start || !browser.allows(*sim::parse_url(start->url)))
    lab.not_applicable("its sign-in leads to a provider that the suite does not visit");
  const auto visit = co_await browser.open(start->url, lab.within(kHttpPatience));
  if (!visit) lab.require("the way of a browser", visit.error(), boost::system::error_code());
  lab.verdict("HTTP-OAUTH-06", *visit, IsNoErrorPage());
}

}  // namespace deskcheck::conformance
