// POST /api/audit/conn, /api/audit/file and /api/audit/alarm: what devices report, without a token.
// Success is zero bytes: anything else is sent twice more. Source: http-api.md sections 6.1 to 6.3.
#include "proto/api/json.hpp"
#include "reference-server/api/answers.hpp"
#include "reference-server/api/audits.hpp"
#include "reference-server/api/for_accounts.hpp"
#include "reference-server/api/groups.hpp"

#include <algorithm>

namespace deskcheck::server::api {

namespace json = boost::json;

namespace {

// A storage that fails is a reason to come again, everything else is not (HTTP-ACONN-09).
Response audit_answer(Audits::Taken taken, const WrongApi& wrong, bool says_something) {
  switch (taken) {
    case Audits::Taken::done:
      return says_something ? json_answer(json::object()) : empty_answer();
    case Audits::Taken::foreign:
      return failure(403, "The id belongs to another device");
    case Audits::Taken::unknown:
      return failure(404, "There is no such connection");
    case Audits::Taken::too_long:
      return failure(413, "The record is too long");
    case Audits::Taken::not_allowed:
      return failure(403, "You may not change this record");
    case Audits::Taken::storage_fails:
      break;
  }
  return failure(wrong.audit_failure_is_403 ? 403 : 429, "The server cannot use its storage");
}

Response refused_audit() { return failure(400, "The record is not complete"); }

// What a wrong server refuses in a report of a connection.
bool refuses_conn(const std::string& body, const http_api::ConnAudit& audit,
                  const WrongApi& wrong) {
  using Kind = http_api::ConnAudit::Kind;
  if (wrong.audit_peer_has_to_be_text && audit.kind == Kind::authorised) return true;
  if (wrong.audit_note_needs_uuid && audit.kind == Kind::note) return true;
  if (wrong.audit_session_is_signed && audit.session_id >> 63 != 0) return true;
  // Notes never have one.
  return wrong.audit_needs_nonce && audit.kind != Kind::note &&
         body.find("\"nonce\"") == std::string::npos;
}

// ... of a file.
bool refuses_file(const json::object& body, const WrongApi& wrong) {
  const auto info = http_api::parse_object(http_api::text(body, "info").value_or(""));
  const auto path = http_api::text(body, "path").value_or("");
  const auto* files = info ? info->if_contains("files") : nullptr;
  const auto count = files && files->is_array() ? files->get_array().size() : 0;
  if (wrong.file_count_has_to_match && info &&
      http_api::integer(*info, "num") != static_cast<std::int64_t>(count))
    return true;
  if (wrong.file_audit_needs_path && path.empty()) return true;
  if (wrong.file_audit_needs_conn && !body.contains("conn_id")) return true;
  if (wrong.file_path_is_short && path.size() > 255) return true;
  return wrong.file_info_has_to_be_object;
}

// ... of an alarm.
bool refuses_alarm(const json::object& body, const WrongApi& wrong, Audits& audits) {
  if (wrong.alarm_type_has_to_be_known && http_api::integer(body, "typ").value_or(0) > 10)
    return true;
  if (wrong.alarm_needs_conn && !body.contains("conn_id")) return true;
  if (wrong.alarms_are_counted)
    if (const auto before = audits.events(AuditEvent::alarm, "", 1); before && !before->empty())
      return true;
  return wrong.alarm_info_has_to_be_object;
}

void spoil_files(json::object& info, const WrongApi& wrong) {
  auto* list = info.if_contains("files");
  auto* files = list ? list->if_array() : nullptr;
  if (!files) return;
  if (wrong.file_count_is_of_list) info["num"] = files->size();
  if (wrong.file_list_is_cut && files->size() > 1) files->resize(1);
}

// What a wrong server keeps of a report.
std::string spoiled(const std::string& text, const WrongApi& wrong, bool is_file) {
  auto body = http_api::parse_object(text);
  auto info = body ? http_api::parse_object(http_api::text(*body, "info").value_or("")) : body;
  if (!info) return text;
  if (is_file) spoil_files(*info, wrong);
  if (is_file ? wrong.file_info_is_lost : wrong.alarm_info_is_lost) info->clear();
  (*body)["info"] = json::serialize(*info);
  if (is_file && wrong.file_flag_is_lost) (*body)["is_file"] = false;
  auto path = http_api::text(*body, "path").value_or("");
  if (wrong.file_path_is_cut) path.resize(std::min<std::size_t>(path.size(), 255));
  if (wrong.file_path_is_ascii)
    std::ranges::replace_if(path, [](unsigned char c) { return c > 127; }, '?');
  if (is_file) (*body)["path"] = path;
  if (wrong.alarm_type_is_lost && http_api::integer(*body, "typ").value_or(0) > 10)
    (*body)["typ"] = 0;
  return json::serialize(*body);
}

bool spoils(const WrongApi& wrong) {
  return wrong.file_info_is_lost || wrong.file_list_is_cut || wrong.file_count_is_of_list ||
         wrong.file_flag_is_lost || wrong.file_path_is_cut || wrong.file_path_is_ascii ||
         wrong.alarm_type_is_lost || wrong.alarm_info_is_lost;
}

// Whether a wrong server has one of its kind already.
bool is_merged(const std::string& body, const WrongApi& wrong, Audits& audits) {
  const auto object = http_api::parse_object(body);
  const auto kept = audits.events(AuditEvent::alarm, "", 1000);
  if (!wrong.alarms_are_merged || !object || !kept) return false;
  return std::ranges::any_of(*kept, [&](const EventRecord& event) {
    const auto before = http_api::parse_object(event.text);
    return before && http_api::integer(*before, "typ") == http_api::integer(*object, "typ");
  });
}

Response conn_report(const Request& request, net::Time now, Audits& audits, const WrongApi& wrong) {
  const auto audit = http_api::parse_conn_audit(request.body);
  if (!audit || refuses_conn(request.body, *audit, wrong)) return refused_audit();
  return audit_answer(audits.on(*audit, now), wrong, wrong.audit_is_answered);
}

Response file_report(const Request& request, net::Time now, Audits& audits, const WrongApi& wrong) {
  auto audit = http_api::parse_file_audit(request.body);
  if (!audit || refuses_file(*http_api::parse_object(request.body), wrong)) return refused_audit();
  if (spoils(wrong)) audit->text = spoiled(audit->text, wrong, true);
  return audit_answer(audits.on(*audit, AuditEvent::file, now), wrong,
                      wrong.file_audit_is_answered);
}

Response alarm_report(const Request& request, net::Time now, Audits& audits,
                      const WrongApi& wrong) {
  auto audit = http_api::parse_alarm_audit(request.body);
  if (!audit || refuses_alarm(*http_api::parse_object(request.body), wrong, audits))
    return refused_audit();
  if (is_merged(request.body, wrong, audits)) return empty_answer();
  if (spoils(wrong)) audit->text = spoiled(audit->text, wrong, false);
  return audit_answer(audits.on(*audit, AuditEvent::alarm, now), wrong, wrong.alarm_is_answered);
}

}  // namespace

void add_audit_reports(Router& router, const Options& options, Audits& audits) {
  const WrongApi& wrong = options.faults.policies;
  // A wrong server wants a token.
  const auto reporting = [&](const char* path, bool needs_token, Handler handler) {
    router.add("POST", path,
               [needs_token, handler = std::move(handler)](const Request& request, net::Time now) {
                 if (needs_token && bearer(request).empty()) return failure(401, "Invalid token");
                 return handler(request, now);
               });
  };
  const bool all = wrong.everything_needs_a_token;
  reporting("/api/audit/conn", all || wrong.audit_needs_token,
            [&](const Request& request, net::Time now) {
              return conn_report(request, now, audits, wrong);
            });
  reporting("/api/audit/file", all || wrong.file_audit_needs_token,
            [&](const Request& request, net::Time now) {
              return file_report(request, now, audits, wrong);
            });
  reporting("/api/audit/alarm", all || wrong.alarm_needs_token,
            [&](const Request& request, net::Time now) {
              return alarm_report(request, now, audits, wrong);
            });
}

}  // namespace deskcheck::server::api
