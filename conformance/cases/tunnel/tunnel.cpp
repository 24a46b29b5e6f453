// The HTTP API through the rendezvous port, for clients whose way to the API is blocked: the same
// question gets the same answer.
#include "conformance/lab/controller.hpp"
#include "conformance/lab/http.hpp"
#include "conformance/lab/matchers.hpp"

#include <array>

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

constexpr net::Duration kClientPatience = 36s;  // for everything together
constexpr std::size_t kMebibyte = 1 << 20;

MATCHER(IsHttpAnswer, "an http_proxy_response as the next message") {
  return arg.arrived() && arg->has_http_proxy_response();
}
MATCHER(IsHttpRefusal, "an http_proxy_response with an HTTP error or a text of the failure") {
  if (!arg.arrived() || !arg->has_http_proxy_response()) return false;
  const auto& response = arg->http_proxy_response();
  return !response.error().empty() || response.status() >= 400;
}
MATCHER(ComesFromTheApi, "an http_proxy_response with a status and without error") {
  if (!arg.arrived() || !arg->has_http_proxy_response()) return false;
  return arg->http_proxy_response().error().empty() && arg->http_proxy_response().status() >= 100;
}
MATCHER(IsTunnelFailure, "an http_proxy_response with a text of the failure") {
  return arg.arrived() && arg->has_http_proxy_response() &&
         !arg->http_proxy_response().error().empty();
}
MATCHER_P2(Is, status, body, "HTTP " + std::to_string(status) + " with " + show_bytes(body)) {
  return arg.status == status && arg.body == body;
}
MATCHER(IsError, "an HTTP status of 400 or above") { return arg.status >= 400; }
MATCHER(AnswersOrEnds, "an answer, or the end of the connection, within 36 s") {
  return arg.arrived() || !arg.timed_out();
}

// Nobody has it, whatever the API.
HttpQuestion unknown_route(Lab& lab) { return {"GET", "/api/" + lab.fresh_id()}; }

HttpQuestion with_token(HttpQuestion question, const std::string& token) {
  question.headers.emplace_back("Content-Type", "application/json");
  question.headers.emplace_back("Authorization", "Bearer " + token);
  return question;
}

// A server with an account whose token is returned.
Task<std::string> server_with_account(Lab& lab) {
  lab.needs({"api.ab.legacy.set"});
  const std::string token = "token-" + lab.fresh_id();
  ServerSetup setup;
  setup.tokens = {token};
  co_await lab.own_server(setup);
  co_return token;
}

// What the API said through the tunnel; blocked if it said nothing.
Task<HttpAnswer> through_tunnel(Lab& lab, HttpQuestion question) {
  auto heard = co_await ask_tunnel(lab, std::move(question), lab.within(kClientPatience));
  lab.require("the tunnel answers", heard, ComesFromTheApi());
  co_return answer_in(heard->http_proxy_response());
}

}  // namespace

// One answer, the next message, and in time.
CASE(tunnel_answers, "tunnel/answers", checks("HTP-01", "HTP-05"), takes(36s),
     does(Effect::reads)) {
  const net::Time begun = lab.now();
  auto heard = co_await ask_tunnel(lab, HttpQuestion("GET", "/api/login-options"),
                                   lab.within(kClientPatience));
  lab.verdict("HTP-01", heard, IsHttpAnswer());
  const net::Duration took = lab.now() - begun;
  lab.verdict("HTP-05", took, IsShorterThan(kClientPatience));
}

