#include "reference-server/api/for_accounts.hpp"

#include "reference-server/api/answers.hpp"

#include <boost/beast/core/string.hpp>

namespace deskcheck::server::api {

namespace {

Response invalid_token(const WrongApi& wrong) {
  auto response = failure(401, "Invalid token");
  if (wrong.invalid_token_in_other_words) response = failure(401, "Unauthorized");
  if (wrong.invalid_token_has_no_error) response.body = R"({"code":401})";
  if (wrong.invalid_token_is_403) response.status = 403;
  return response;
}

}  // namespace

std::string_view bearer(const Request& request) {
  constexpr std::string_view kScheme = "Bearer ";
  const auto header = request.header("Authorization");
  if (!boost::beast::iequals(header.substr(0, kScheme.size()), kScheme)) return {};
  return header.substr(kScheme.size());
}

Handler for_accounts(identity::Accounts& accounts, const WrongApi& wrong, AccountHandler handler) {
  return [&accounts, &wrong, handler = std::move(handler)](const Request& request, net::Time now) {
    const auto caller = accounts.who(bearer(request), now);
    if (!caller) return storage_failure();
    if (!*caller) return invalid_token(wrong);
    return handler(**caller, request, now);
  };
}

}  // namespace deskcheck::server::api
