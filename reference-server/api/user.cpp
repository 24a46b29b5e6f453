#include "reference-server/api/user.hpp"

#include "proto/api/user_payload.hpp"

namespace deskcheck::server::api {

boost::json::object user_payload(const AccountRecord& account, const WrongApi& wrong) {
  http_api::UserPayload user;
  user.name = account.name;
  user.display_name = account.display_name;
  user.email = account.email;
  user.status = account.disabled ? 0 : 1;
  user.is_admin = account.administrator;
  auto payload = to_json(user);
  if (wrong.integers_are_texts) payload["status"] = std::to_string(user.status);
  if (wrong.user_texts_are_numbers) payload["note"] = 0;
  if (wrong.user_without_info) payload.erase("info");
  if (wrong.admin_is_a_number) payload["is_admin"] = user.is_admin ? 1 : 0;
  return payload;
}

boost::json::object own_payload(const AccountRecord& account, const Options& options) {
  if (!options.abilities.user_payload) return {{"name", account.name}};
  return user_payload(account, options.faults.policies);
}

}  // namespace deskcheck::server::api