// Nothing comes after it that a client would take for something else.
CASE(tunnel_answers_once, "tunnel/one-answer", checks("HTP-01"), after("tunnel/answers"),
     does(Effect::reads)) {
  auto stream = co_await lab.connect_over(Over::secure, "client", lab.home());
  const auto message = wrap<hbb::RendezvousMessage>(tunnelled(unknown_route(lab)));
  auto sent = co_await stream.send(message, lab.within(5s));
  lab.require("sending an http_proxy_request", sent.has_value(), testing::IsTrue());
  auto first = co_await stream.receive_message(lab.within(kClientPatience));
  auto answer = lab.answer(std::move(first), "the answer through the tunnel");
  lab.verdict("HTP-01", answer, IsHttpAnswer());
  auto second = co_await stream.next<hbb::HttpProxyResponse>(lab.within(1s));
  auto more = lab.answer(std::move(second), "another answer");
  lab.verdict("HTP-01", more, testing::Not(Arrived()));
}

// The same questions, asked directly: status and body are the same.
CASE(tunnel_compared, "tunnel/same-as-http", checks("HTP-02"), after("tunnel/answers"), takes(36s),
     does(Effect::reads)) {
  if (lab.target().api.empty()) lab.not_applicable("the URL of the HTTP API is not known");
  const std::string route = "/api/" + lab.fresh_id();
  std::array<HttpQuestion, 4> questions{
      HttpQuestion("GET", "/api/login-options"), HttpQuestion("GET", route + "?current=1&q=a%20b"),
      HttpQuestion("POST", route), HttpQuestion("DELETE", route + "/x")};
  questions[2].headers.emplace_back("Content-Type", "application/json");
  questions[2].body = R"({"a": "b"})";
  for (const auto& question : questions) {
    // Other cases may just be adding what people can sign in with: then it is asked again.
    for (int tries = 1;; ++tries) {
      auto direct = co_await ask_directly(lab, question, lab.within(10s));
      lab.require("the API answers directly", direct, Arrived());
      const auto answer = co_await through_tunnel(lab, question);
      const bool may_change = question.path == "/api/login-options";
      if (may_change && answer.body != direct->body && tries < 10) continue;
      lab.verdict("HTP-02", answer, Is(direct->status, direct->body));
      break;
    }
  }
}

// A book that is put through the tunnel, with method, path, headers and body, is there afterwards,
// and for nobody else.
CASE(tunnel_carries, "tunnel/carries-requests", checks("HTP-02"), after("tunnel/answers"),
     does(Effect::restarts)) {
  const std::string token = co_await server_with_account(lab);
  auto put = with_token(HttpQuestion("POST", "/api/ab"), token);
  put.body = R"({"data": "{\"tags\":[\"caf\u00e9\"],\"peers\":[]}"})";
  const auto stored = co_await through_tunnel(lab, put);
  lab.verdict("HTP-02", stored.status, testing::Eq(200));
  const auto got = co_await through_tunnel(lab, with_token(HttpQuestion("GET", "/api/ab"), token));
  lab.verdict("HTP-02", got.body, testing::HasSubstr("peers"));
  const auto stranger =
      co_await through_tunnel(lab, with_token(HttpQuestion("GET", "/api/ab"), "wrong"));
  lab.verdict("HTP-02", stranger.body, testing::Not(testing::HasSubstr("peers")));
}

// Errors of the API are answers, not failures of the tunnel.
CASE(tunnel_errors, "tunnel/errors-of-the-api", checks("HTP-03"), after("tunnel/answers"),
     does(Effect::reads)) {
  auto heard = co_await ask_tunnel(lab, unknown_route(lab), lab.within(kClientPatience));
  if (!lab.verdict("HTP-03", heard, ComesFromTheApi())) co_return;
  const auto answer = answer_in(heard->http_proxy_response());
  lab.verdict("HTP-03", answer, IsError());
  if (lab.target().api.empty()) co_return;
  auto direct = co_await ask_directly(lab, unknown_route(lab), lab.within(10s));
  lab.require("the API answers directly", direct, Arrived());
  lab.verdict("HTP-03", answer.header("content-type"), testing::Eq(direct->header("content-type")));
}

