// Audit records as devices send them, and what their sender takes for an acknowledgement.
#pragma once

#include "conformance/lab/api_client.hpp"
#include "conformance/lab/api_matchers.hpp"

#include <cstdint>

namespace deskcheck::conformance {

// One connection to a device, as its agent tells it.
struct AuditedSession {
  std::int32_t conn_id = 0;
  std::uint64_t session_id = 0;
  int type = 0;            // 0 remote desktop ... 4 terminal
  std::string controller;  // its id

  AuditedSession() = default;
};
// With numbers that nobody has; the session's is above int64.
AuditedSession fresh_session(Lab& lab, const ApiClient& controller);

// client:src/server/connection.rs:1365-1419,1738-1769
boost::json::object new_record(Lab& lab, const ApiClient& agent, const AuditedSession& session);
boost::json::object authorised_record(Lab& lab, const ApiClient& agent,
                                      const AuditedSession& session);
boost::json::object close_record(Lab& lab, const ApiClient& agent, const AuditedSession& session);
boost::json::object file_record(Lab& lab, const ApiClient& agent, const AuditedSession& session);
boost::json::object alarm_record(Lab& lab, const ApiClient& agent, const AuditedSession& session,
                                 int type);
// Without what clients up to 1.4.8 do not send.
boost::json::object of_old_client(boost::json::object record);

// A session that has begun: new and authorised are taken, however that is said, or the case is
// blocked.
Task<void> begin_session(Lab& lab, ApiClient& agent, const AuditedSession& session);

// GET /api/audit/conn/active. client:flutter/lib/models/model.dart:1224-1309
Task<Answer<HttpAnswer>> ask_active(ApiClient& controller, std::string device,
                                    AuditedSession session, std::string token);
// As the client asks: up to six times, with its pauses (9 s together), until there is a GUID.
Task<std::string> wait_for_guid(Lab& lab, ApiClient& controller, std::string device,
                                AuditedSession session, std::string token);
// PUT /api/audit. client:flutter/lib/common/widgets/dialog.dart:1650-1703
Task<Answer<HttpAnswer>> put_note(ApiClient& controller, std::string guid, std::string note,
                                  std::string token);

MATCHER_P(IsAnotherGuidThan, guid, "a GUID other than " + std::string(guid)) {
  return !arg.empty() && arg != guid;
}
// client:src/server/connection.rs:1548-1570
MATCHER(IsDelivered, "2xx with nothing in the body") {
  return arg.arrived() && arg->status >= 200 && arg->status <= 299 &&
         arg->body.find_first_not_of(" \t\r\n") == std::string::npos;
}
// The record itself is right for the server, whatever it says to that.
MATCHER(IsTaken, "2xx without an error") {
  return arg.arrived() && arg->status >= 200 && arg->status <= 299 && !error_in(*arg);
}
MATCHER(IsNoGuidYet, "HTTP 200 with null or \"\"") {
  if (!arg.arrived() || arg->status != 200) return false;
  const auto body = json_in(*arg);
  return body && (body->is_null() || (body->is_string() && body->get_string().empty()));
}

}  // namespace deskcheck::conformance
