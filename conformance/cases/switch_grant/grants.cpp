// "Switch sides": the controlled side lets the other one come back once, without its password.
// client:src/hbbs_http/sync.rs:317-407, client:src/client.rs:460,871
#include "conformance/cases/api/general.hpp"
#include "conformance/lab/controller.hpp"
#include "conformance/lab/totp.hpp"

#include <sodium.h>

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

constexpr std::int64_t kADay = 86'400;  // seconds, outside of every window

std::string sha256_text(std::string_view text) {
  std::string hash(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size());
  return wire::to_base64(hash);
}
// What both sides know of one switch, and what the server is told of it.
std::string fresh_switch_code(Lab& lab) { return sha256_text(lab.fresh_uuid()); }
std::string verifier_of(std::string_view code) {
  return sha256_text(std::string("switch-grant-verifier") + '\0' + std::string(code));
}

json::object grant_of(const Identity& device, std::string_view code, std::int64_t at) {
  const std::string verifier = verifier_of(code), timestamp = std::to_string(at);
  const std::string message =
      std::string("switch-grant") + '\0' + device.id + '\0' + verifier + '\0' + timestamp;
  json::object body;
  body["id"] = device.id;
  body["switch_code_verifier"] = verifier;
  body["timestamp"] = timestamp;
  body["signature"] = wire::to_base64(wire::sign(message, device.keys).substr(0, 64));
  return body;
}

Task<Answer<HttpAnswer>> send_grant(ApiClient& agent, json::object body) {
  return agent.post("/api/switch-grant", std::move(body));
}

// What the server's clock says, if it rejected a grant for that.
std::optional<std::int64_t> server_time_in(const HttpAnswer& answer) {
  const auto body = object_in(answer);
  const auto time = body ? member_of(*body, "server_time") : json::value();
  if (!time.is_int64()) return std::nullopt;
  return time.get_int64();
}

// As agents do: with their own clock, and once more with the server's.
Task<Answer<HttpAnswer>> grant(Lab& lab, ApiClient& agent, Identity device, std::string code) {
  auto answer = co_await send_grant(agent, grant_of(device, code, target_time(lab)));
  const auto told = answer ? server_time_in(*answer) : std::nullopt;
  if (!told) co_return std::move(answer);
  co_return co_await send_grant(agent, grant_of(device, code, *told));
}

MATCHER(SaysWhether, "a JSON object with a boolean accepted") {
  const auto body = arg.arrived() ? object_in(*arg) : std::nullopt;
  return body && member_of(*body, "accepted").is_bool();
}
MATCHER_P(Accepts, wanted, std::string("{\"accepted\": ") + (wanted ? "true}" : "false}")) {
  const auto body = arg.arrived() ? object_in(*arg) : std::nullopt;
  return body && member_of(*body, "accepted") == json::value(wanted);
}
MATCHER(TellsServerTime, "a whole server_time") {
  return arg.arrived() && server_time_in(*arg).has_value();
}

void need_grants(const Lab& lab, const Answer<HttpAnswer>& answer) {
  if (answer && answer->status == 404 && !lab.starts_servers())
    lab.not_applicable("the target knows no grants, which clients accept");
}

// Requests that carry the code, of somebody who is not signed in, each over a new connection.
hbb::PunchHoleRequest punch_with(Lab& lab, const LabDevice& device, std::string code) {
  auto request = lab.controller().request_for(device.id());
  request.set_switch_code(std::move(code));
  return request;
}
hbb::RequestRelay relay_with(Lab& lab, const LabDevice& device, std::string code) {
  hbb::RequestRelay request;
  request.set_id(device.id());
  request.set_uuid("session " + lab.fresh_id());
  request.set_licence_key(lab.target().licence_key);
  request.set_relay_server(to_string(lab.target().relay));
  request.set_switch_code(std::move(code));
  return request;
}

template <class Request>
Task<void> is_let_in(Lab& lab, LabDevice& device, Request request) {
  auto controller = lab.controller(Over::secure);
  co_await controller.send_member(std::move(request));
  const auto push = co_await device.any_push(lab.within(5s));
  lab.verdict("HTTP-SWG-04", push, Arrived());
}
template <class Request>
Task<void> is_kept_out(Lab& lab, LabDevice& device, Request request) {
  auto controller = lab.controller(Over::secure);
  co_await controller.send_member(std::move(request));
  const auto refusal = co_await controller.next_message(lab.within(5s));
  refusal.ignore();  // in whatever words
  const auto before = co_await device.before_barrier();
  lab.verdict("HTTP-SWG-04", before, HasNoPush());
}

ServerSetup that_requires_login() {
  ServerSetup setup;
  setup.require_login = true;
  return setup;
}

}  // namespace

CASE(grant_accepted, "api/switch-grant/accepted",
     checks("HTTP-SWG-01", "HTTP-SWG-03", "HTTP-GEN-11", "HTTP-GEN-14"), takes(kApiStory)) {
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device);
  for (const Way way : ways(lab)) {
    agent.use(way);
    const std::string code = fresh_switch_code(lab);
    const auto answer = co_await grant(lab, agent, device.identity(), code);
    need_grants(lab, answer);
    lab.verdict("HTTP-GEN-11", answer, IsServedWithoutToken());
    if (!lab.verdict("HTTP-SWG-01", answer, SaysWhether())) co_return;
    lab.verdict("HTTP-SWG-03", answer, Accepts(true));
    const auto more = grant_of(device.identity(), fresh_switch_code(lab), target_time(lab));
    const auto later = co_await send_grant(agent, of_tomorrow(more));
    lab.verdict("HTTP-GEN-14", later, SaysWhether());
  }
}

