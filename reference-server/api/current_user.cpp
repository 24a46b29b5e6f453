// POST /api/currentUser. Source: http-api.md section 1.4. The body says which device asks; a client
// that said it badly is still signed in, so it is not looked at: 400 would sign the client out.
#include "proto/api/json.hpp"
#include "reference-server/api/answers.hpp"
#include "reference-server/api/for_accounts.hpp"
#include "reference-server/api/groups.hpp"
#include "reference-server/api/user.hpp"

#include <algorithm>
#include <cctype>

namespace deskcheck::server::api {

namespace json = boost::json;

namespace {

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

Response current_user(const AccountRecord& caller, const Request& request, const Options& options) {
  const WrongApi& wrong = options.faults.policies;
  if (wrong.current_user_checks_body) {
    const auto body = http_api::parse_object(request.body);
    if (!body || !http_api::text(*body, "id")) return failure(400, "The id is missing");
  }
  auto user = own_payload(caller, options);
  if (wrong.current_user_is_upper_case) user["name"] = upper(caller.name);
  if (wrong.current_user_is_wrapped) return json_answer(json::object{{"data", std::move(user)}});
  return json_answer(user);
}

}  // namespace

void add_current_user(Router& router, const Options& options, identity::Accounts& accounts) {
  const WrongApi& wrong = options.faults.policies;
  if (wrong.no_current_user) return;
  router.add(
      "POST", "/api/currentUser",
      for_accounts(accounts, wrong,
                   [&options](const AccountRecord& caller, const Request& request, net::Time) {
                     return current_user(caller, request, options);
                   }));
}

}  // namespace deskcheck::server::api
