// GET /api/audit/conn/active and PUT /api/audit: notes of those who have controlled a device.
// Source: http-api.md sections 6.4 and 13.1.
#include "reference-server/api/answers.hpp"
#include "reference-server/api/audits.hpp"
#include "reference-server/api/for_accounts.hpp"
#include "reference-server/api/groups.hpp"

namespace deskcheck::server::api {

namespace json = boost::json;

namespace {

// While there is nothing yet, the client has to ask again: no 404 (HTTP-AACT-02).
Response active_conn(const AccountRecord& caller, const Request& request, Audits& audits,
                     const WrongApi& wrong) {
  auto session = http_api::parse_session_id(request.query("session_id").value_or(""));
  const auto type = http_api::parse_session_id(request.query("conn_type").value_or(""));
  if (!session || !type) return failure(400, "session_id and conn_type have to be numbers");
  const bool fits_double = *session >> 53 == 0;
  if (wrong.active_session_is_double && !fits_double) session = *session >> 12 << 12;
  const auto guid = audits.active(caller, request.query("id").value_or(""), *session,
                                  static_cast<std::int64_t>(*type));
  if (!guid) return storage_failure();
  if (guid->empty())
    return wrong.active_unknown_is_404 ? failure(404, "Not found") : json_answer(nullptr);
  if (wrong.active_is_object) return json_answer(json::object{{"guid", *guid}});
  return json_answer(json::value(*guid));
}

Response write_note(const AccountRecord& caller, const Request& request, Audits& audits,
                    const WrongApi& wrong) {
  const auto note = http_api::parse_audit_note(request.body);
  if (!note) return failure(400, "guid and note have to be texts");
  switch (audits.note(caller, *note)) {
    case Audits::Taken::done:
      break;
    case Audits::Taken::too_long:
      return failure(413, "The note is too long");
    case Audits::Taken::storage_fails:
      return storage_failure();
    default:
      // Whether there is such a record is nobody else's business.
      return failure(403, "There is no such record of yours");
  }
  auto response = empty_answer();
  if (wrong.note_says_202) response.status = 202;
  return response;
}

}  // namespace

void add_audit_notes(Router& router, const Options& options, identity::Accounts& accounts,
                     Audits& audits) {
  const WrongApi& wrong = options.faults.policies;
  router.add("GET", "/api/audit/conn/active",
             for_accounts(accounts, wrong,
                          [&](const AccountRecord& caller, const Request& request, net::Time) {
                            return active_conn(caller, request, audits, wrong);
                          }));
  router.add(wrong.note_is_a_post ? "POST" : "PUT", "/api/audit",
             for_accounts(accounts, wrong,
                          [&](const AccountRecord& caller, const Request& request, net::Time) {
                            return write_note(caller, request, audits, wrong);
                          }));
}

}  // namespace deskcheck::server::api
