// POST /api/oidc/auth, GET /api/oidc/auth-query, and GET /api/oidc/callback, where browsers come
// back. Source: http-api.md chapter 8.
#include "reference-server/api/answers.hpp"
#include "reference-server/api/for_accounts.hpp"
#include "reference-server/api/groups.hpp"
#include "reference-server/oidc/sign_ins.hpp"

namespace deskcheck::server::api {

namespace {

// The URL under which this request has reached the server; empty if it does not say.
std::string base_of(const Request& request) {
  const auto host = request.header("Host");
  if (host.empty()) return {};
  return (request.over_tls ? "https://" : "http://") + std::string(host);
}

}  // namespace

void add_oidc(Router& router, const Options& options, identity::Accounts& accounts,
              oidc::SignIns& sign_ins) {
  const WrongApi& wrong = options.faults.policies;
  const Handler begin = [&sign_ins](const Request& request, net::Time now) {
    const auto asked = http_api::parse_oidc_request(request.body);
    if (!asked) return failure(400, "The body has to be a JSON object");
    return sign_ins.begin(*asked, base_of(request), request.from, now);
  };
  router.add("POST", "/api/oidc/auth",
             wrong.oidc_auth_needs_token
                 ? for_accounts(accounts, wrong,
                                [begin](const auto&, const Request& request, net::Time now) {
                                  return begin(request, now);
                                })
                 : begin);
  router.add("GET", "/api/oidc/auth-query", [&sign_ins](const Request& request, net::Time now) {
    return sign_ins.ask(request, now);
  });
  router.add("GET", std::string(oidc::kCallback),
             [&sign_ins](const Request& request, net::Time now) {
               return sign_ins.come_back(request, now);
             });
  if (wrong.oidc_page_needs_token)
    router.add("GET", "/api/oidc/page",
               for_accounts(accounts, wrong, [](const auto&...) { return text_answer(""); }));
}

}  // namespace deskcheck::server::api
