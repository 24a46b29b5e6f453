#include "reference-server/admin/for_administrators.hpp"

#include "reference-server/api/for_accounts.hpp"

#include <algorithm>

namespace deskcheck::server::admin {

using api::Request;
using api::Response;

api::Handler for_administrators(const Desk& desk, AdminHandler handler) {
  return [desk, handler = std::move(handler)](const Request& request, net::Time now) {
    const auto& from = desk.options.admin_from;
    const auto caller = desk.accounts.who(api::bearer(request), now);
    if (!caller) return api::storage_failure();
    if (!*caller) return api::failure(401, "Invalid token");
    if (!(*caller)->administrator) return api::failure(403, "Administrators only");
    if (std::ranges::none_of(from, [&](const auto& one) { return one.contains(request.from); }))
      return api::failure(403, "The server is not administered from this address");
    return handler(**caller, request, now);
  };
}

api::Handler changing(const Desk& desk, ChangeHandler handler) {
  return for_administrators(
      desk, [handler = std::move(handler)](const AccountRecord& caller, const Request& request,
                                           net::Time now) {
        Members members(request.body);
        return handler(caller, members, now);
      });
}

Response done(const boost::system::result<void>& result) {
  return result ? api::json_answer(boost::json::object()) : api::storage_failure();
}

Response no_such(const std::string& what, const std::string& name) {
  return api::failure(404, "There is no such " + what + ": " + name);
}

}  // namespace deskcheck::server::admin
