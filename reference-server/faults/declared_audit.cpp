// The catalogue of what audits can do wrong.
#include "reference-server/faults/named.hpp"

namespace deskcheck::server {

namespace {

constexpr NamedPolicy kAuditPolicies[] = {
    {"audit-is-answered", "HTTP-ACONN-01", &WrongPolicies::audit_is_answered,
     "A report of a connection is answered with an object."},
    {"audit-needs-token", "HTTP-ACONN-02", &WrongPolicies::audit_needs_token,
     "Reports of connections are taken only with a token."},
    {"audit-goes-by-session", "HTTP-ACONN-03", &WrongPolicies::audit_goes_by_session,
     "Reports of a connection are joined by session, whatever number the connection has."},
    {"audit-peer-has-to-be-text", "HTTP-ACONN-04", &WrongPolicies::audit_peer_has_to_be_text,
     "A report of a login whose peer is a list is refused."},
    {"audit-note-needs-uuid", "HTTP-ACONN-05", &WrongPolicies::audit_note_needs_uuid,
     "A note of a session without uuid is refused."},
    {"audit-session-is-signed", "HTTP-ACONN-06", &WrongPolicies::audit_session_is_signed,
     "Sessions with a number of 64 bits are refused."},
    {"audit-ignores-nonce", "HTTP-ACONN-07", &WrongPolicies::audit_ignores_nonce,
     "A report that comes again is stored again."},
    {"audit-needs-nonce", "HTTP-ACONN-08", &WrongPolicies::audit_needs_nonce,
     "What a device reports of a connection is refused without a nonce."},
    {"audit-failure-is-403", "HTTP-ACONN-09", &WrongPolicies::audit_failure_is_403,
     "A storage that fails is answered 403 to reports."},
    {"audit-close-needs-login", "HTTP-ACONN-10", &WrongPolicies::audit_close_needs_login,
     "The end of a connection without a login is refused."},
    {"audit-conn-is-for-ever", "HTTP-ACONN-11", &WrongPolicies::audit_conn_is_for_ever,
     "A number of a connection that is used again is the former connection."},
    {"audit-first-note-stays", "HTTP-ACONN-12", &WrongPolicies::audit_first_note_stays,
     "A later note of a session does not replace the first."},
    {"file-audit-is-answered", "HTTP-AFILE-01", &WrongPolicies::file_audit_is_answered,
     "A report of files is answered with an object."},
    {"file-info-has-to-be-object", "HTTP-AFILE-02", &WrongPolicies::file_info_has_to_be_object,
     "A report of files whose info is a text is refused."},
    {"file-count-has-to-match", "HTTP-AFILE-03", &WrongPolicies::file_count_has_to_match,
     "A report of more files than it lists is refused."},
    {"file-audit-needs-path", "HTTP-AFILE-04", &WrongPolicies::file_audit_needs_path,
     "A report of files without a path is refused."},
    {"file-audit-needs-conn", "HTTP-AFILE-05", &WrongPolicies::file_audit_needs_conn,
     "A report of files without conn_id is refused."},
    {"file-audit-needs-token", "HTTP-AFILE-06", &WrongPolicies::file_audit_needs_token,
     "Reports of files are taken only with a token."},
    {"file-path-is-short", "HTTP-AFILE-07", &WrongPolicies::file_path_is_short,
     "A report of files with a path of more than 255 bytes is refused."},
    {"alarm-is-answered", "HTTP-AALARM-01", &WrongPolicies::alarm_is_answered,
     "An alarm is answered with an object."},
    {"alarm-type-has-to-be-known", "HTTP-AALARM-02", &WrongPolicies::alarm_type_has_to_be_known,
     "An alarm of an unknown kind is refused."},
    {"alarm-info-has-to-be-object", "HTTP-AALARM-03", &WrongPolicies::alarm_info_has_to_be_object,
     "An alarm whose info is a text is refused."},
    {"alarm-needs-token", "HTTP-AALARM-04", &WrongPolicies::alarm_needs_token,
     "Alarms are taken only with a token."},
    {"alarms-are-counted", "HTTP-AALARM-05", &WrongPolicies::alarms_are_counted,
     "Only the first alarm is taken."},
    {"alarm-needs-conn", "HTTP-AALARM-06", &WrongPolicies::alarm_needs_conn,
     "An alarm without conn_id is refused."},
    {"note-is-a-post", "HTTP-ANOTE-01", &WrongPolicies::note_is_a_post,
     "Notes are written by POST, not by PUT."},
    {"note-says-202", "HTTP-ANOTE-02", &WrongPolicies::note_says_202, "A note is answered 202."},
    {"note-ends-with-session", "HTTP-ANOTE-03", &WrongPolicies::note_ends_with_session,
     "A note is refused once the session has ended."},
    {"anybody-writes-notes", "HTTP-ANOTE-04", &WrongPolicies::anybody_writes_notes,
     "Everybody who knows the guid of a session may write its note."},
    {"active-is-object", "HTTP-AACT-01", &WrongPolicies::active_is_object,
     "The guid of a session comes inside of an object."},
    {"active-unknown-is-404", "HTTP-AACT-02", &WrongPolicies::active_unknown_is_404,
     "A session that has not been reported yet is answered 404."},
    {"active-session-is-double", "HTTP-AACT-04", &WrongPolicies::active_session_is_double,
     "The number of a session loses its last digits if it is large."},
};

}  // namespace

std::span<const NamedPolicy> audit_policies() { return kAuditPolicies; }

}  // namespace deskcheck::server
