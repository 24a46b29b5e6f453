// What a plug-in has the server sign. Never through the tunnel.
// client@d1da05c4d^:src/plugin/callback_msg.rs:270-361
#include "conformance/cases/api/general.hpp"

#include <boost/json/serialize.hpp>

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

constexpr net::Duration kPluginPatience = 10s;

MATCHER(HasSignedBytes, "a JSON object whose signed_msg is an array of numbers from 0 to 255") {
  const auto body = arg.arrived() ? object_in(*arg) : std::nullopt;
  const auto* bytes = body ? body->if_contains("signed_msg") : nullptr;
  if (!bytes || !bytes->is_array() || bytes->get_array().empty()) return false;
  for (const auto& byte : bytes->get_array())
    if (!byte.is_int64() || byte.get_int64() < 0 || byte.get_int64() > 255) return false;
  return true;
}
MATCHER(HasSignedMessage, "a JSON object with signed_msg") {
  const auto body = arg.arrived() ? object_in(*arg) : std::nullopt;
  return body && body->contains("signed_msg");
}
MATCHER(IsNoSignature, "no JSON object with signed_msg") {
  if (!arg.arrived()) return false;
  const auto body = object_in(*arg);
  return !body || !body->contains("signed_msg");
}

json::object request_for(std::string_view message) {
  json::array bytes;
  for (const char c : message) bytes.push_back(static_cast<unsigned char>(c));
  json::object body;
  body["plugin_id"] = "TestPlugin";
  body["version"] = "1.0.0";
  body["msg"] = std::move(bytes);
  return body;
}

Task<Answer<HttpAnswer>> sign_plugin(ApiClient& client, json::object body) {
  return client.post("/lic/web/api/plugin-sign", std::move(body));
}

}  // namespace

CASE(plugin_signed, "api/plugin-sign/signed",
     checks("HTTP-PLUG-01", "HTTP-PLUG-02", "HTTP-PLUG-03", "HTTP-PLUG-04", "HTTP-GEN-14"),
     takes(kApiStory), does(Effect::reads)) {
  ApiClient client(lab);
  const net::Time begun = lab.now();
  const auto answer = co_await sign_plugin(client, request_for("hello"));
  const net::Duration took = lab.now() - begun;
  if (answer && answer->status == 404 && !lab.starts_servers())
    lab.not_applicable("the target signs nothing for plug-ins, which clients accept");
  lab.verdict("HTTP-PLUG-03", answer, IsNot(HasStatus(404)));
  lab.verdict("HTTP-PLUG-04", answer, IsServedWithoutToken());
  lab.verdict("HTTP-PLUG-04", took, IsShorterThan(kPluginPatience));
  lab.verdict("HTTP-PLUG-02", answer, HasSignedMessage());
  lab.verdict("HTTP-PLUG-01", answer, HasSignedBytes());
  const std::string all = lab.random().bytes(1000) + std::string("\0\xff", 2);
  for (const std::string& message : {std::string("x"), all}) {
    const auto more = co_await sign_plugin(client, request_for(message));
    lab.verdict("HTTP-PLUG-01", more, HasSignedBytes());
  }
  const auto later = co_await sign_plugin(client, of_tomorrow(request_for("hello")));
  lab.verdict("HTTP-GEN-14", later, HasSignedMessage());
}

// What is no message gets no signature.
CASE(plugin_malformed, "api/plugin-sign/malformed",
     checks("HTTP-PLUG-01", "HTTP-GEN-07", "HTTP-GEN-17"), after("api/plugin-sign/signed"),
     takes(kApiStory), does(Effect::reads)) {
  ApiClient client(lab);
  const char* path = "/lic/web/api/plugin-sign";
  for (const char* text :
       {"", "{", "[]", "null", "{}", R"({"plugin_id":"a","version":"1","msg":"aGVsbG8="})",
        R"({"plugin_id":"a","version":"1","msg":[256]})",
        R"({"plugin_id":"a","version":"1","msg":[-1]})",
        R"({"plugin_id":"a","version":"1","msg":[1.5,"x"]})"}) {
    const auto answer = co_await client.post_text(path, text);
    lab.verdict("HTTP-PLUG-01", answer, IsNoSignature());
    lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
  }
  (void)co_await api_still_serves(lab, client, "HTTP-GEN-17");
}

CASE(plugin_none, "api/plugin-sign/not-supported", checks("HTTP-PLUG-05"), takes(kApiStory),
     does(Effect::restarts)) {
  ServerSetup setup;
  setup.signs_plugins = false;
  co_await lab.own_server(setup);
  ApiClient client(lab);
  const auto answer = co_await sign_plugin(client, request_for("hello"));
  lab.verdict("HTTP-PLUG-05", answer, HasStatus(404));
}

}  // namespace deskcheck::conformance
