// Handlers that only those who are signed in may use. Source: http-api.md HTTP-GEN-04 to -06.
#pragma once

#include "reference-server/api/router.hpp"
#include "reference-server/faults/wrong_api.hpp"
#include "reference-server/identity/accounts.hpp"

namespace deskcheck::server::api {

using AccountHandler =
    std::function<Response(const AccountRecord& caller, const Request&, net::Time now)>;

// The token of "Authorization: Bearer ..."; empty if there is none.
std::string_view bearer(const Request& request);
// 401 without a valid token. All of them outlive the handler.
Handler for_accounts(identity::Accounts& accounts, const WrongApi& wrong, AccountHandler handler);

}  // namespace deskcheck::server::api
