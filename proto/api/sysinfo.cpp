#include "proto/api/sysinfo.hpp"

#include "proto/api/json.hpp"

namespace deskcheck::http_api {

std::optional<Sysinfo> parse_sysinfo(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return std::nullopt;
  const auto member = [&](const char* name) { return text(*object, name).value_or(""); };
  Sysinfo sysinfo;
  sysinfo.id = member("id");
  sysinfo.uuid = member("uuid");
  if (sysinfo.id.empty() || sysinfo.uuid.empty()) return std::nullopt;
  sysinfo.hostname = member("hostname");
  sysinfo.username = member("username");
  sysinfo.text = body;
  return sysinfo;
}

}  // namespace deskcheck::http_api
