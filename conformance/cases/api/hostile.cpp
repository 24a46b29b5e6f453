// What a server has to survive at its API while others are served: bodies without end, clients that
// do not go on, bytes that are no HTTP.
#include "conformance/cases/api/general.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t kLarge = 8 << 20;  // bytes, more than a login can have

// The beginning of a POST to the login whose body would be so long.
std::string login_head(const Lab& lab, const std::string& length) {
  const ApiPlace place = api_place(lab);
  return "POST " + place.base + "/api/login HTTP/1.1\r\nHost: " + place.host +
         "\r\nContent-Type: application/json\r\nContent-Length: " + length + "\r\n\r\n";
}

MATCHER(AnswersBelow500OrEnds, "an answer with a status below 500, or the end of the connection") {
  if (!arg.arrived()) return !arg.timed_out();
  return arg->status < 500;
}

// A connection that has said so much and stays.
Task<sim::MessageStream> stays_after(Lab& lab, net::Endpoint from, std::string bytes) {
  auto stream = co_await connect_to_api(lab, "slow client", from);
  stream.speak(sim::Protocol::raw);
  const auto sent = co_await stream.send_bytes(std::move(bytes), lab.within(5s));
  lab.require("the beginning of a request is taken", sent.has_value(), testing::IsTrue());
  co_return std::move(stream);
}

}  // namespace

CASE(api_huge, "api/hostile/huge-body", checks("HTTP-GEN-07", "HTTP-GEN-17"),
     after("api/login-options/list", "HTTP-LOPT-06"), takes(kApiStory), heavy()) {
  ApiClient client(lab);
  auto body = client.login_body({"nobody-" + lab.fresh_id(), std::string(kLarge, 'x')});
  const auto answer = co_await client.post("/api/login", body);
  lab.verdict("HTTP-GEN-07", answer, AnswersBelow500OrEnds());
  (void)co_await api_still_serves(lab, client, "HTTP-GEN-17");
  for (const char* length : {"99999999999999", "18446744073709551616", "-1", "x"}) {
    auto stream = co_await stays_after(lab, client.home(), login_head(lab, length));
    (void)co_await api_still_serves(lab, client, "HTTP-GEN-17");
  }
}

// Many that have begun and do not go on.
CASE(api_slow, "api/hostile/slow-bodies", checks("HTTP-GEN-17"),
     after("api/login-options/list", "HTTP-LOPT-06"), takes(kApiStory), does(Effect::reads)) {
  ApiClient client(lab);
  std::vector<sim::MessageStream> slow;
  for (int i = 0; i < 20; ++i) {
    const std::string begun = i % 2 == 0 ? login_head(lab, "100") + "{" : "POST /api/login HT";
    slow.push_back(co_await stays_after(lab, client.home(), begun));
  }
  (void)co_await api_still_serves(lab, client, "HTTP-GEN-17");
}

CASE(api_no_http, "api/hostile/no-http", checks("HTTP-GEN-17"),
     after("api/login-options/list", "HTTP-LOPT-06"), takes(kApiStory), does(Effect::reads)) {
  ApiClient client(lab);
  for (const std::string& bytes :
       {std::string(512, '\0'), std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc", 9),
        std::string("GET\r\n\r\n"), "GET /" + std::string(100'000, 'a') + " HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\n" + std::string(100'000, 'h') + ": x\r\n\r\n"}) {
    auto stream = co_await stays_after(lab, client.home(), bytes);
    (void)co_await api_still_serves(lab, client, "HTTP-GEN-17");
  }
}

// Names are names, whatever they look like.
CASE(api_injection, "api/hostile/injection", checks("HTTP-LOGIN-13", "HTTP-GEN-07", "HTTP-GEN-17"),
     after("api/login-options/list", "HTTP-LOPT-06"), takes(kApiStory)) {
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    for (const char* name : {"' OR '1'='1", "admin'--", "\"; DROP TABLE users; --", "%", "*",
                             "../../etc/passwd", "${jndi:ldap://127.0.0.1/x}", "a\\u0000b"}) {
      const Account account{name, name};
      const auto answer = co_await client.login(account);
      lab.verdict("HTTP-LOGIN-13", answer, IsApiError());
      lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
    }
  }
  (void)co_await api_still_serves(lab, client, "HTTP-GEN-17");
}

}  // namespace deskcheck::conformance
