#include "reference-server/api/for_scripts.hpp"

#include "reference-server/api/answers.hpp"

namespace deskcheck::server::api {

Handler for_scripts(identity::Accounts& accounts, const WrongApi& wrong, Handler handler) {
  const auto for_administrators =
      for_accounts(accounts, wrong,
                   [handler](const AccountRecord& caller, const Request& request, net::Time now) {
                     if (caller.administrator) return handler(request, now);
                     return failure(403, "Only scripts and administrators may do this");
                   });
  return [&accounts, &wrong, handler, for_administrators](const Request& request, net::Time now) {
    const auto script = accounts.is_script_token(bearer(request));
    if (!script) return storage_failure();
    if (*script && !wrong.scripts_have_to_sign_in) return handler(request, now);
    return for_administrators(request, now);
  };
}

}  // namespace deskcheck::server::api