// What cannot be asked of the API at all is told as a failure: no answer without a status is taken
// for an empty success.
CASE(tunnel_fails, "tunnel/own-failure", checks("HTP-04"), after("tunnel/answers"),
     does(Effect::reads)) {
  std::array<HttpQuestion, 2> questions{HttpQuestion("", "/api/login-options"),
                                        HttpQuestion("GET", "/api/login-options HTTP/1.1\r\nX: y")};
  for (const auto& question : questions) {
    auto heard = co_await ask_tunnel(lab, question, lab.within(kClientPatience));
    lab.verdict("HTP-04", heard, IsHttpRefusal());
  }
}

// The tunnel without an API behind it.
CASE(tunnel_without_api, "tunnel/no-api", checks("HTP-04"), after("tunnel/answers"),
     does(Effect::restarts)) {
  ServerSetup setup;
  setup.api = false;
  co_await lab.own_server(setup);
  auto heard = co_await ask_tunnel(lab, HttpQuestion("GET", "/api/login-options"),
                                   lab.within(kClientPatience));
  lab.verdict("HTP-04", heard, IsTunnelFailure());
}

// Address books are long.
CASE(tunnel_large, "tunnel/large-bodies", checks("HTP-06"), after("tunnel/answers"), takes(72s),
     heavy(), does(Effect::restarts)) {
  const std::string token = co_await server_with_account(lab);
  auto put = with_token(HttpQuestion("POST", "/api/ab"), token);
  put.body = R"({"data": "{\"x\":\")" + std::string(kMebibyte, 'x') + R"(\"}"})";
  auto stored = co_await ask_tunnel(lab, put, lab.within(kClientPatience));
  if (!lab.verdict("HTP-06", stored, ComesFromTheApi())) co_return;
  lab.verdict("HTP-06", stored->http_proxy_response().status(), testing::Eq(200));
  auto get = with_token(HttpQuestion("GET", "/api/ab"), token);
  auto got = co_await ask_tunnel(lab, get, lab.within(kClientPatience));
  if (!lab.verdict("HTP-06", got, ComesFromTheApi())) co_return;
  lab.verdict("HTP-06", got->http_proxy_response().body().size(), testing::Ge(kMebibyte));
}

// The path names a route of the own API, never another host: nobody comes to the one that it names.
CASE(tunnel_elsewhere, "tunnel/other-hosts", checks("HTP-07"), after("tunnel/answers"),
     does(Effect::reads)) {
  auto elsewhere = lab.world().network.listen(lab.home());
  const std::string host = to_string(elsewhere->local());
  const std::string route = "/api/login-options";
  for (const auto& path :
       {"http://" + host + route, "//" + host + route, "@" + host + route, ":80@" + host + route}) {
    auto heard = co_await ask_tunnel(lab, HttpQuestion("GET", path), lab.within(kClientPatience));
    lab.verdict("HTP-07", heard, IsHttpRefusal());
  }
  auto visitor = co_await elsewhere->accept(lab.within(300ms));
  const bool came = visitor.has_value();
  lab.verdict("HTP-07", came, testing::IsFalse());
}

CASE(tunnel_unknown, "tunnel/unknown-routes", checks("HTP-08"), after("tunnel/answers"),
     does(Effect::reads)) {
  for (const auto& path :
       {std::string(), std::string("/"), std::string("api"), "/api/" + lab.fresh_id()}) {
    auto heard = co_await ask_tunnel(lab, HttpQuestion("GET", path), lab.within(kClientPatience));
    lab.verdict("HTP-08", heard, IsHttpRefusal());
  }
}

// In plain text, as a client without encryption would: whoever does not do it does not let it wait.
CASE(tunnel_absent, "tunnel/not-silent", checks("HTP-09"), takes(36s), does(Effect::reads)) {
  auto client = lab.controller();
  co_await client.send_member(tunnelled(HttpQuestion("GET", "/api/login-options")));
  auto next = co_await client.next_message(lab.within(kClientPatience));
  lab.verdict("HTP-09", next, AnswersOrEnds());
}

}  // namespace deskcheck::conformance
