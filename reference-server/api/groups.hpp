// The groups of endpoints, a file each: what they add to the router. Everything that is handed in
// outlives the router.
#pragma once

#include "reference-server/api/accessible.hpp"
#include "reference-server/api/assign.hpp"
#include "reference-server/api/audits.hpp"
#include "reference-server/api/books.hpp"
#include "reference-server/api/devices.hpp"
#include "reference-server/api/recordings.hpp"
#include "reference-server/api/router.hpp"
#include "reference-server/api/strategies.hpp"
#include "reference-server/api/switch_grants.hpp"
#include "reference-server/identity/accounts.hpp"
#include "reference-server/identity/second_factor.hpp"
#include "reference-server/options.hpp"

namespace deskcheck::server::oidc {
class SignIns;
}

namespace deskcheck::server::api {

// What POST /api/devices/deploy asks for.
struct Deployment {
  std::string id, uuid, pk;  // the last two as bytes
};
enum class DeployResult { ok, not_enabled, invalid_input, id_taken, failed };
using Deploy = std::function<DeployResult(const Deployment&)>;

void add_login(Router& router, const Options& options, identity::Accounts& accounts,
               identity::SecondFactor& second_factor, Accessible& accessible);
void add_login_options(Router& router, const Options& options, identity::Accounts& accounts,
                       ApiStore& store);
void add_oidc(Router& router, const Options& options, identity::Accounts& accounts,
              oidc::SignIns& sign_ins);
void add_logout(Router& router, const Options& options, identity::Accounts& accounts);
void add_current_user(Router& router, const Options& options, identity::Accounts& accounts);
void add_heartbeat(Router& router, const Options& options, Devices& devices,
                   Strategies& strategies);
void add_sysinfo(Router& router, const Options& options, Devices& devices, Strategies& strategies,
                 Assigner& assigner);
void add_address_book_legacy(Router& router, identity::Accounts& accounts, Books& books);
void add_address_book_reads(Router& router, const Options& options, identity::Accounts& accounts,
                            Books& books);
void add_address_book_peers(Router& router, identity::Accounts& accounts, Books& books);
void add_address_book_tags(Router& router, identity::Accounts& accounts, Books& books);
void add_group_tab(Router& router, const Options& options, identity::Accounts& accounts,
                   Accessible& accessible);
void add_audit_reports(Router& router, const Options& options, Audits& audits);
void add_audit_notes(Router& router, const Options& options, identity::Accounts& accounts,
                     Audits& audits);
void add_devices_cli(Router& router, const Options& options, identity::Accounts& accounts,
                     Devices& devices, Assigner& assigner);
void add_record(Router& router, const Options& options, Recordings& recordings);
void add_downloads(Router& router, const Options& options);
void add_switch_grant(Router& router, const Options& options, SwitchGrants& grants);
void add_plugin_sign(Router& router, const Options& options);
void add_deploy(Router& router, const Options& options, identity::Accounts& accounts,
                Deploy deploy);

}  // namespace deskcheck::server::api
