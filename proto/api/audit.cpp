#include "proto/api/audit.hpp"

#include "proto/api/json.hpp"

#include <charconv>
#include <limits>

namespace deskcheck::http_api {

namespace json = boost::json;

namespace {

// All 64 bits are used: HTTP-GEN-13.
std::optional<std::uint64_t> session_of(const json::object& object) {
  const auto* member = object.if_contains("session_id");
  if (!member || !member->is_number() || member->is_double()) return std::nullopt;
  boost::system::error_code error;
  const auto number = member->to_number<std::uint64_t>(error);
  if (error) return std::nullopt;
  return number;
}

std::optional<std::int32_t> conn_of(const json::object& object) {
  const auto number = integer(object, "conn_id");
  using Limits = std::numeric_limits<std::int32_t>;
  if (!number || *number < Limits::min() || *number > Limits::max()) return std::nullopt;
  return static_cast<std::int32_t>(*number);
}

// [id, name].
bool take_peer(const json::object& object, ConnAudit& audit) {
  const auto* member = object.if_contains("peer");
  const auto* peer = member ? member->if_array() : nullptr;
  if (!peer || peer->size() != 2 || !(*peer)[0].is_string() || !(*peer)[1].is_string())
    return false;
  audit.peer_id = std::string((*peer)[0].get_string());
  audit.peer_name = std::string((*peer)[1].get_string());
  return true;
}

std::optional<ConnAudit> note_of(ConnAudit audit, const json::object& object) {
  const auto note = text(object, "note");
  if (!note) return std::nullopt;
  audit.kind = ConnAudit::Kind::note;
  audit.note = *note;
  return audit;
}

// Whether info is a text of a JSON object.
bool has_info(const json::object& object) {
  const auto info = text(object, "info");
  return info && parse_object(*info);
}

std::optional<EventAudit> event_of(const json::object& object, std::string_view whole) {
  EventAudit event;
  event.id = text(object, "id").value_or("");
  event.uuid = text(object, "uuid").value_or("");
  event.nonce = text(object, "nonce").value_or("");
  event.text = whole;
  if (event.id.empty() || event.uuid.empty() || !has_info(object)) return std::nullopt;
  return event;
}

}  // namespace

std::optional<ConnAudit> parse_conn_audit(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return std::nullopt;
  ConnAudit audit;
  audit.id = text(*object, "id").value_or("");
  audit.uuid = text(*object, "uuid").value_or("");
  audit.nonce = text(*object, "nonce").value_or("");
  const auto session = session_of(*object);
  if (audit.id.empty() || !session) return std::nullopt;
  audit.session_id = *session;
  const auto action = text(*object, "action");
  const auto conn = conn_of(*object);
  if (!action && !conn) return note_of(std::move(audit), *object);
  if (audit.uuid.empty() || !conn) return std::nullopt;
  audit.conn_id = *conn;
  if (action == "new") {
    audit.ip = text(*object, "ip").value_or("");
    audit.reference = text(*object, "conn_audit_ref").value_or("");
    return audit;
  }
  audit.kind = action ? ConnAudit::Kind::closed : ConnAudit::Kind::authorised;
  if (action == "close") return audit;
  const auto type = integer(*object, "type");
  if (action || !type || !take_peer(*object, audit)) return std::nullopt;
  audit.type = *type;
  audit.primary_auth = integer(*object, "primary_auth").value_or(0);
  audit.two_factor = integer(*object, "two_factor").value_or(0);
  return audit;
}

std::optional<EventAudit> parse_file_audit(std::string_view body) {
  const auto object = parse_object(body);
  if (!object || !text(*object, "path") || !text(*object, "peer_id") || !integer(*object, "type"))
    return std::nullopt;
  return event_of(*object, body);
}

std::optional<EventAudit> parse_alarm_audit(std::string_view body) {
  const auto object = parse_object(body);
  if (!object || !integer(*object, "typ")) return std::nullopt;
  return event_of(*object, body);
}

std::optional<AuditNote> parse_audit_note(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return std::nullopt;
  const auto guid = text(*object, "guid");
  const auto note = text(*object, "note");
  if (!guid || !note) return std::nullopt;
  return AuditNote{*guid, *note};
}

std::optional<std::uint64_t> parse_session_id(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace deskcheck::http_api
