// POST /api/logout. Source: http-api.md section 1.3.
#include "reference-server/api/answers.hpp"
#include "reference-server/api/for_accounts.hpp"
#include "reference-server/api/groups.hpp"

namespace deskcheck::server::api {

void add_logout(Router& router, const Options& options, identity::Accounts& accounts) {
  const WrongApi& wrong = options.faults.policies;
  router.add(
      "POST", "/api/logout",
      for_accounts(accounts, wrong, [&](const AccountRecord&, const Request& request, net::Time) {
        if (!accounts.sign_out(bearer(request))) return storage_failure();
        if (wrong.logout_says_text) return text_answer("Good bye");
        return json_answer(boost::json::object());
      }));
}

}  // namespace deskcheck::server::api
