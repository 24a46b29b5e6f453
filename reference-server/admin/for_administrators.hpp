// Handlers that only administrators may use, from where the server is administered. Their bodies
// are read strictly.
#pragma once

#include "reference-server/admin/desk.hpp"
#include "reference-server/admin/members.hpp"
#include "reference-server/api/answers.hpp"
#include "reference-server/api/router.hpp"

namespace deskcheck::server::admin {

using AdminHandler =
    std::function<api::Response(const AccountRecord& caller, const api::Request&, net::Time now)>;
using ChangeHandler =
    std::function<api::Response(const AccountRecord& caller, Members&, net::Time now)>;

// 401 without a valid token, 403 for everybody else who may not.
api::Handler for_administrators(const Desk& desk, AdminHandler handler);
// The same, for what comes with a body.
api::Handler changing(const Desk& desk, ChangeHandler handler);

// {}, or 409 if the storage has failed.
api::Response done(const boost::system::result<void>& result);
// 404: "There is no such " and what.
api::Response no_such(const std::string& what, const std::string& name);

}  // namespace deskcheck::server::admin
