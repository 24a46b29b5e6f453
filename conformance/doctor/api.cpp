// The HTTP API as clients ask it, the clock that it shows, and a login.
#include "conformance/doctor/api.hpp"

#include "client-sim/account/sign_in.hpp"
#include "client-sim/channel/secrets.hpp"
#include "conformance/doctor/identify.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <ctime>

namespace deskcheck::doctor {

namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

constexpr auto kNoticed = 60s, kHarmful = 300s;  // of a clock that is wrong

struct Api {
  sim::ApiAccess access;
  bool expected = false;  // its URL was given
  Status severity = Status::warning;

  Api() = default;
};

void find(Visit& visit, const Api& api, std::string what, std::string cause, std::string mend) {
  visit.find(Step::api, api.severity, std::move(what), std::move(cause), std::move(mend));
}

// Whether the answer to a GET of /api/login-options is one of an API; told if not.
bool judge(Visit& visit, const Api& api, const sim::HttpAnswer& answer) {
  const auto& url = api.access.api.url;
  const auto says = [&](std::string what, std::string cause, std::string mend) {
    find(visit, api, std::move(what), std::move(cause), std::move(mend));
    return false;
  };
  if (answer.body.find("HTTPS port") != std::string::npos ||
      answer.body.find("HTTPS server") != std::string::npos)
    return says(fmt::format("{}: this port speaks TLS", url), "the URL begins with http://",
                "give https:// to --api, and to clients as API server");
  if (answer.status >= 300 && answer.status < 400)
    return says(fmt::format("{} sends elsewhere: {}", url, first_line(answer.header("location"))),
                "a web server redirects, and clients lose what they send",
                "give that URL to --api, and to clients as API server");
  if (answer.status == 502 || answer.status == 503 || answer.status == 504)
    return says(fmt::format("{} is answered {} by a proxy", url, answer.status),
                "the API behind the proxy does not run, or the proxy looks for it elsewhere",
                "start the API, and let the proxy forward /api to it");
  if (answer.status == 401 || answer.status == 403)
    return says(fmt::format("{} asks everybody to log in ({})", url, answer.status),
                "a proxy in front of the API wants a password of its own",
                "let /api through without it; the API has its own accounts");
  if (is_page(answer))
    return says(fmt::format("{}: this is a web page, not the API", url),
                "the URL is that of a website or console, or the proxy has no rule for /api",
                "give the URL of the API (http://HOST:21114), or forward /api to it");
  if (answer.status >= 500)
    return says(fmt::format("{} fails: {}", url, answer.status), "the API has an error of its own",
                "look at the log of the API");
  return true;
}

Task<net::Result<sim::HttpAnswer>> ask(Visit& visit, const Api& api, sim::HttpQuestion question) {
  const sim::Recorder nobody;
  auto answer = co_await sim::exchange(visit.world, api.access, std::move(question), nobody,
                                       visit.patience());
  co_return answer;
}

Task<void> explain_silence(Visit& visit, Api api, boost::system::error_code why) {
  const net::Endpoint to{api.access.api.address, api.access.api.place.port};
  const auto& url = api.access.api.url;
  const bool tls = api.access.api.place.tls;
  if (net::is_untrusted(why))
    co_return find(visit, api,
                   fmt::format("the certificate of {} is not believed: {}", url, why.message()),
                   "it has expired, is for another name, or its issuer's certificate is missing",
                   "renew it, send the whole chain, or name it with --api-ca");
  Speaker speaker;
  if (why != boost::asio::error::connection_refused) speaker = co_await identify(visit, to);
  if (tls && speaker.kind == Speaker::Kind::http)
    co_return find(visit, api, fmt::format("{}: this port speaks plain HTTP", url),
                   "the URL begins with https://, and nothing ends TLS there",
                   "give http:// to --api, or put a proxy with TLS in front of the API");
  if (!tls && speaker.kind == Speaker::Kind::tls)
    co_return find(visit, api, fmt::format("{}: this port speaks TLS", url),
                   "the URL begins with http://",
                   "give https:// to --api, and to clients as API server");
  if (!api.expected && speaker.kind != Speaker::Kind::text)
    co_return visit.skip(Step::api, fmt::format("none at TCP {}; --api names another", to.port));
  if (speaker.kind == Speaker::Kind::text)
    co_return find(visit, api, fmt::format("{} is another service (\"{}\")", url, speaker.sample),
                   "the port is wrong", "give the right URL to --api");
  explain_connect(visit, Step::api, api.severity, to, why);
}

// Without /api/login-options: another route that every API has.
Task<void> try_other_route(Visit& visit, Api api) {
  sim::HttpQuestion question("POST", "/api/currentUser");
  question.headers = {{"Content-Type", "application/json"}};
  question.body = "{}";
  const auto answer = co_await ask(visit, api, std::move(question));
  const bool known = answer && (answer->status == 401 || sim::parse_json(answer->body));
  if (known && answer->status != 404)
    co_return visit.ok(Step::api,
                       fmt::format("{} answers, without login options", api.access.api.url));
  find(visit, api, fmt::format("{} has no route of the API (404)", api.access.api.url),
       "the path in the URL is wrong, or another service has the port",
       "give the URL without /api at its end, http://HOST:21114");
}

Task<bool> try_options(Visit& visit, Api api) {
  visit.begin(Step::api);
  sim::HttpQuestion question("GET", "/api/login-options");
  const auto answer = co_await ask(visit, api, std::move(question));
  if (!answer) {
    co_await explain_silence(visit, api, answer.error());
    co_return false;
  }
  compare_clocks(visit, answer->header("date"));
  if (!judge(visit, api, *answer)) co_return false;
  if (answer->status == 404) {
    co_await try_other_route(visit, api);
    co_return visit.is(Step::api, Status::ok);
  }
  const auto list = sim::parse_json(answer->body);
  if (!list) {
    find(visit, api, fmt::format("{} answers something else than JSON", api.access.api.url),
         "another service has the port", "give the URL of the API, http://HOST:21114");
    co_return false;
  }
  visit.ok(Step::api, fmt::format("{} answers", api.access.api.url));
  co_return true;
}

Task<void> try_login(Visit& visit, Api api) {
  visit.begin(Step::login);
  const auto& account = visit.patient.account;
  if (account.user.empty()) co_return visit.skip(Step::login, "no --user was given");
  sim::HttpStacks stacks(visit.world, api.access, sim::Recorder());
  json::object body{{"username", account.user}, {"password", account.password},
                    {"id", stacks.id()},        {"uuid", stacks.uuid()},
                    {"autoLogin", true},        {"type", "account"}};
  body["deviceInfo"] = {{"os", "linux"}, {"type", "client"}, {"name", "deskcheck doctor"}};
  sim::HttpQuestion question("POST", "/api/login");
  question.headers = sim::json_headers("");
  question.body = json::serialize(body);
  const auto answer = co_await stacks.from_dart(std::move(question));
  sim::SignIn signed_in;
  sim::Challenge challenge;
  const auto result = sim::take_login_answer(answer, stacks.release(), signed_in, &challenge);
  sim::Secrets secrets;  // some servers say in their answer what they were asked
  secrets.add(account.password);
  using Kind = sim::LoginResult::Kind;
  if (result.kind == Kind::email_code || result.kind == Kind::totp_code)
    co_return visit.ok(Step::login, fmt::format("{} is asked for a second factor", account.user));
  if (result.kind != Kind::signed_in)
    co_return visit.find(
        Step::login, Status::broken,
        fmt::format("{} cannot log in: {}", account.user,
                    result.message.empty() ? "the client can do nothing with the answer"
                                           : first_line(secrets.hide(result.message))),
        "user name or password are wrong, the account is locked, or it signs in elsewhere",
        "try them in the server's console");
  visit.ok(Step::login, fmt::format("{} logs in and out", account.user));
  sim::HttpQuestion farewell("POST", "/api/logout");
  farewell.headers = sim::json_headers(signed_in.token);
  farewell.body = json::serialize(json::object{{"id", stacks.id()}, {"uuid", stacks.uuid()}});
  (void)co_await stacks.from_dart(std::move(farewell));
}

void end_with(Visit& visit, Status api) {
  const bool skipped = api == Status::skipped;
  for (const auto step : {Step::clock, Step::login}) {
    const bool told = !visit.diagnosis.at(step).what.empty();
    if (told) continue;
    const bool unasked = step == Step::login && visit.patient.account.user.empty();
    if (unasked)
      visit.skip(step, "no --user was given");
    else if (skipped)
      visit.skip(step, "there is no API to ask");
    else
      visit.block(step, Step::api);
  }
}

}  // namespace

