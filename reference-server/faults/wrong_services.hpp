// Wrong policies of what the API does beside accounts, books and devices: recordings, scripts,
// downloads, signatures. One field each, with the requirement that it breaks. All off in a server
// that is right. Decides nothing itself.
#pragma once

namespace deskcheck::server {

struct WrongServices {
  bool operator==(const WrongServices&) const = default;

  // --- recordings ---
  bool record_new_keeps_old = false;             // HTTP-REC-01
  bool record_part_appends = false;              // HTTP-REC-02: whatever its offset
  bool record_tail_truncates = false;            // HTTP-REC-03: what follows it is lost
  bool record_remove_removes_nothing = false;    // HTTP-REC-04
  bool record_failure_is_a_bare_status = false;  // HTTP-REC-05: 400 without a body
  bool record_success_has_error = false;         // HTTP-REC-06: {"error": ""}
  bool record_needs_token = false;               // HTTP-REC-07
  bool record_needs_content_type = false;        // HTTP-REC-07
  bool record_parts_are_small = false;           // HTTP-REC-08: less than 1 MiB
  bool record_takes_paths = false;               // HTTP-REC-09
  bool record_without_tail_is_lost = false;      // HTTP-REC-10
  // --- downloads ---
  bool download_head_is_refused = false;     // HTTP-DLH-01: 405
  bool download_head_has_no_length = false;  // HTTP-DLH-02
  bool download_is_cut = false;              // HTTP-DLG-01: by a byte that HEAD announces
  bool missing_download_has_a_head = false;  // HTTP-DLG-01: 404 for GET only
  bool download_needs_token = false;         // HTTP-DLG-02
  // --- plug-ins ---
  bool signed_msg_is_base64 = false;      // HTTP-PLUG-01
  bool signed_msg_comes_alone = false;    // HTTP-PLUG-02: the list without its object
  bool plugin_sign_is_below_api = false;  // HTTP-PLUG-03: /api/plugin-sign
  bool plugin_sign_needs_token = false;   // HTTP-PLUG-04
  // --- scripts ---
  bool cli_success_says_something = false;     // HTTP-CLI-01: {"code": 200}
  bool cli_failure_is_empty = false;           // HTTP-CLI-02
  bool scripts_have_to_sign_in = false;        // HTTP-CLI-03
  bool cli_needs_a_book = false;               // HTTP-CLI-04
  bool cli_forgets_unknown_devices = false;    // HTTP-CLI-05: success, and nothing is kept
  bool presets_are_ignored = false;            // HTTP-SYS-07
  bool presets_come_again = false;             // HTTP-SYS-07: with every upload
  bool deploy_results_are_lower_case = false;  // HTTP-DEPLOY-01
  bool deploy_binds_nothing = false;           // HTTP-DEPLOY-02: OK, and nothing is stored
  bool deploy_takes_ids = false;               // HTTP-DEPLOY-03
  bool deploy_refusal_is_empty = false;        // HTTP-DEPLOY-04
  bool deploy_is_for_once = false;             // HTTP-DEPLOY-05
  // --- second factor ---
  bool challenge_type_is_tfa_check = false;    // HTTP-LOGIN-04
  bool challenge_tfa_type_is_empty = false;    // HTTP-LOGIN-05
  bool challenge_has_no_user = false;          // HTTP-LOGIN-06
  bool second_step_has_another_type = false;   // HTTP-LOGIN-08: email_code is refused
  bool second_step_needs_password = false;     // HTTP-LOGIN-09
  bool challenge_secret_is_forgotten = false;  // HTTP-LOGIN-10
  bool second_step_challenges_again = false;   // HTTP-LOGIN-11
  bool second_step_without_user = false;       // HTTP-LOGIN-12
  bool any_code_is_right = false;              // HTTP-LOGIN-13
  bool codes_are_good_again = false;           // HTTP-LOGIN-13
  // --- switching sides ---
  bool switch_answer_is_text = false;            // HTTP-SWG-01: "true"
  bool switch_refusal_hides_time = false;        // HTTP-SWG-02: of another time
  bool switch_refusal_always_has_time = false;   // HTTP-SWG-02: also of a wrong signature
  bool switch_signature_is_not_checked = false;  // HTTP-SWG-03
  bool switch_code_opens_for_ever = false;       // HTTP-SWG-04: more than once
  bool switch_code_opens_nothing = false;        // HTTP-SWG-04
};

}  // namespace deskcheck::server
