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
};

}  // namespace deskcheck::server
