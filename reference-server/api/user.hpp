// A user as all endpoints show it: HTTP-USER-02.
#pragma once

#include "reference-server/faults/wrong_api.hpp"
#include "reference-server/options.hpp"
#include "reference-server/store/api_store.hpp"

#include <boost/json.hpp>

namespace deskcheck::server::api {

boost::json::object user_payload(const AccountRecord& account, const WrongApi& wrong);
// The same for whoever signs in; a server that knows no more of an account says its name.
boost::json::object own_payload(const AccountRecord& account, const Options& options);

}  // namespace deskcheck::server::api
