// The admin API: what operators do with a running server, below /api/admin. For administrators who
// are signed in, from the addresses of Options::admin_from; docs/administer.md lists the routes.
// A file per group. Success is 200 with a JSON object, a failure has an error that is one line.
#pragma once

#include "reference-server/admin/desk.hpp"

namespace deskcheck::server::admin {

constexpr std::string_view kBelow = "/api/admin/";

void add_routes(api::Router& router, const Desk& desk);

void add_users(api::Router& router, const Desk& desk);
void add_device_groups(api::Router& router, const Desk& desk);
void add_books(api::Router& router, const Desk& desk);
void add_devices(api::Router& router, const Desk& desk);
void add_strategies(api::Router& router, const Desk& desk);
void add_audits(api::Router& router, const Desk& desk);
void add_recordings(api::Router& router, const Desk& desk);
void add_identity_providers(api::Router& router, const Desk& desk);
void add_script_tokens(api::Router& router, const Desk& desk);

}  // namespace deskcheck::server::admin
