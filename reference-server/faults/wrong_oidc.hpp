// Wrong policies of signing in through identity providers: one field each, with the requirement
// that it breaks. All off in a server that is right. Decides nothing itself.
#pragma once

namespace deskcheck::server {

struct WrongOidc {
  bool operator==(const WrongOidc&) const = default;

  // --- login options ---
  bool option_names_are_called_op = false;  // HTTP-LOPT-03: "op" in place of "name"
  bool option_icons_are_objects = false;    // HTTP-LOPT-03: "icon": {"svg": ...}
  bool no_plain_options = false;            // HTTP-LOPT-04: common-oidc/ only
  bool op_becomes_lower_case = false;       // HTTP-LOPT-05: and is not found then
  bool login_options_are_plain = false;     // HTTP-LOPT-07: text/plain without charset
  // --- beginning ---
  bool oidc_url_is_relative = false;      // HTTP-OAUTH-01
  bool oidc_code_is_number = false;       // HTTP-OAUTH-01
  bool oidc_auth_needs_token = false;     // HTTP-OAUTH-02: 401
  bool oidc_errors_are_messages = false;  // HTTP-OAUTH-02: {"message": ...}
  bool oidc_codes_need_escaping = false;  // HTTP-OAUTH-03: & and + are in them
  bool oidc_codes_are_enough = false;     // HTTP-OAUTH-03: other devices may ask, too
  bool oidc_goes_by_device = false;       // HTTP-OAUTH-03: the code is not looked at
  bool oidc_needs_api_domain = false;     // HTTP-OAUTH-04
  bool oidc_ignores_api_domain = false;   // HTTP-OAUTH-04: browsers come back to localhost
  bool oidc_attempts_end_early = false;   // HTTP-OAUTH-05: after 60 s
  bool oidc_page_needs_token = false;     // HTTP-OAUTH-06: browsers are answered 401
  bool oidc_without_pkce = false;         // HTTP-OAUTH-06: as providers refuse it
  // --- asking ---
  bool oidc_pending_in_other_words = false;   // HTTP-OQRY-01
  bool oidc_refusals_stay_pending = false;    // HTTP-OQRY-02
  bool oidc_user_without_info = false;        // HTTP-OQRY-03
  bool oidc_answer_without_type = false;      // HTTP-OQRY-03
  bool oidc_tfa_type_is_null = false;         // HTTP-OQRY-04
  bool oidc_status_is_null = false;           // HTTP-OQRY-05
  bool oidc_answer_is_lost = false;           // HTTP-OQRY-06: nobody ever gets it
  bool oidc_polls_need_content_type = false;  // HTTP-OQRY-07
  bool oidc_polls_are_throttled = false;      // HTTP-OQRY-07: more than one in 5 s
  bool oidc_login_says_success = false;       // HTTP-OQRY-08: "type": "success"
  bool oidc_pending_is_500 = false;           // HTTP-OQRY-09
  // --- what is believed ---
  bool id_token_signatures_are_not_checked = false;  // HTTP-OQRY-02
  bool id_tokens_may_be_unsigned = false;            // HTTP-OQRY-02: alg none
  bool id_token_nonce_is_not_checked = false;        // HTTP-OQRY-02
  bool id_token_audience_is_not_checked = false;     // HTTP-OQRY-02
  bool id_token_issuer_is_not_checked = false;       // HTTP-OQRY-02
  bool id_token_expiry_is_not_checked = false;       // HTTP-OQRY-02
  bool oidc_accounts_go_by_name = false;             // HTTP-OQRY-02: of whoever chooses it
  bool oidc_states_are_good_again = false;           // HTTP-OQRY-02
  bool oidc_keys_are_fetched_once = false;           // HTTP-OQRY-03: not those that come later
};

}  // namespace deskcheck::server
