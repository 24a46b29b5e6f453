// Wrong policies of audits: one field each, with the requirement that it breaks. All off in a
// server that is right. Decides nothing itself.
#pragma once

namespace deskcheck::server {

struct WrongAudit {
  bool operator==(const WrongAudit&) const = default;

  // --- connections ---
  bool audit_is_answered = false;          // HTTP-ACONN-01: {}
  bool audit_needs_token = false;          // HTTP-ACONN-02
  bool audit_goes_by_session = false;      // HTTP-ACONN-03: not by conn_id
  bool audit_peer_has_to_be_text = false;  // HTTP-ACONN-04
  bool audit_note_needs_uuid = false;      // HTTP-ACONN-05
  bool audit_session_is_signed = false;    // HTTP-ACONN-06: 63 bits
  bool audit_ignores_nonce = false;        // HTTP-ACONN-07: stored twice
  bool audit_needs_nonce = false;          // HTTP-ACONN-08
  bool audit_failure_is_403 = false;       // HTTP-ACONN-09: of the storage
  bool audit_close_needs_login = false;    // HTTP-ACONN-10
  bool audit_conn_is_for_ever = false;     // HTTP-ACONN-11: a second "new" is the first
  bool audit_first_note_stays = false;     // HTTP-ACONN-12
  // --- files and alarms ---
  bool file_audit_is_answered = false;       // HTTP-AFILE-01
  bool file_info_has_to_be_object = false;   // HTTP-AFILE-02
  bool file_count_has_to_match = false;      // HTTP-AFILE-03: num is the number of files
  bool file_audit_needs_path = false;        // HTTP-AFILE-04
  bool file_audit_needs_conn = false;        // HTTP-AFILE-05
  bool file_audit_needs_token = false;       // HTTP-AFILE-06
  bool file_path_is_short = false;           // HTTP-AFILE-07: 255 bytes
  bool alarm_is_answered = false;            // HTTP-AALARM-01
  bool alarm_type_has_to_be_known = false;   // HTTP-AALARM-02
  bool alarm_info_has_to_be_object = false;  // HTTP-AALARM-03
  bool alarm_needs_token = false;            // HTTP-AALARM-04
  bool alarms_are_counted = false;           // HTTP-AALARM-05: the second of a device is refused
  bool alarm_needs_conn = false;             // HTTP-AALARM-06
  // --- notes ---
  bool note_is_a_post = false;            // HTTP-ANOTE-01
  bool note_says_202 = false;             // HTTP-ANOTE-02
  bool note_ends_with_session = false;    // HTTP-ANOTE-03
  bool anybody_writes_notes = false;      // HTTP-ANOTE-04
  bool active_is_object = false;          // HTTP-AACT-01: {"guid": ...}
  bool active_unknown_is_404 = false;     // HTTP-AACT-02
  bool active_session_is_double = false;  // HTTP-AACT-04
};

}  // namespace deskcheck::server
