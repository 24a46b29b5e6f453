// The same API through the rendezvous port: what clients need of it there.
#include "conformance/cases/api/general.hpp"

#include <array>

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

MATCHER(IsProxyAnswer, "an http_proxy_response as the next message") {
  return arg.arrived() && arg->has_http_proxy_response();
}
MATCHER(HasNoProxyError, "an http_proxy_response without error") {
  return arg.arrived() && arg->has_http_proxy_response() &&
         arg->http_proxy_response().error().empty();
}
MATCHER_P(HasProxyStatus, wanted, "an http_proxy_response with status " + std::to_string(wanted)) {
  return arg.arrived() && arg->has_http_proxy_response() &&
         arg->http_proxy_response().status() == wanted;
}
MATCHER(HasProxyType, "an http_proxy_response whose Content-Type is read as UTF-8") {
  return arg.arrived() && arg->has_http_proxy_response() &&
         is_read_as_utf8(answer_in(arg->http_proxy_response()).header("content-type"));
}
MATCHER(IsNotRedirected, "an http_proxy_response that is no redirect") {
  return arg.arrived() && arg->has_http_proxy_response() &&
         (arg->http_proxy_response().status() < 300 || arg->http_proxy_response().status() > 399);
}
MATCHER(IsNotServed, "an http_proxy_response with an error or a status of 400 or above") {
  return arg.arrived() && arg->has_http_proxy_response() &&
         (!arg->http_proxy_response().error().empty() ||
          arg->http_proxy_response().status() >= 400);
}
// Clients decode nothing there.
MATCHER(IsUncoded, "a body without content coding") {
  if (!arg.arrived() || !arg->has_http_proxy_response()) return false;
  const auto answer = answer_in(arg->http_proxy_response());
  const auto coding = answer.header("content-encoding");
  return (coding.empty() || coding == "identity") && !answer.body.starts_with("\x1f\x8b") &&
         !answer.body.starts_with("\x28\xb5\x2f\xfd");
}
MATCHER_P2(IsTheSame, status, body,
           "HTTP " + std::to_string(status) + " with " + show_bytes(body)) {
  return arg.arrived() && arg->status == status && arg->body == body;
}
MATCHER(OffersKey, "a key_exchange before anything was sent") {
  return arg.arrived() && arg->has_key_exchange() && arg->key_exchange().keys_size() > 0;
}

constexpr int kMostTries = 10;  // to ask in two ways while nothing changes

HttpQuestion json_question(const Lab& lab, std::string method, std::string path) {
  const std::string base = lab.target().api.empty() ? "" : api_place(lab).base;
  HttpQuestion question(std::move(method), base + path);
  question.headers.emplace_back("Content-Type", "application/json");
  return question;
}

void need_tunnel(const Lab& lab) {
  if (!lab.target().key) lab.not_applicable("a server that signs nothing cannot offer encryption");
  if (!lab.target().claims("rendezvous.http-tunnel"))
    lab.not_applicable("the target does not claim rendezvous.http-tunnel");
}

}  // namespace

CASE(tunnel_key, "api/tunnel/key-exchange", checks("HTTP-TUN-02", "HTTP-TUN-16"), takes(kApiStory),
     does(Effect::reads)) {
  need_tunnel(lab);
  auto stream = co_await lab.connect("client", lab.home(), lab.target().rendezvous);
  auto message = co_await stream.receive_message(lab.within(18s));
  const auto first = lab.answer(std::move(message), "the server's first message");
  if (!lab.verdict("HTTP-TUN-02", first, OffersKey())) co_return;
  const auto opened = wire::verify(first->key_exchange().keys(0), *lab.target().key);
  const bool verifies = opened.has_value();
  lab.verdict("HTTP-TUN-16", verifies, testing::IsTrue());
}

