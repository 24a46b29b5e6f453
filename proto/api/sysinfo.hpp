// POST /api/sysinfo. Source: http-api.md section 5.2.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace deskcheck::http_api {

// Answers, byte for byte.
constexpr std::string_view kSysinfoUpdated = "SYSINFO_UPDATED";
constexpr std::string_view kIdNotFound = "ID_NOT_FOUND";

struct Sysinfo {
  std::string id, uuid;            // never empty
  std::string hostname, username;  // for people to read; empty: not said
  std::string text;                // all of it, as sent

  Sysinfo() = default;
};

// Nothing unless the text is a JSON object with id and uuid.
std::optional<Sysinfo> parse_sysinfo(std::string_view text);

}  // namespace deskcheck::http_api
