// Wrong policies of the HTTP API: every way in which it can be told to be wrong, one field each,
// with the requirement that it breaks. All off in a server that is right. Decides nothing itself.
#pragma once

#include "reference-server/faults/wrong_address_book.hpp"
#include "reference-server/faults/wrong_audit.hpp"
#include "reference-server/faults/wrong_fleet.hpp"
#include "reference-server/faults/wrong_groups.hpp"
#include "reference-server/faults/wrong_oidc.hpp"
#include "reference-server/faults/wrong_services.hpp"

namespace deskcheck::server {

struct WrongApi : WrongAddressBook, WrongGroups, WrongAudit, WrongFleet, WrongServices, WrongOidc {
  bool operator==(const WrongApi&) const = default;

  // --- all routes ---
  bool json_without_charset = false;          // HTTP-GEN-01: JSON is sent as text/html
  bool success_has_error_null = false;        // HTTP-GEN-02: "error": null in answers that are none
  bool errors_are_objects = false;            // HTTP-GEN-03: "error": {"message": ...}
  bool invalid_token_is_403 = false;          // HTTP-GEN-04
  bool expired_tokens_are_valid = false;      // HTTP-GEN-04: their time is over and does not matter
  bool invalid_token_in_other_words = false;  // HTTP-GEN-05
  bool wrong_password_is_401 = false;         // HTTP-GEN-06: 401 without a token
  bool refusals_are_500 = false;          // HTTP-GEN-07: a wrong password is an error of the server
  bool success_is_201 = false;            // HTTP-GEN-08
  bool integers_are_texts = false;        // HTTP-GEN-10: "status": "1"
  bool everything_needs_a_token = false;  // HTTP-GEN-11: heartbeats are answered 401
  bool refuses_unknown_members = false;   // HTTP-GEN-14: of a login
  bool unknown_routes_are_pages = false;  // HTTP-GEN-18: 200 and HTML
  bool head_ends_connection = false;      // HTTP-PROBE-01: HEAD is not answered
  // --- login ---
  bool login_answers_array = false;      // HTTP-LOGIN-01
  bool login_says_success = false;       // HTTP-LOGIN-02: "type": "success"
  bool login_without_token = false;      // HTTP-LOGIN-02: an empty access_token
  bool login_without_user = false;       // HTTP-LOGIN-03
  bool wrong_password_accepted = false;  // HTTP-LOGIN-13
  bool refusal_without_error = false;    // HTTP-LOGIN-13: {"message": ...}
  bool login_needs_auto_login = false;   // HTTP-LOGIN-14
  bool login_needs_device_info = false;  // HTTP-LOGIN-15: {} is refused
  bool refusal_in_other_words = false;   // HTTP-LOGIN-16: almost those that are translated
  bool user_texts_are_numbers = false;   // HTTP-LOGIN-17: "note": 0
  // --- login options ---
  bool login_options_are_null = false;    // HTTP-LOPT-01
  bool login_options_need_token = false;  // HTTP-LOPT-02
  bool no_login_options = false;          // HTTP-LOPT-06: 404
  // --- logout ---
  bool tokens_survive_logout = false;  // HTTP-LOGOUT-01
  bool logout_says_text = false;       // HTTP-LOGOUT-03
  // --- current user ---
  bool current_user_is_wrapped = false;     // HTTP-CURUSER-01: {"data": {...}}
  bool any_token_is_valid = false;          // HTTP-CURUSER-02
  bool current_user_checks_body = false;    // HTTP-CURUSER-03: 400 without id and uuid
  bool invalid_token_has_no_error = false;  // HTTP-CURUSER-05: {"code": 401}
  bool current_user_is_upper_case = false;  // HTTP-CURUSER-08: another name than that of the login
  bool no_current_user = false;             // HTTP-CURUSER-09: 404
  // --- users ---
  bool disabled_accounts_are_served = false;  // HTTP-USER-01
  bool user_without_info = false;             // HTTP-USER-02
  bool admin_is_a_number = false;             // HTTP-USER-02: "is_admin": 1
  // --- heartbeat ---
  bool heartbeat_needs_token = false;       // HTTP-HB-01
  bool heartbeat_answer_is_empty = false;   // HTTP-HB-02: zero bytes
  bool heartbeat_keys_are_escaped = false;  // HTTP-HB-03
  bool sysinfo_is_false = false;            // HTTP-HB-04: "sysinfo": false when none is wanted
  bool sysinfo_is_asked_for_ever = false;   // HTTP-HB-05
  bool disconnect_has_texts = false;        // HTTP-HB-06
  bool disconnect_has_any_numbers = false;  // HTTP-HB-07: also what the device did not report
  bool disconnect_is_said_once = false;     // HTTP-HB-08
  bool modified_at_is_text = false;         // HTTP-HB-09
  bool modified_at_comes_alone = false;     // HTTP-HB-10
  bool strategy_comes_always = false;       // HTTP-HB-11
  bool heartbeat_needs_conns = false;       // HTTP-HB-12: refused without
  bool reported_devices_go_early = false;   // HTTP-HB-13: offline after 10 s
  bool unknown_devices_are_404 = false;     // HTTP-HB-14
  bool any_uuid_is_answered = false;        // HTTP-HB-15
  // --- sysinfo ---
  bool sysinfo_answer_is_quoted = false;         // HTTP-SYS-01
  bool sysinfo_answer_has_newline = false;       // HTTP-SYS-01
  bool sysinfo_never_finds_id = false;           // HTTP-SYS-02
  bool foreign_uuid_is_id_not_found = false;     // HTTP-SYS-03
  bool sysinfo_refuses_unknown_members = false;  // HTTP-SYS-04
  bool sysinfo_needs_username = false;           // HTTP-SYS-05
  bool sysinfo_is_taken_once = false;            // HTTP-SYS-06: the second is refused
  bool sysinfo_goes_by_hostname = false;         // HTTP-SYS-08: another host name is another device
  bool sysinfo_takes_any_uuid = false;           // HTTP-SYS-09
  bool sysinfo_is_said_ok = false;               // HTTP-SYS-10: {"code": 200}
  bool sysinfo_ver_needs_body = false;           // HTTP-SYSVER-01
  bool sysinfo_ver_changes = false;              // HTTP-SYSVER-02: with every question
  bool sysinfo_ver_is_empty = false;             // HTTP-SYSVER-03
};

}  // namespace deskcheck::server