CASE(tunnel_exchange, "api/tunnel/exchange",
     checks("HTTP-TUN-01", "HTTP-TUN-04", "HTTP-TUN-05", "HTTP-TUN-06", "HTTP-TUN-10"),
     after("api/tunnel/key-exchange"), takes(kApiStory), does(Effect::reads)) {
  need_tunnel(lab);
  const net::Endpoint home = lab.home();
  auto wrong = json_question(lab, "POST", "/api/currentUser");
  wrong.headers.emplace_back("Authorization", "Bearer wrong-" + lab.fresh_id());
  wrong.body = "{}";
  const auto unknown = json_question(lab, "GET", "/api/" + lab.fresh_id());
  struct Expected {
    HttpQuestion question;
    int status;
  };
  std::vector<Expected> all{{unknown, 404}};
  const auto& without = lab.target().without;
  if (!without.contains("api.auth.login-options"))
    all.push_back({json_question(lab, "GET", "/api/login-options"), 200});
  if (!without.contains("api.auth.current-user")) all.push_back({wrong, 401});
  for (const auto& one : all) {
    HttpQuestion question = one.question;
    question.from = home;
    const net::Time begun = lab.now();
    const auto heard = co_await ask_tunnel(lab, question, lab.within(kTunnelPatience));
    const net::Duration took = lab.now() - begun;
    const bool answered = lab.verdict("HTTP-TUN-01", heard, IsProxyAnswer());
    lab.verdict("HTTP-TUN-04", heard, HasProxyStatus(one.status));
    lab.verdict("HTTP-TUN-05", heard, HasNoProxyError());
    if (one.status != 404) lab.verdict("HTTP-TUN-06", heard, HasProxyType());
    lab.verdict("HTTP-TUN-10", took, IsShorterThan(kTunnelPatience));
    if (!answered) co_return;
  }
}

// Path, query and body arrive there as they do at the HTTP port.
CASE(tunnel_routes, "api/tunnel/same-routes", checks("HTTP-TUN-03", "HTTP-TUN-15"),
     after("api/tunnel/exchange"), takes(kApiStory), does(Effect::reads)) {
  need_tunnel(lab);
  ApiClient client(lab);
  const std::string nobody =
      R"({"username":"Zo\u00eb )" + lab.fresh_id() +
      "\u6771\u4eac\",\"password\":\"\u043d\u0435\u0442\",\"type\":\"account\"," +
      R"("id":"1","uuid":"YQ==","deviceInfo":{}})";
  struct Question {
    std::string requirement, method, path, body;
  };
  const std::vector<Question> all{{"HTTP-TUN-03", "GET", "/api/login-options", ""},
                                  {"HTTP-TUN-03", "GET", "/api/login-options?a=b%20c&d=", ""},
                                  {"HTTP-TUN-03", "POST", "/api/currentUser", "{}"},
                                  {"HTTP-TUN-15", "POST", "/api/login", nobody}};
  for (const auto& one : all) {
    HttpQuestion question(one.method, one.path);
    question.headers.emplace_back("Content-Type", "application/json");
    question.body = one.body;
    // Other cases may just be adding what people can sign in with: then it is asked again.
    for (int tries = 1;; ++tries) {
      client.use(Way::directly);
      const auto direct = co_await client.ask(question);
      lab.require("the API answers directly", direct, Arrived());
      client.use(Way::through_tunnel);
      const auto tunnelled_answer = co_await client.ask(question);
      const bool differs = tunnelled_answer.arrived() && tunnelled_answer->body != direct->body;
      if (differs && one.path.starts_with("/api/login-options") && tries < kMostTries) continue;
      lab.verdict(one.requirement, tunnelled_answer, IsTheSame(direct->status, direct->body));
      break;
    }
  }
}

// Names of headers in any case, none that HTTP would have needed, bodies that are not there.
CASE(tunnel_headers, "api/tunnel/headers", checks("HTTP-TUN-07", "HTTP-TUN-08"),
     after("api/current-user/signed-in", "HTTP-CURUSER-01"), takes(kApiStory)) {
  lab.needs({"api.auth.current-user"});
  need_tunnel(lab);
  ApiClient client(lab);
  client.use(Way::through_tunnel);
  const std::string token = co_await client.sign_in("user");
  for (const char* name : {"authorization", "AUTHORIZATION", "Authorization"}) {
    HttpQuestion question("POST", "/api/currentUser");
    question.headers = {{"content-TYPE", "application/json"}, {name, "Bearer " + token}};
    question.body = "{}";
    const auto answer = co_await client.ask(question);
    lab.verdict("HTTP-TUN-07", answer, HasMember("name", IsText()));
  }
  HttpQuestion empty("POST", "/api/sysinfo_ver");
  empty.headers = {{"Content-Type", "application/json"}};
  const auto without_length = co_await client.ask(empty);
  empty.headers.emplace_back("Content-Length", "0");
  const auto with_length = co_await client.ask(empty);
  for (const int refusal : {400, 411, 415}) {
    lab.verdict("HTTP-TUN-08", without_length, IsNot(HasStatus(refusal)));
    lab.verdict("HTTP-TUN-08", with_length, IsNot(HasStatus(refusal)));
  }
  lab.verdict("HTTP-TUN-08", without_length, IsNoServerError());
  lab.verdict("HTTP-TUN-08", with_length, IsNoServerError());
}

