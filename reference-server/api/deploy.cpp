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
  const WrongApi& wrong = options.faults.policies;
  const auto deployed = [deploy = std::move(deploy), &wrong](const Request& request) {
    const auto result = result_of(request, deploy);
    if (result == DeployResult::failed) return storage_failure();
    constexpr const char* kWords[] = {"OK", "NOT_ENABLED", "INVALID_INPUT", "ID_TAKEN"};
    constexpr const char* kWrongWords[] = {"ok", "not_enabled", "invalid_input", "id_taken"};
    const auto& words = wrong.deploy_results_are_lower_case ? kWrongWords : kWords;
    return json_answer(json::object{{"result", words[static_cast<int>(result)]}});
  };
  const auto for_administrators = for_accounts(
      accounts, wrong, [deployed](const AccountRecord& caller, const Request& request, net::Time) {
        if (!caller.administrator && !caller.password_hash.empty())
          return failure(403, "Only scripts and administrators may do this");
        return deployed(request);
      });
  // A script has a token of its own; those of the options that are nobody's are as good.
  router.add(
      "POST", "/api/devices/deploy",
      [&accounts, &wrong, deployed, for_administrators](const Request& request, net::Time now) {
        const auto script = accounts.is_script_token(bearer(request));
        if (!script) return storage_failure();
        if (*script) return deployed(request);
        auto response = for_administrators(request, now);
        if (response.status == 401 && wrong.deploy_refusal_is_empty) response.body.clear();
        return response;
      });
}

}  // namespace deskcheck::server::api