void compare_clocks(Visit& visit, const std::string& date) {
  visit.begin(Step::clock);
  if (!visit.patient.calendar || date.empty())
    return visit.skip(Step::clock, "the API does not say what time it is");
  std::tm parts{};
  const char* end = ::strptime(date.c_str(), "%a, %d %b %Y %H:%M:%S", &parts);
  if (!end) return visit.skip(Step::clock, "the API's Date cannot be read");
  const auto there = std::chrono::sys_seconds(std::chrono::seconds(::timegm(&parts)));
  const auto skew = there - visit.patient.calendar();
  visit.diagnosis.skew = skew;
  const auto off = skew < 0s ? -skew : skew;
  if (off < kNoticed)
    return visit.ok(Step::clock, fmt::format("{} s apart from this machine's", off.count()));
  visit.find(
      Step::clock, off < kHarmful ? Status::warning : Status::broken,
      fmt::format("the server's clock is {} s {}", off.count(), skew < 0s ? "behind" : "ahead"),
      "it is not set by NTP, or this machine's is wrong; tokens end at wrong times, codes of "
      "authenticator apps are refused",
      "timedatectl set-ntp true, on the server");
}

Task<void> try_api(Visit& visit) {
  Api api;
  api.expected = !visit.patient.profile.api.empty();
  if (api.expected) api.severity = Status::broken;
  visit.begin(Step::api);
  auto access = co_await api_access(visit);
  if (!access) {
    find(visit, api, fmt::format("{} has no address", api_url(visit)),
         "the name in the URL is misspelt, or its record is missing",
         "mend the DNS record, or give the right URL to --api");
    co_return end_with(visit, api.severity);
  }
  api.access = std::move(*access);
  const bool works = co_await try_options(visit, api);
  if (works)
    co_await try_login(visit, api);
  else
    end_with(visit, visit.diagnosis.at(Step::api).status);
}

}  // namespace deskcheck::doctor
