// Servers that the doctor and the probe call on, and hooks of operators: as they are, as they go
// wrong in practice. The suite has no cases about them.
#include "conformance/target/hooks.hpp"
#include "fuzz/seed_maker/seeds.hpp"

namespace deskcheck::fuzz {

namespace {

using D = DoorScript;
using R = ScriptedReply;

void close_door(CallInput& input, D::Place at) {
  auto& door = *input.add_doors();
  door.set_at(at);
  door.set_manner(D::CLOSED);
}

void greet(CallInput& input, D::Place at, const char* greeting) {
  auto& door = *input.add_doors();
  door.set_at(at);
  door.set_manner(*greeting ? D::GREETS : D::SILENT);
  door.set_greeting(greeting);
}

R& reply(CallInput& input, D::Place at, R::Asked asked) {
  auto& added = *input.add_replies();
  added.set_at(at);
  added.set_asked(asked);
  return added;
}

HttpReply& http_reply(CallInput& input, const char* about, HttpReply::Status status,
                      const char* body) {
  auto& added = reply(input, D::API, R::HTTP);
  added.set_about(about);
  added.mutable_http()->set_status(status);
  added.mutable_http()->set_body(body);
  return *added.mutable_http();
}

CallInput open_source() {
  CallInput input;
  input.set_offers_no_key_exchange(true);
  input.set_names_relay("203.0.113.1:21117");
  close_door(input, D::API);
  return input;
}

CallInput nobody() {
  CallInput input;
  for (const auto at : {D::UDP, D::MAIN, D::NAT, D::WEB, D::RELAY, D::RELAY_WEB, D::API})
    close_door(input, at);
  return input;
}

CallInput strangers() {
  CallInput input;
  greet(input, D::MAIN, "SSH-2.0-OpenSSH_9.2\r\n");
  greet(input, D::NAT, "");
  greet(input, D::WEB, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>");
  greet(input, D::RELAY, "\x15\x03\x01");
  http_reply(input, "", HttpReply::OK, "<html>Welcome</html>").set_kind(HttpReply::HTML);
  return input;
}

CallInput own_host() {
  CallInput input;
  input.set_on_own_host(true);
  input.set_caller_has_no_account(true);
  greet(input, D::NAT, "relay-servers(rs) <separated by ,>\n");
  return input;
}

CallInput refusals() {
  CallInput input;
  reply(input, D::UDP, R::REGISTER_PEER)
      .add_messages()
      ->mutable_register_peer_response()
      ->set_request_pk(true);
  reply(input, D::UDP, R::REGISTER_PK)
      .add_messages()
      ->mutable_register_pk_response()
      ->set_result(hbb::RegisterPkResponse::SERVER_ERROR);
  http_reply(input, "/api/login", HttpReply::OK, R"({"error":"Locked"})").set_echoes(true);
  http_reply(input, "/api/ab", HttpReply::NOT_FOUND, R"({"error":"Not found"})");
  http_reply(input, "/api/record", HttpReply::FAILED, "");
  return input;
}

CallInput answers() {
  CallInput input;
  input.set_caller_knows_api(true);
  input.set_caller_knows_download(true);
  input.set_date("Thu, 01 Jan 2026 12:00:10 GMT");
  reply(input, D::NAT, R::ONLINE).add_messages()->mutable_online_response()->set_states("@");
  auto& path = reply(input, D::MAIN, R::PUNCH_HOLE);
  path.set_skips(1);
  path.set_vouches(true);
  path.add_messages()->mutable_relay_response()->set_relay_server("relay.example.com:21117");
  auto& config = reply(input, D::MAIN, R::TEST_NAT);
  config.set_wait_ms(400);
  config.add_messages()->mutable_test_nat_response()->mutable_cu()->set_serial(7);
  return input;
}

CallInput refused_controller() {
  CallInput input;
  input.set_caller_has_another_key(true);
  input.set_asks_for_no_key(true);
  auto& path = reply(input, D::MAIN, R::PUNCH_HOLE);
  path.add_messages()->mutable_punch_hole_response()->set_other_failure("Sign in first");
  auto& relay = reply(input, D::RELAY, R::REQUEST_RELAY);
  relay.set_ending(R::HANGS_UP);
  auto& web = reply(input, D::WEB, R::HTTP);
  web.mutable_http()->set_status(HttpReply::GATEWAY);
  return input;
}

CallInput behind_proxy() {
  CallInput input;
  input.set_caller_knows_proxy(true);
  auto& moved = http_reply(input, "login-options", HttpReply::MOVED, "");
  moved.set_location("https://rd.example.com/");
  auto& garbled = reply(input, D::RELAY_WEB, R::CARRIED);
  garbled.set_raw("something else");
  return input;
}

CallInput slow() {
  CallInput input;
  input.set_segment(7);
  reply(input, D::UDP, R::REGISTER_PEER).set_times(1);
  reply(input, D::MAIN, R::TUNNEL)
      .add_messages()
      ->mutable_http_proxy_response()
      ->set_error("No API");
  auto& late = reply(input, D::API, R::HTTP);
  late.set_wait_ms(2400);
  late.set_about("/api/users");
  return input;
}

// --- hooks ---------------------------------------------------------------------------------------

std::uint32_t hook(const char* name) {
  const std::set<std::string> names = conformance::hook_names();
  return static_cast<std::uint32_t>(std::distance(names.begin(), names.find(name)));
}

void pair(google::protobuf::RepeatedPtrField<HookPair>& pairs, const char* name,
          const char* value) {
  auto& added = *pairs.Add();
  added.set_name(name);
  added.set_value(value);
}

HookCallInput& question(HooksInput& input, std::uint32_t method, const char* path,
                        const char* body) {
  auto& call = *input.add_calls();
  call.set_method(method);
  call.set_path(path);
  call.set_body(body);
  return call;
}

HookReply& answered(HooksInput& input, const char* body) {
  auto& added = *input.add_replies();
  added.set_body(body);
  return added;
}

void sign_in(HooksInput& input) {
  auto& call = *input.mutable_login()->mutable_call();
  call.set_path("/api/admin/login");
  call.set_body(R"({"u":"${user}","p":"${password}"})");
  pair(*call.mutable_expect(), "/code", "0");
  pair(*call.mutable_take(), "token", "/data/token");
  pair(*input.mutable_login()->mutable_headers(), "api-token", "${token}");
  auto& logout = *input.mutable_login()->mutable_logout();
  logout.set_path("/api/admin/logout/${user}");
  logout.set_body(R"({"t":"${token}"})");
  pair(*logout.mutable_expect(), "/code", "0");
}

// POST, GET, PUT, PATCH, DELETE
enum Method : std::uint32_t { kPost, kGet, kPut };

HooksInput strategy() {
  HooksInput input;
  input.set_hook(hook("put-strategy"));
  input.add_arguments(R"({"enable-audio":"N"})");
  input.add_arguments("a");
  sign_in(input);
  auto& find = question(input, kGet, "/strategies?name=${strategy}", "");
  pair(*find.mutable_expect(), "/code", "0");
  pair(*find.mutable_take(), "id", "/data/list/[name=${strategy}]/id");
  question(input, kPost, "/strategies", R"({"name":"${strategy}"})").set_unless("id");
  question(input, kPut, "/strategies/${id}", R"({"id":"${id}","values":"${options}"})")
      .set_only_if("id");
  return input;
}

HooksInput members() {
  HooksInput input;
  input.set_hook(hook("read-device"));
  input.add_arguments("dck1 a");
  auto& call = question(input, kGet, "/devices/${device}", "");
  call.set_answer("/data/list/*");
  pair(*call.mutable_members(), "user", "/name");
  pair(*call.mutable_members(), "sysinfo/os", "/id");
  return input;
}

HooksInput commands() {
  HooksInput input;
  input.set_hook(hook("put-user"));
  for (const char* words : {"${user}", "${password}"}) {
    auto& call = *input.add_calls();
    call.add_exec("./user.py");
    call.add_exec(words);
  }
  pair(*input.mutable_calls(0)->mutable_take(), "id", "/data/list/0/id");
  input.mutable_calls(1)->add_exec("id=${id}");
  (void)answered(input, R"({"data":{"list":[{"id":5}]}})");
  auto& failed = answered(input, "no");
  failed.set_status(HttpReply::NO_TOKEN);  // exit code 1
  failed.set_last_words("no database");
  return input;
}

HooksInput refused() {
  HooksInput input;
  input.set_hook(hook("set-password"));
  question(input, kPost, "/users/${user}", R"({"password":"${password}"})");
  (void)answered(input, R"({"access_token":"t"})");
  auto& no = answered(input, R"({"error":"no"})");
  no.set_status(HttpReply::BAD);
  no.set_echoes(true);
  return input;
}

HooksInput written() {
  HooksInput input;
  input.set_hook(hook("remove-user"));
  input.set_control(
      "  login:\n"
      "    headers: {X-Api-Key: \"${password}\"}\n"
      "  remove-user:\n"
      "    - http: {method: GET, path: /users}\n"
      "      take: {ids: \"/data/list/*/id\"}\n"
      "    - if: ids\n"
      "      exec: [./remove.py, \"${user}\", \"${ids}\"]\n"
      "      seconds: 30\n"
      "      expect: {/code: 0}\n");
  return input;
}

}  // namespace

void add_seeds_of_callers(Seeds& seeds) {
  const std::pair<const char*, CallInput> calls[] = {{"open-source", open_source()},
                                                     {"nobody", nobody()},
                                                     {"strangers", strangers()},
                                                     {"own-host", own_host()},
                                                     {"refusals", refusals()},
                                                     {"answers", answers()},
                                                     {"behind-proxy", behind_proxy()},
                                                     {"slow", slow()},
                                                     {"refused-controller", refused_controller()}};
  for (const auto& [name, input] : calls)
    for (const char* target : {"doctor/", "probe/"})
      seeds[target + std::string(name)] = input.SerializeAsString();
  const std::pair<const char*, HooksInput> hooks[] = {{"strategy", strategy()},
                                                      {"members", members()},
                                                      {"commands", commands()},
                                                      {"refused", refused()},
                                                      {"written", written()}};
  for (const auto& [name, input] : hooks)
    seeds["hooks/" + std::string(name)] = input.SerializeAsString();
}

}  // namespace deskcheck::fuzz
