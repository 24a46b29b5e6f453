// What the login dialog asks before anybody has signed in, and the probe of clients that look for a
// way to talk TLS.
#include "conformance/cases/api/general.hpp"

#include <algorithm>

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

MATCHER(HoldsTextsOnly, "a JSON array of texts") {
  const auto body = arg.arrived() ? json_in(*arg) : std::nullopt;
  if (!body || !body->is_array()) return false;
  const auto& elements = body->get_array();
  return std::all_of(elements.begin(), elements.end(),
                     [](const auto& element) { return element.is_string(); });
}
MATCHER(IsHttpHeaderAlone, "the header of an HTTP answer and nothing after it") {
  if (!arg.arrived() || !arg->starts_with("HTTP/1.")) return false;
  const auto end = arg->find("\r\n\r\n");
  return end != std::string::npos && end + 4 == arg->size();
}

}  // namespace

CASE(login_options, "api/login-options/list",
     checks("HTTP-LOPT-01", "HTTP-LOPT-02", "HTTP-LOPT-06"), takes(kApiStory),
     does(Effect::reads)) {
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const auto answer = co_await client.login_options();
    lab.verdict("HTTP-LOPT-06", answer, IsNot(HasStatus(404)));
    lab.verdict("HTTP-LOPT-02", answer, IsServedWithoutToken());
    lab.verdict("HTTP-LOPT-01", answer, AnswersList());
    lab.verdict("HTTP-LOPT-01", answer, HoldsTextsOnly());
  }
}

// Any status will do; a body would be taken for the beginning of the next answer.
CASE(probe, "api/login-options/probe", checks("HTTP-PROBE-01", "HTTP-GEN-20"), takes(kApiStory),
     does(Effect::reads)) {
  const ApiPlace place = api_place(lab);
  const std::string head = "HEAD " + place.base +
                           "/api/login-options HTTP/1.1\r\nHost: " + place.host +
                           "\r\nConnection: close\r\n\r\n";
  const auto heard = co_await exchange_bytes(lab, lab.home(), head, lab.within(kHttpPatience));
  lab.verdict("HTTP-GEN-20", heard, Arrived());
  lab.verdict("HTTP-PROBE-01", heard, IsHttpHeaderAlone());
}

}  // namespace deskcheck::conformance
