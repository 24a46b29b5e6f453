// Servers on which a device may only register when somebody with a token has deployed it.
#include "conformance/cases/api/general.hpp"
#include "conformance/cases/device_cli/assign.hpp"

#include <array>

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

// client:src/ui_interface.rs:1081-1150
json::object deployment(const LabDevice& device) {
  json::object body;
  body["id"] = device.id();
  body["uuid"] = wire::to_base64(device.identity().uuid);
  body["pk"] = wire::to_text(device.identity().keys.public_key);
  return body;
}

Task<Answer<HttpAnswer>> deploy(ApiClient& client, json::object body, std::string token) {
  return client.post("/api/devices/deploy", std::move(body), std::move(token));
}

MATCHER_P(Says, result, "{\"result\": \"" + std::string(result) + "\"}") {
  const auto body = arg.arrived() ? object_in(*arg) : std::nullopt;
  return body && member_of(*body, "result") == json::value(result);
}
MATCHER(SaysOneOfFour, "a result that is OK, NOT_ENABLED, INVALID_INPUT or ID_TAKEN") {
  const auto body = arg.arrived() ? object_in(*arg) : std::nullopt;
  if (!body) return false;
  for (const char* known : {"OK", "NOT_ENABLED", "INVALID_INPUT", "ID_TAKEN"})
    if (member_of(*body, "result") == json::value(known)) return true;
  return false;
}

ServerSetup that_wants_deployment() {
  ServerSetup setup;
  setup.deploy_mode = true;
  return setup;
}

}  // namespace

// Whatever the server does with it, the client knows four words.
CASE(deploy_words, "api/device-deploy/words",
     checks("HTTP-DEPLOY-01", "HTTP-DEPLOY-06", "HTTP-GEN-07"), takes(kApiStory)) {
  const std::string token = script_token(lab);
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const auto device = lab.device();
    const auto answer = co_await deploy(client, deployment(device), token);
    lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
    if (!lab.verdict("HTTP-DEPLOY-01", answer, SaysOneOfFour())) co_return;
    if (lab.starts_servers()) lab.verdict("HTTP-DEPLOY-06", answer, Says("NOT_ENABLED"));
  }
  if (!lab.starts_servers())
    lab.not_applicable("whether devices have to be deployed is for the target's owner to say");
}

CASE(deploy_ok, "api/device-deploy/deployed",
     checks("HTTP-DEPLOY-01", "HTTP-DEPLOY-02", "HTTP-DEPLOY-03", "HTTP-DEPLOY-05"),
     takes(kAgentStory), does(Effect::restarts)) {
  lab.needs({"rendezvous.udp"});
  co_await lab.own_server(that_wants_deployment());
  const std::string token = script_token(lab);
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    auto device = lab.device();
    const auto early = co_await device.register_pk(lab.within(5s));
    lab.verdict("HTTP-DEPLOY-02", early, Results(hbb::RegisterPkResponse::NOT_DEPLOYED));
    const auto deployed = co_await deploy(client, deployment(device), token);
    if (!lab.verdict("HTTP-DEPLOY-01", deployed, Says("OK"))) co_return;
    const auto again = co_await deploy(client, deployment(device), token);
    lab.verdict("HTTP-DEPLOY-05", again, Says("OK"));
    const auto registered = co_await device.register_pk(lab.within(5s));
    lab.verdict("HTTP-DEPLOY-02", registered, Results(hbb::RegisterPkResponse::OK));
    const auto later = co_await deploy(client, deployment(device), token);
    lab.verdict("HTTP-DEPLOY-05", later, Says("OK"));
    // Another machine that would like to have this id.
    auto thief = lab.device(device.id());
    const auto taken = co_await deploy(client, deployment(thief), token);
    lab.verdict("HTTP-DEPLOY-03", taken, Says("ID_TAKEN"));
    const auto refused = co_await thief.register_pk(lab.within(5s));
    lab.verdict("HTTP-DEPLOY-03", refused, Refused());
    co_await lab.wait(lab.target().limits.id_pause);
    const auto still = co_await device.register_pk(lab.within(5s));
    lab.verdict("HTTP-DEPLOY-03", still, Results(hbb::RegisterPkResponse::OK));
  }
}

// --id: the machine takes another one, under which it registers from then on.
CASE(deploy_new_id, "api/device-deploy/new-id", checks("HTTP-DEPLOY-02"),
     after("api/device-deploy/deployed"), takes(kApiStory), does(Effect::restarts)) {
  co_await lab.own_server(that_wants_deployment());
  const std::string token = script_token(lab);
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    auto device = lab.device();
    device.identity().id = "K-" + lab.fresh_id();
    const auto deployed = co_await deploy(client, deployment(device), token);
    lab.verdict("HTTP-DEPLOY-02", deployed, Says("OK"));
    const auto registered = co_await device.register_pk(lab.within(5s));
    lab.verdict("HTTP-DEPLOY-02", registered, Results(hbb::RegisterPkResponse::OK));
  }
}

CASE(deploy_refused, "api/device-deploy/refused",
     checks("HTTP-DEPLOY-01", "HTTP-DEPLOY-02", "HTTP-DEPLOY-04", "HTTP-GEN-07", "HTTP-GEN-14",
            "HTTP-GEN-17"),
     after("api/device-deploy/deployed"), takes(kApiStory), does(Effect::restarts)) {
  co_await lab.own_server(that_wants_deployment());
  const std::string token = script_token(lab);
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    auto device = lab.device();
    const auto body = deployment(device);
    const std::string login = co_await client.sign_in("user");
    for (const std::string& wrong : {std::string(), "wrong-" + lab.fresh_id(), login}) {
      const auto answer = co_await deploy(client, body, wrong);
      lab.verdict("HTTP-DEPLOY-04", answer, PrintsSomething());
      lab.verdict("HTTP-DEPLOY-04", answer, IsNot(Says("OK")));
    }
    const auto none = co_await device.register_pk(lab.within(5s));
    lab.verdict("HTTP-DEPLOY-02", none, Results(hbb::RegisterPkResponse::NOT_DEPLOYED));
    for (const auto& [name, value] : std::vector<std::pair<const char*, const char*>>{
             {"id", ""}, {"uuid", "***"}, {"pk", ""}, {"pk", "YQ=="}, {"pk", "not base64"}}) {
      auto wrong = body;
      wrong[name] = value;
      const auto answer = co_await deploy(client, wrong, token);
      lab.verdict("HTTP-DEPLOY-01", answer, Says("INVALID_INPUT"));
    }
    for (const char* name : {"id", "uuid", "pk"}) {
      auto wrong = body;
      wrong[name] = 5;
      const auto answer = co_await deploy(client, wrong, token);
      lab.verdict("HTTP-DEPLOY-02", answer, IsNot(Says("OK")));
      lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
    }
    for (const char* text : {"", "{", "[]", "null", "{}"}) {
      const auto answer = co_await client.post_text("/api/devices/deploy", text, token);
      lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
    }
    const auto later = co_await deploy(client, of_tomorrow(body), token);
    lab.verdict("HTTP-GEN-14", later, Says("OK"));
  }
  (void)co_await api_still_serves(lab, client, "HTTP-GEN-17");
}

}  // namespace deskcheck::conformance
