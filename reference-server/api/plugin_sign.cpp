// POST /lic/web/api/plugin-sign. Source: http-api.md chapter 10.
#include "proto/api/json.hpp"
#include "proto/schema/session.pb.h"
#include "proto/wire/keys.hpp"
#include "reference-server/api/answers.hpp"
#include "reference-server/api/for_accounts.hpp"
#include "reference-server/api/groups.hpp"

namespace deskcheck::server::api {

namespace json = boost::json;

namespace {

constexpr std::size_t kLongestMessage = 64 * 1024;  // bytes

std::optional<std::string> bytes_of(const json::object& body) {
  const auto* member = body.if_contains("msg");
  const auto* list = member ? member->if_array() : nullptr;
  if (!list || list->size() > kLongestMessage) return std::nullopt;
  std::string bytes;
  for (const auto& element : *list) {
    boost::system::error_code error;
    const auto number = element.to_number<std::int64_t>(error);
    if (error || element.is_double() || number < 0 || number > 255) return std::nullopt;
    bytes += static_cast<char>(number);
  }
  return bytes;
}

// What this server signs for its clients: whoever gets that signed for himself can be any device,
// or the server.
bool is_of_the_protocol(const std::string& message) {
  constexpr std::size_t kKey = sizeof(wire::Bytes32);
  hbb::IdPk identity;
  return message.size() == kKey ||
         (identity.ParseFromString(message) && identity.pk().size() == kKey);
}

json::value in_json(const std::string& bytes, const WrongApi& wrong) {
  if (wrong.signed_msg_is_base64) return json::value(wire::to_base64(bytes));
  json::array list;
  for (const char byte : bytes) list.emplace_back(static_cast<unsigned char>(byte));
  return list;
}

Response plugin_sign(const Request& request, const Options& options) {
  const WrongApi& wrong = options.faults.policies;
  if (!options.identity) return failure(404, "Not found");
  if (wrong.plugin_sign_needs_token && bearer(request).empty())
    return failure(401, "Invalid token");
  const auto body = http_api::parse_object(request.body);
  const auto message = body ? bytes_of(*body) : std::nullopt;
  if (!message) return failure(400, "msg has to be a list of at most 65536 bytes");
  if (is_of_the_protocol(*message)) return failure(403, "This is not signed for anybody");
  auto signed_message = in_json(wire::sign(*message, *options.identity), wrong);
  if (wrong.signed_msg_comes_alone) return json_answer(signed_message);
  return json_answer(json::object{{"signed_msg", std::move(signed_message)}});
}

}  // namespace

void add_plugin_sign(Router& router, const Options& options) {
  if (!options.sign_plugins) return;
  const WrongApi& wrong = options.faults.policies;
  router.add(
      "POST", wrong.plugin_sign_is_below_api ? "/api/plugin-sign" : "/lic/web/api/plugin-sign",
      [&options](const Request& request, net::Time) { return plugin_sign(request, options); });
}

}  // namespace deskcheck::server::api