// A clock that is wrong can be helped, and nothing else is blamed on it.
CASE(grant_clock, "api/switch-grant/clock", checks("HTTP-SWG-01", "HTTP-SWG-02"),
     after("api/switch-grant/accepted"), takes(kApiStory)) {
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device);
  const Identity& identity = device.identity();
  for (const Way way : ways(lab)) {
    agent.use(way);
    const std::string code = fresh_switch_code(lab);
    for (const std::int64_t wrong : {kADay, -kADay}) {
      const std::int64_t at = target_time(lab) + wrong;
      if (at < 0) continue;  // no client's clock is before 1970
      const auto answer = co_await send_grant(agent, grant_of(identity, code, at));
      lab.verdict("HTTP-SWG-01", answer, Accepts(false));
      if (!lab.verdict("HTTP-SWG-02", answer, TellsServerTime())) co_return;
      const std::int64_t told = *server_time_in(*answer);
      const auto again = co_await send_grant(agent, grant_of(identity, code, told));
      lab.verdict("HTTP-SWG-02", again, Accepts(true));
    }
  }
}

CASE(grant_forged, "api/switch-grant/forged", checks("HTTP-SWG-02", "HTTP-SWG-03"),
     after("api/switch-grant/accepted"), takes(kApiStory)) {
  auto device = co_await lab.registered_device();
  auto other = co_await lab.registered_device();
  ApiClient agent(lab, device);
  const Identity& identity = device.identity();
  for (const Way way : ways(lab)) {
    agent.use(way);
    const std::string code = fresh_switch_code(lab);
    const std::int64_t now = target_time(lab);
    // Signed by somebody else, in the name of somebody whom nobody knows, and what was changed.
    Identity thief = identity, stranger = identity;
    thief.keys = other.identity().keys;
    stranger.id = lab.fresh_id();
    std::vector<json::object> forged{grant_of(thief, code, now), grant_of(stranger, code, now)};
    for (const auto& [name, value] : std::vector<std::pair<const char*, std::string>>{
             {"id", other.id()},
             {"switch_code_verifier", verifier_of("another code")},
             {"timestamp", std::to_string(now + 1)},
             {"signature", ""},
             {"signature", "not base64"},
             {"signature", wire::to_base64(std::string(64, 's'))},
             {"signature", wire::to_base64(std::string(63, 's'))}}) {
      forged.push_back(grant_of(identity, code, now));
      forged.back()[name] = value;
    }
    for (const auto& body : forged) {
      const auto answer = co_await send_grant(agent, body);
      lab.verdict("HTTP-SWG-03", answer, Accepts(false));
      lab.verdict("HTTP-SWG-02", answer, IsNot(TellsServerTime()));
    }
  }
}

// Where a login is required, the code opens the door once, and no other code does.
CASE(grant_used, "api/switch-grant/used", checks("HTTP-SWG-04"), after("api/switch-grant/accepted"),
     takes(kApiStory), does(Effect::restarts)) {
  co_await lab.own_server(that_requires_login());
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device);
  for (const Way way : ways(lab)) {
    agent.use(way);
    const std::string code = fresh_switch_code(lab), other = fresh_switch_code(lab);
    co_await is_kept_out(lab, device, punch_with(lab, device, code));
    const auto granted = co_await grant(lab, agent, device.identity(), code);
    lab.require("the grant", granted, Accepts(true));
    co_await is_kept_out(lab, device, punch_with(lab, device, other));
    co_await is_let_in(lab, device, punch_with(lab, device, code));
    co_await is_kept_out(lab, device, punch_with(lab, device, code));
  }
}

CASE(grant_relayed, "api/switch-grant/used-for-relay", checks("HTTP-SWG-04"),
     after("api/switch-grant/accepted"), takes(kApiStory), does(Effect::restarts)) {
  co_await lab.own_server(that_requires_login());
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device);
  const std::string code = fresh_switch_code(lab);
  co_await is_kept_out(lab, device, relay_with(lab, device, code));
  const auto granted = co_await grant(lab, agent, device.identity(), code);
  lab.require("the grant", granted, Accepts(true));
  co_await is_let_in(lab, device, relay_with(lab, device, code));
  co_await is_kept_out(lab, device, relay_with(lab, device, code));
}

CASE(grant_malformed, "api/switch-grant/malformed", checks("HTTP-GEN-07", "HTTP-GEN-17"),
     takes(kApiStory), does(Effect::reads)) {
  ApiClient agent(lab);
  for (const Way way : ways(lab)) {
    agent.use(way);
    for (
        const char* text :
        {"", "{", "[]", "null", "{}", R"({"id":5,"switch_code_verifier":[],"timestamp":0})",
         R"({"id":"1","switch_code_verifier":"a","timestamp":"x","signature":"YQ=="})",
         R"({"id":"1","switch_code_verifier":"a","timestamp":"99999999999999999999","signature":"YQ=="})",
         "{\"id\":\"\xff\"}"}) {
      const auto answer = co_await agent.post_text("/api/switch-grant", text);
      lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
    }
  }
  (void)co_await api_still_serves(lab, agent, "HTTP-GEN-17");
}

}  // namespace deskcheck::conformance
