// The two answers of a login that takes a code. Source: http-api.md section 1.1.
#pragma once

#include "proto/api/login.hpp"
#include "reference-server/api/http.hpp"
#include "reference-server/faults/wrong_api.hpp"
#include "reference-server/identity/second_factor.hpp"

namespace deskcheck::server::api {

Response challenge_answer(const AccountRecord& account, const std::string& secret,
                          const WrongApi& wrong);
// What of a login is the second step.
identity::CodeAnswer code_answer(const http_api::LoginRequest& login);

}  // namespace deskcheck::server::api