CASE(tunnel_coding, "api/tunnel/no-coding", checks("HTTP-TUN-09"),
     after("api/current-user/signed-in", "HTTP-CURUSER-01"), takes(kApiStory)) {
  need_tunnel(lab);
  ApiClient client(lab);
  client.use(Way::through_tunnel);
  const std::string token = co_await client.sign_in("user");
  for (const char* path : {"/api/login-options", "/api/ab"}) {
    auto question = json_question(lab, "GET", path);
    question.headers.emplace_back("Accept-Encoding", "gzip");
    question.headers.emplace_back("Authorization", "Bearer " + token);
    question.from = client.home();
    const auto heard = co_await ask_tunnel(lab, question, lab.within(kTunnelPatience));
    if (!lab.verdict("HTTP-TUN-09", heard, IsUncoded())) co_return;
  }
}

// First over HTTP, where the answer is lost, and then through the tunnel.
CASE(tunnel_twice, "api/tunnel/twice", checks("HTTP-TUN-11"),
     after("api/current-user/signed-in", "HTTP-CURUSER-01"), takes(kApiStory),
     does(Effect::reads)) {
  lab.needs({"api.auth.current-user"});
  need_tunnel(lab);
  ApiClient client(lab);
  const Account account = account_of(lab, "user");
  const auto body = client.login_body(account);
  const auto direct = co_await client.post("/api/login", body);
  lab.require("a login over HTTP", direct, AnswersMap());
  client.use(Way::through_tunnel);
  const auto again = co_await client.post("/api/login", body);
  lab.verdict("HTTP-TUN-11", again, HasMember("access_token", IsText()));
  if (!again) co_return;
  const auto object = object_in(*again);
  if (!object || !object->contains("access_token")) co_return;
  const auto* token = object->at("access_token").if_string();
  if (!token) co_return;
  const std::string text(*token);
  const auto user = co_await client.current_user(text);
  lab.verdict("HTTP-TUN-11", user, HasMember("name", IsText()));
  client.use(Way::directly);
  const auto logout = co_await client.logout(text);
  lab.verdict("HTTP-TUN-11", logout, IsNoServerError());
  client.use(Way::through_tunnel);
  const auto second = co_await client.logout(text);
  lab.verdict("HTTP-TUN-11", second, IsNoServerError());
}

CASE(tunnel_redirects, "api/tunnel/no-redirects", checks("HTTP-TUN-12", "HTTP-TUN-14"),
     after("api/tunnel/exchange"), takes(kApiStory), does(Effect::reads)) {
  need_tunnel(lab);
  const net::Endpoint home = lab.home();
  for (const char* path : {"/api/login-options/", "//api/login-options", "/api", "/api/"}) {
    auto question = json_question(lab, "GET", path);
    question.from = home;
    const auto heard = co_await ask_tunnel(lab, question, lab.within(kTunnelPatience));
    if (!lab.verdict("HTTP-TUN-12", heard, IsNotRedirected())) co_return;
  }
  for (const char* path : {"/", "/index.html", "/admin", "/_admin/"}) {
    HttpQuestion question("GET", path);
    question.from = home;
    const auto heard = co_await ask_tunnel(lab, question, lab.within(kTunnelPatience));
    if (!lab.verdict("HTTP-TUN-14", heard, IsNotServed())) co_return;
  }
}

}  // namespace deskcheck::conformance
