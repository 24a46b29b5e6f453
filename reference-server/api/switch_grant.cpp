// POST /api/switch-grant. Source: http-api.md section 13.3.
#include "proto/api/json.hpp"
#include "reference-server/api/answers.hpp"
#include "reference-server/api/for_accounts.hpp"
#include "reference-server/api/groups.hpp"
#include "reference-server/calendar.hpp"

namespace deskcheck::server::api {

namespace json = boost::json;

namespace {

using Answer = SwitchGrants::Answer;

Answer judged(const Request& request, net::Time now, SwitchGrants& grants) {
  const auto body = http_api::parse_object(request.body);
  if (!body) return Answer::refused;
  const auto member = [&](const char* name) { return http_api::text(*body, name).value_or(""); };
  SwitchGrant grant;
  grant.id = member("id");
  grant.verifier = member("switch_code_verifier");
  grant.timestamp = member("timestamp");
  grant.signature = member("signature");
  if (grant.id.empty() || grant.verifier.empty()) return Answer::refused;
  return grants.on(grant, now);
}

}  // namespace

void add_switch_grant(Router& router, const Options& options, SwitchGrants& grants) {
  const WrongApi& wrong = options.faults.policies;
  router.add("POST", "/api/switch-grant", [&](const Request& request, net::Time now) {
    if (wrong.everything_needs_a_token && bearer(request).empty())
      return failure(401, "Invalid token");
    const auto result = judged(request, now, grants);
    json::object answer{{"accepted", result == Answer::accepted}};
    if (wrong.switch_answer_is_text)
      answer["accepted"] = result == Answer::accepted ? "true" : "false";
    // Whoever hears the time signs again with it.
    const bool late = result == Answer::too_early_or_late;
    if ((late && !wrong.switch_refusal_hides_time) ||
        (result == Answer::refused && wrong.switch_refusal_always_has_time))
      answer["server_time"] = unix_time(options, now);
    return json_answer(answer);
  });
}

}  // namespace deskcheck::server::api
