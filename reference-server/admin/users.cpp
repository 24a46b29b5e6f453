// GET and POST /api/admin/users, POST .../remove, .../sign-out, .../expire-token and .../totp.
// Nobody can lock the last door behind himself: administrators do not remove, disable or demote
// themselves.
#include "reference-server/admin/for_administrators.hpp"
#include "reference-server/admin/routes.hpp"
#include "reference-server/identity/totp_enrolment.hpp"

namespace deskcheck::server::admin {

namespace json = boost::json;
using api::Response;
using identity::Changed;

namespace {

Response list_users(const Desk& desk) {
  const auto accounts = desk.store.accounts();
  if (!accounts) return api::storage_failure();
  const auto identities = desk.store.identities().identities();
  if (!identities) return api::storage_failure();
  std::map<std::string, json::array> of;
  for (const auto& one : *identities)
    of[one.account].push_back(json::object{{"provider", one.provider}, {"subject", one.subject}});
  json::array list;
  for (const auto& account : *accounts)
    list.push_back(json::object{{"name", account.name},
                                {"display_name", account.display_name},
                                {"email", account.email},
                                {"is_admin", account.administrator},
                                {"disabled", account.disabled},
                                {"email_code", account.email_code},
                                {"totp", !account.totp_secret.empty()},
                                {"identities", std::move(of[account.name])}});
  return api::json_answer(json::object{{"users", std::move(list)}});
}

Response put_user(const Desk& desk, const AccountRecord& caller, Members& body) {
  identity::AccountChange change;
  change.name = body.name("name");
  change.password = body.maybe_text("password");
  change.display_name = body.maybe_text("display_name");
  change.email = body.maybe_text("email");
  change.administrator = body.maybe_flag("is_admin");
  change.disabled = body.maybe_flag("disabled");
  change.email_code = body.maybe_flag("email_code");
  if (const auto refusal = body.refusal()) return *refusal;
  const bool locks_out = change.administrator == false || change.disabled == true;
  if (change.name == caller.name && locks_out)
    return api::failure(409, "Ask another administrator to take this from you");
  switch (desk.accounts.change(change)) {
    case Changed::done:
      desk.strategies.changed();
      return done({});
    case Changed::needs_password:
      return api::failure(400, "password is empty, or missing for a new user");
    case Changed::needs_email:
      return api::failure(400, "email is missing: codes have to be sent somewhere");
    case Changed::too_long:
      return api::failure(400, "password is too long");
    case Changed::storage_fails:
      break;
  }
  return api::storage_failure();
}

using UserAct = std::function<Response(const AccountRecord&)>;

Response with_user(const Desk& desk, const std::string& name, const UserAct& act) {
  const auto account = desk.store.find_account(name);
  if (!account) return api::storage_failure();
  return *account ? act(**account) : no_such("user", name);
}

Response remove_user(const Desk& desk, const AccountRecord& caller, Members& body) {
  const auto name = body.name("name");
  if (const auto refusal = body.refusal()) return *refusal;
  if (name == caller.name) return api::failure(409, "Ask another administrator to remove you");
  return with_user(desk, name, [&](const AccountRecord&) {
    const auto result = desk.store.remove_account(name);
    desk.strategies.changed();
    return done(result);
  });
}

Response sign_out(const Desk& desk, Members& body) {
  const auto name = body.name("name");
  if (const auto refusal = body.refusal()) return *refusal;
  return with_user(desk, name,
                   [&](const AccountRecord&) { return done(desk.store.remove_tokens_of(name)); });
}

Response expire_token(const Desk& desk, Members& body, net::Time now) {
  const auto token = body.name("token");
  if (const auto refusal = body.refusal()) return *refusal;
  const auto expired = desk.accounts.expire(token, now);
  if (!expired) return api::storage_failure();
  // A token is told to nobody, not even to whom it was told by.
  return *expired ? done({}) : api::failure(404, "Nobody is signed in with this token");
}

Response enrol(const Desk& desk, Members& body) {
  const auto name = body.name("name");
  const bool removes = body.maybe_flag("remove").value_or(false);
  if (const auto refusal = body.refusal()) return *refusal;
  return with_user(desk, name, [&](AccountRecord account) {
    account.totp_secret = removes ? "" : desk.accounts.new_totp_secret();
    if (!desk.store.put_account(account)) return api::storage_failure();
    if (removes) return done({});
    return api::json_answer(
        json::object{{"secret", account.totp_secret},
                     {"uri", identity::totp_uri(account.name, account.totp_secret)}});
  });
}

}  // namespace

void add_users(api::Router& router, const Desk& desk) {
  router.add("GET", "/api/admin/users",
             for_administrators(desk, [desk](const auto&...) { return list_users(desk); }));
  router.add("POST", "/api/admin/users",
             changing(desk, [desk](const auto& caller, Members& body, net::Time) {
               return put_user(desk, caller, body);
             }));
  router.add("POST", "/api/admin/users/remove",
             changing(desk, [desk](const auto& caller, Members& body, net::Time) {
               return remove_user(desk, caller, body);
             }));
  router.add("POST", "/api/admin/users/sign-out",
             changing(desk, [desk](const auto&, Members& body, net::Time) {
               return sign_out(desk, body);
             }));
  router.add("POST", "/api/admin/users/expire-token",
             changing(desk, [desk](const auto&, Members& body, net::Time now) {
               return expire_token(desk, body, now);
             }));
  router.add(
      "POST", "/api/admin/users/totp",
      changing(desk, [desk](const auto&, Members& body, net::Time) { return enrol(desk, body); }));
}

}  // namespace deskcheck::server::admin
