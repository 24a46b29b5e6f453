// Wrong policies of what an operator wants of devices and sees of them: one field each, with the
// requirement that it breaks. All off in a server that is right. Decides nothing itself.
#pragma once

namespace deskcheck::server {

struct WrongFleet {
  bool operator==(const WrongFleet&) const = default;

  // --- heartbeats ---
  // Breaks nothing, so it is no fault that is declared: servers may limit how often they are asked.
  bool every_second_heartbeat_is_refused = false;  // 429, ask again in 3 s
  bool disconnect_has_one_text = false;            // HTTP-HB-06: the first number is a text
  bool disconnect_is_one_number = false;           // HTTP-HB-06: no list
  bool disconnect_goes_to_all = false;        // HTTP-HB-07: whoever has a connection of that number
  bool strategy_comes_only_if_newer = false;  // HTTP-HB-11: not if the device has a later one
  bool strategy_comes_after_uploads = false;  // HTTP-HB-11: once more after each
  bool absent_conns_change_nothing = false;   // HTTP-HB-12: the list of before stays
  bool any_uuid_gets_the_strategy = false;    // HTTP-HB-15
  // --- strategies ---
  bool strategy_values_are_bools = false;      // HTTP-STRAT-01: true for Y, false for N
  bool strategy_digits_are_numbers = false;    // HTTP-STRAT-01
  bool strategy_takes_any_value = false;       // HTTP-STRAT-01: true stays true, null stays null
  bool strategy_resets_are_null = false;       // HTTP-STRAT-01
  bool strategy_extra_is_null = false;         // HTTP-STRAT-02: if there is none
  bool strategy_options_are_a_list = false;    // HTTP-STRAT-02: [{"key":, "value":}]
  bool strategy_resets_are_forgotten = false;  // HTTP-STRAT-03: what is gone is not mentioned
  bool strategy_booleans_are_digits = false;   // HTTP-STRAT-04: "1" for Y, "0" for N
  bool strategy_stops_the_service = false;     // HTTP-STRAT-05: with each strategy
  bool strategy_takes_any_key = false;         // HTTP-STRAT-06: also those without effect
  bool strategy_moves_devices = false;         // HTTP-STRAT-07: names a server with each strategy
  bool modified_at_stays = false;              // HTTP-STRAT-08: the first for ever
  bool strategy_edits_are_overlooked = false;  // HTTP-STRAT-08
  bool strategy_removals_are_overlooked = false;  // HTTP-STRAT-08
  bool group_changes_are_overlooked = false;      // HTTP-STRAT-08
  bool owner_changes_are_overlooked = false;      // HTTP-STRAT-08
  bool restart_forgets_strategies = false;        // HTTP-STRAT-08: nobody has one any more
  // --- what is kept of reports ---
  bool audit_peer_is_turned = false;    // HTTP-ACONN-04: the name is the id
  bool audit_notes_are_joined = false;  // HTTP-ACONN-12: the later one comes behind the earlier one
  bool file_info_is_lost = false;       // HTTP-AFILE-02
  bool file_list_is_cut = false;        // HTTP-AFILE-03: one file stays
  bool file_count_is_of_list = false;   // HTTP-AFILE-03: num is the number of files in the list
  bool file_flag_is_lost = false;       // HTTP-AFILE-04: is_file is false
  bool file_path_is_cut = false;        // HTTP-AFILE-07: after 255 bytes
  bool file_path_is_ascii = false;      // HTTP-AFILE-07: all else becomes "?"
  bool alarm_type_is_lost = false;      // HTTP-AALARM-02: unknown ones are 0
  bool alarm_info_is_lost = false;      // HTTP-AALARM-03
  bool alarms_are_merged = false;       // HTTP-AALARM-05: one of each kind is kept
  // --- tunnel ---
  bool tunnel_hides_the_client = false;  // HTTP-TUN-13: all requests come from this host
};

}  // namespace deskcheck::server
