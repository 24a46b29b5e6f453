// POST /api/sysinfo and /api/sysinfo_ver. Source: http-api.md sections 5.2 and 5.3.
#include "proto/api/sysinfo.hpp"

#include "proto/api/json.hpp"
#include "reference-server/api/answers.hpp"
#include "reference-server/api/for_accounts.hpp"
#include "reference-server/api/groups.hpp"

#include <algorithm>

namespace deskcheck::server::api {

namespace {

constexpr std::size_t kLongestSysinfo = 64 * 1024;  // bytes

bool has_unknown_members(const std::string& body) {
  constexpr std::string_view kKnown[] = {"id",     "uuid", "version",  "cpu",
                                         "memory", "os",   "hostname", "username"};
  const auto object = http_api::parse_object(body);
  return object && std::ranges::any_of(*object, [&](const auto& member) {
           return std::ranges::find(kKnown, std::string_view(member.key())) == std::end(kKnown);
         });
}

Response updated(const WrongApi& wrong) {
  std::string text(http_api::kSysinfoUpdated);
  if (wrong.sysinfo_answer_is_quoted) text = '"' + text + '"';
  if (wrong.sysinfo_answer_has_newline) text += '\n';
  if (wrong.sysinfo_is_said_ok) return json_answer(boost::json::object{{"code", 200}});
  return text_answer(text);
}

// What the device says of itself: HTTP-SYS-07, appendix A.4.
DeviceWords presets_in(const http_api::Sysinfo& sysinfo) {
  const auto body = http_api::parse_object(sysinfo.text).value_or(boost::json::object());
  const auto preset = [&](const char* name) {
    return http_api::text(body, std::string("preset-") + name);
  };
  DeviceWords words;
  words.id = sysinfo.id;
  words.user = preset("user-name");
  words.strategy = preset("strategy-name");
  words.device_group = preset("device-group-name");
  words.note = preset("note");
  if (const auto book = preset("address-book-name")) {
    auto& entry = words.entry.emplace();
    entry.book = *book;
    entry.tag = preset("address-book-tag");
    entry.alias = preset("address-book-alias");
    entry.password = preset("address-book-password");
    entry.note = preset("address-book-note");
  }
  return words;
}

struct Fleet {
  Devices& devices;
  Strategies& strategies;
  Assigner& assigner;
};

// Refusals are not ID_NOT_FOUND: after that a client asks again at once, and for ever.
Response sysinfo(const Request& request, net::Time now, const Fleet& fleet, const WrongApi& wrong) {
  auto& devices = fleet.devices;
  if (request.body.size() > kLongestSysinfo) return failure(413, "The body is too long");
  const auto sysinfo = http_api::parse_sysinfo(request.body);
  if (!sysinfo) return failure(400, "id and uuid have to be texts");
  if (wrong.sysinfo_needs_username && sysinfo->username.empty())
    return failure(400, "The username is missing");
  if (wrong.sysinfo_refuses_unknown_members && has_unknown_members(request.body))
    return failure(400, "Unknown member");
  if (wrong.sysinfo_never_finds_id) return text_answer(http_api::kIdNotFound);
  const bool first = !devices.knows(sysinfo->id);
  switch (devices.on(*sysinfo, now)) {
    case Devices::Taken::updated:
      fleet.strategies.uploaded(sysinfo->id);
      if ((first || wrong.presets_come_again) && !wrong.presets_are_ignored)
        fleet.assigner.preset(presets_in(*sysinfo));
      return updated(wrong);
    case Devices::Taken::foreign:
      if (wrong.foreign_uuid_is_id_not_found) return text_answer(http_api::kIdNotFound);
      return failure(403, "The id belongs to another device");
    case Devices::Taken::full:
      return failure(403, "The server takes no more devices");
    case Devices::Taken::storage_fails:
      break;
  }
  return storage_failure();
}

}  // namespace

void add_sysinfo(Router& router, const Options& options, Devices& devices, Strategies& strategies,
                 Assigner& assigner) {
  const Fleet fleet{devices, strategies, assigner};
  const WrongApi& wrong = options.faults.policies;
  const auto refused = [&wrong](const Request& request) {
    return wrong.everything_needs_a_token && bearer(request).empty();
  };
  router.add("POST", "/api/sysinfo", [&, refused, fleet](const Request& request, net::Time now) {
    if (refused(request)) return failure(401, "Invalid token");
    return sysinfo(request, now, fleet, wrong);
  });
  router.add("POST", "/api/sysinfo_ver", [&, refused](const Request& request, net::Time now) {
    if (refused(request)) return failure(401, "Invalid token");
    if (wrong.sysinfo_ver_needs_body && request.body.empty())
      return failure(400, "The body has to be a JSON object");
    if (wrong.sysinfo_ver_is_empty) return text_answer("");
    if (wrong.sysinfo_ver_changes)
      return text_answer(devices.version() + std::to_string(now.time_since_epoch().count()));
    return text_answer(devices.version());
  });
}

}  // namespace deskcheck::server::api
