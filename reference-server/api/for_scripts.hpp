// Handlers that scripts may use with a token of their own, and administrators with that of their
// login. Source: http-api.md HTTP-CLI-03.
#pragma once

#include "reference-server/api/for_accounts.hpp"

namespace deskcheck::server::api {

// 401 without a valid token, 403 with that of somebody else. All of them outlive the handler.
Handler for_scripts(identity::Accounts& accounts, const WrongApi& wrong, Handler handler);

}  // namespace deskcheck::server::api
