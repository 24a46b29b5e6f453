// What controlled devices, and controlling clients, report of sessions. Source: http-api.md chapter
// 6 and section 13.1.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deskcheck::http_api {

// POST /api/audit/conn.
struct ConnAudit {
  enum class Kind { opened, authorised, closed, note };

  Kind kind = Kind::opened;
  std::string id;            // of the controlled device; never empty
  std::string uuid;          // never empty, but for notes
  std::int32_t conn_id = 0;  // not for notes
  std::uint64_t session_id = 0;
  std::string nonce;  // empty: an older client
  // of one that is opened
  std::string ip, reference;
  // of one that is authorised
  std::string peer_id, peer_name;
  std::int64_t type = 0;
  std::int64_t primary_auth = 0, two_factor = 0;  // 0: not said
  // of a note
  std::string note;

  ConnAudit() = default;
};

// Nothing unless the text is one of the four.
std::optional<ConnAudit> parse_conn_audit(std::string_view text);

// POST /api/audit/file and /api/audit/alarm: kept as they are, once they are readable.
struct EventAudit {
  std::string id, uuid;  // of the controlled device; never empty
  std::string nonce;     // empty: an older client
  std::string text;      // all of it, as sent

  EventAudit() = default;
};

// Nothing unless path, peer_id and the JSON inside of info are what they should be.
std::optional<EventAudit> parse_file_audit(std::string_view text);
// Nothing unless there is a number of the kind of alarm, and JSON inside of info.
std::optional<EventAudit> parse_alarm_audit(std::string_view text);

// PUT /api/audit.
struct AuditNote {
  std::string guid, note;
};
std::optional<AuditNote> parse_audit_note(std::string_view text);

// Decimal; nothing for what is no unsigned number of 64 bits.
std::optional<std::uint64_t> parse_session_id(std::string_view text);

}  // namespace deskcheck::http_api
