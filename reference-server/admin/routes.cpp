#include "reference-server/admin/routes.hpp"

namespace deskcheck::server::admin {

void add_routes(api::Router& router, const Desk& desk) {
  add_users(router, desk);
  add_device_groups(router, desk);
  add_books(router, desk);
  add_devices(router, desk);
  add_strategies(router, desk);
  add_audits(router, desk);
  add_recordings(router, desk);
  add_identity_providers(router, desk);
  add_script_tokens(router, desk);
}

}  // namespace deskcheck::server::admin
