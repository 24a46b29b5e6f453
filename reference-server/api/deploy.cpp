// POST /api/devices/deploy. Source: http-api.md section 13.2.
#include "proto/api/json.hpp"
#include "proto/wire/keys.hpp"
#include "reference-server/api/answers.hpp"
#include "reference-server/api/for_accounts.hpp"
#include "reference-server/api/groups.hpp"

namespace deskcheck::server::api {

namespace json = boost::json;

namespace {

std::string decoded(const json::object& body, const char* name) {
  const auto bytes = wire::from_base64(http_api::text(body, name).value_or(""));
  return bytes ? *bytes : std::string();
}

DeployResult result_of(const Request& request, const Deploy& deploy) {
  const auto body = http_api::parse_object(request.body);
  const auto id = body ? http_api::text(*body, "id") : std::nullopt;
  if (!id) return DeployResult::invalid_input;
  const Deployment deployment{*id, decoded(*body, "uuid"), decoded(*body, "pk")};
  const bool complete = !deployment.uuid.empty() && deployment.pk.size() == sizeof(wire::Bytes32);
  return complete ? deploy(deployment) : DeployResult::invalid_input;
}

}  // namespace

void add_deploy(Router& router, const Options& options, identity::Accounts& accounts,
                Deploy deploy) {
  router.add(
      "POST", "/api/devices/deploy",
      for_accounts(
          accounts, options.faults.policies,
          [deploy = std::move(deploy)](const AccountRecord&, const Request& request, net::Time) {
            const auto result = result_of(request, deploy);
            if (result == DeployResult::failed) return storage_failure();
            constexpr const char* kWords[] = {"OK", "NOT_ENABLED", "INVALID_INPUT", "ID_TAKEN"};
            return json_answer(json::object{{"result", kWords[static_cast<int>(result)]}});
          }));
}

}  // namespace deskcheck::server::api
