// Wrong policies of address books: one field each, with the requirement that it breaks. All off in
// a server that is right. Decides nothing itself.
#pragma once

namespace deskcheck::server {

struct WrongAddressBook {
  bool operator==(const WrongAddressBook&) const = default;

  // --- legacy books ---
  bool book_data_is_object = false;            // HTTP-ABGET-01: not a text of JSON
  bool tag_colors_are_object = false;          // HTTP-ABGET-02: not a text of JSON
  bool no_book_is_empty_text = false;          // HTTP-ABGET-03: "data": ""
  bool no_book_is_null = false;                // HTTP-ABGET-04
  bool book_tags_are_sorted = false;           // HTTP-ABGET-05
  bool book_is_lost_at_401 = false;            // HTTP-ABGET-06: no token is an empty book
  bool book_peers_have_numbers = false;        // HTTP-ABGET-07: "id": 123456789
  bool one_device_is_licensed = false;         // HTTP-ABGET-08: "licensed_devices": 1
  bool book_keeps_removed_peers = false;       // HTTP-ABSET-01: pushes are merged
  bool book_push_says_text = false;            // HTTP-ABSET-02: "success"
  bool book_drops_unknown_members = false;     // HTTP-ABSET-03
  bool refused_book_has_no_error = false;      // HTTP-ABSET-04: {"message": ...}
  bool books_are_small = false;                // HTTP-ABSET-05: 64 KiB at most
  bool book_push_needs_tag_colors = false;     // HTTP-ABSET-06
  bool licensed_devices_without_gzip = false;  // HTTP-ABSET-07
  bool no_sciter_book = false;                 // HTTP-SABGET-01: 404
  bool no_sciter_book_is_empty = false;        // HTTP-SABGET-02: zero bytes
  bool sciter_book_is_object = false;          // HTTP-SABGET-03
  // --- settings, personal book, profiles ---
  bool reads_need_a_body = false;                // HTTP-GEN-09: empty ones are answered 400
  bool peer_limit_is_text = false;               // HTTP-ABSETTINGS-01
  bool settings_are_for_administrators = false;  // HTTP-ABSETTINGS-03: 403
  bool personal_guid_is_empty = false;           // HTTP-ABPERS-01
  bool personal_guid_changes = false;            // HTTP-ABPERS-02: a new book each time
  bool personal_guid_has_slashes = false;        // HTTP-ABPERS-02
  bool legacy_server_says_403 = false;           // HTTP-ABPERS-03: personal of a legacy server
  bool personal_needs_a_body = false;            // HTTP-ABPERS-04
  bool personal_without_token_is_404 = false;    // HTTP-ABPERS-05
  bool profiles_total_is_of_page = false;        // HTTP-ABPROF-01
  bool profiles_ignore_page = false;             // HTTP-ABPROF-02
  bool profiles_have_one_name = false;           // HTTP-ABPROF-03
  bool profile_has_reserved_name = false;        // HTTP-ABPROF-04
  bool personal_is_a_profile = false;            // HTTP-ABPROF-05
  bool rule_is_text = false;                     // HTTP-ABPROF-06
  bool profiles_have_no_guid = false;            // HTTP-ABPROF-07
  bool no_profiles_is_403 = false;               // HTTP-ABPROF-08
  bool profile_info_is_text = false;             // HTTP-ABPROF-09
  bool profile_order_changes = false;            // HTTP-ABPROF-10: other on even pages
  bool profiles_total_is_too_high = false;       // HTTP-ABPROF-11
  // --- peers and tags ---
  bool peers_total_is_of_page = false;      // HTTP-ABPEERS-01
  bool peers_ignore_page = false;           // HTTP-ABPEERS-02
  bool peers_come_twice = false;            // HTTP-ABPEERS-03
  bool peer_texts_are_numbers = false;      // HTTP-ABPEERS-04: "rdpPort": 0
  bool personal_book_has_no_hash = false;   // HTTP-ABPEERS-05
  bool shared_book_shows_hash = false;      // HTTP-ABPEERS-05: what is written there is told
  bool force_relay_is_bool = false;         // HTTP-ABPEERS-06
  bool platform_is_lower_case = false;      // HTTP-ABPEERS-07
  bool same_server_is_always_true = false;  // HTTP-ABPEERS-08
  bool any_book_is_read = false;            // HTTP-ABPEERS-09: who knows the guid reads
  bool foreign_book_is_401 = false;         // HTTP-ABPEERS-09
  bool peer_tags_are_numbers = false;       // HTTP-ABPEERS-10
  bool tags_are_wrapped = false;            // HTTP-ABTAGS-01: {"data": [...]}
  bool no_tags_is_null = false;             // HTTP-ABTAGS-01
  bool color_is_signed = false;             // HTTP-ABTAGS-02
  bool tags_have_numbers = false;           // HTTP-ABTAGS-03: in place of names
  bool tags_failure_is_200 = false;         // HTTP-ABTAGS-04
  bool tags_need_a_body = false;            // HTTP-ABTAGS-05
  // --- changes of peers ---
  bool added_peer_is_answered = false;      // HTTP-ABPADD-01: {}
  bool peer_needs_alias = false;            // HTTP-ABPADD-02
  bool force_relay_has_to_be_bool = false;  // HTTP-ABPADD-03
  bool added_note_is_lost = false;          // HTTP-ABPADD-04
  bool full_book_says_nothing = false;      // HTTP-ABPADD-05: 200, zero bytes
  bool rules_are_ignored = false;           // HTTP-ABPADD-06: who reads may write
  bool known_peer_comes_twice = false;      // HTTP-ABPADD-07
  bool update_resets_the_rest = false;      // HTTP-ABPUPD-01
  bool update_ignores_empty = false;        // HTTP-ABPUPD-02
  bool updated_peer_is_answered = false;    // HTTP-ABPUPD-03: {}
  bool update_creates = false;              // HTTP-ABPUPD-04
  bool synced_names_are_lost = false;       // HTTP-ABPUPD-05: hostname, platform, username
  bool update_is_a_post = false;            // HTTP-ABPUPD-06
  bool delete_ignores_body = false;         // HTTP-ABPDEL-01: nothing is deleted
  bool deleted_peer_is_answered = false;    // HTTP-ABPDEL-02
  bool delete_refuses_unknown = false;      // HTTP-ABPDEL-03
  bool delete_is_called_delete = false;     // HTTP-ABPDEL-04: /api/ab/peer/delete/{guid}
  // --- changes of tags ---
  bool added_tag_is_answered = false;       // HTTP-ABTADD-01
  bool color_has_31_bits = false;           // HTTP-ABTADD-02
  bool tag_comes_twice = false;             // HTTP-ABTADD-03
  bool renamed_tag_is_answered = false;     // HTTP-ABTREN-01
  bool rename_leaves_peers = false;         // HTTP-ABTREN-02
  bool rename_resets_color = false;         // HTTP-ABTREN-02
  bool rename_joins_tags = false;           // HTTP-ABTREN-03: to the name of another tag
  bool updated_tag_is_answered = false;     // HTTP-ABTUPD-01
  bool deleted_tag_is_answered = false;     // HTTP-ABTDEL-01
  bool deleted_tag_stays_at_peers = false;  // HTTP-ABTDEL-02
};

}  // namespace deskcheck::server
