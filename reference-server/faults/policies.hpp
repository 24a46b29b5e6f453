// Wrong policies: every way in which the server's logic can be told to be wrong, one field each,
// with the requirement that it breaks. The field stands as `if (wrong_.field)` next to the code
// that it breaks. All off in a server that is right. Decides nothing itself.
#pragma once

#include "reference-server/faults/wrong_api.hpp"

namespace deskcheck::server {

struct WrongPolicies : WrongApi {
  bool operator==(const WrongPolicies&) const = default;

  // --- RegisterPeer ---
  bool answers_empty_id = false;             // RDV-REGPEER-06: an empty id is answered
  bool forgets_request_pk = false;           // RDV-REGPEER-02: unknown ids get request_pk = false
  bool ignores_new_port = false;             // RDV-REGPEER-04: pushes go to the first port
  bool trusts_any_address = false;           // RDV-REGPEER-05: another IP takes the device over
  bool register_peer_creates_entry = false;  // RDV-REGPEER-07: an unknown id becomes known
  bool never_offline = false;                // RDV-REGPEER-08: who was seen once stays online
  bool offline_too_early = false;            // RDV-REGPEER-09: offline 10 s after a registration
  bool restart_needs_register_peer = false;  // RDV-REGPEER-12: the same data does not count
  bool register_peer_over_tcp = false;       // RDV-REGPEER-13: registers the TCP source address
  // --- RegisterPk ---
  bool answers_without_key = false;    // RDV-REGPK-02: an empty uuid or pk is refused aloud
  bool accepts_short_ids = false;      // RDV-REGPK-03: ids of less than 6 bytes
  bool accepts_foreign_uuid = false;   // RDV-REGPK-05: another uuid takes the id over
  bool accepts_moved_key = false;      // RDV-REGPK-06: IP and pk change at once
  bool keeps_old_key = false;          // RDV-REGPK-07: OK to a new pk, which is not used
  bool keeps_old_address = false;      // RDV-REGPK-08: OK from a new IP, pushes go to the old
  bool no_registration_limit = false;  // RDV-REGPK-11: no limit per id
  bool registration_limit_never_ends = false;  // RDV-REGPK-12: once refused, for ever
  bool no_address_limit = false;               // RDV-REGPK-13: no limit per address
  bool address_limit_never_ends = false;       // RDV-REGPK-14: an address once full stays full
  bool any_number_of_ids = false;              // RDV-REGPK-15: no limit of ids per address and day
  bool forgets_on_restart = false;             // RDV-REGPK-16: nothing is stored
  bool hides_storage_failure = false;          // RDV-REGPK-17: OK although nothing was stored
  bool refused_registration_changes_key = false;  // RDV-REGPK-19: the refused pk is used
  bool ids_case_insensitive = false;  // RDV-REGPK-20: "Abcdef" and "abcdef" are one device
  bool register_pk_over_tcp_is_silent = false;  // RDV-REGTCP-01: no answer over TCP
  // --- secure channel ---
  bool client_has_to_speak_first = false;    // SEC-KEX-01: no offer before the first frame
  bool offers_two_keys = false;              // SEC-KEX-01: KeyExchange with two keys
  bool offer_has_wrong_signature = false;    // SEC-KEX-02: signed by another key
  bool answers_in_plain_text = false;        // SEC-KEX-03: only requests are encrypted
  bool counters_start_at_two = false;        // SEC-KEX-04: the first nonce is skipped
  bool serves_secured_clients_only = false;  // SEC-KEX-05: a plain first frame ends the connection
  bool offers_key_exchange_twice = false;    // SEC-KEX-07
  bool heartbeats_are_counted = false;       // SEC-KEX-08: an empty frame advances the counter
  bool skips_what_does_not_open = false;     // SEC-KEX-09: a forged frame is ignored
  bool unusable_box_is_ignored = false;      // SEC-KEX-10: the connection goes on in plain text
  bool one_key_for_all_connections = false;  // SEC-KEX-11: the ephemeral key is always the same
  // --- registration on connections ---
  bool no_registration_over_tcp = false;              // RDV-REGTCP-03: NOT_SUPPORT
  bool registration_over_tcp_is_no_presence = false;  // RDV-REGTCP-03: OK, but offline
  bool no_registration_over_websocket = false;        // RDV-REGTCP-04: NOT_SUPPORT
  bool no_heartbeats = false;                         // RDV-REGTCP-05
  bool pushes_are_always_datagrams = false;           // RDV-REGTCP-06: not on the connection
  bool connected_devices_have_no_dot = false;         // RDV-REGTCP-03
  bool closed_device_stays_online = false;            // RDV-REGTCP-07
  bool known_devices_keep_their_dot = false;          // RDV-REGTCP-07
  bool device_connections_time_out = false;           // RDV-REGTCP-08: echoes do not count as life
  bool rare_heartbeats = false;                       // RDV-REGTCP-09: later than announced
  bool keep_alive_in_milliseconds = false;            // RDV-REGTCP-09
  bool uuid_mismatch_ends_the_connection = false;     // RDV-REGTCP-10
  // --- id change ---
  bool id_change_changes_nothing = false;  // RDV-CHGID-01
  bool taken_ids_can_be_chosen = false;    // RDV-CHGID-02
  bool any_id_can_be_chosen = false;       // RDV-CHGID-03
  bool anybody_renames = false;            // RDV-CHGID-04: the uuid is not checked
  // --- signed-in controllers ---
  bool refused_login_looks_offline = false;    // PCH-FAIL-08: the text is about something else
  bool ends_health_checks = false;             // HLC-01: although feedback asked for them
  bool feedback_without_health_check = false;  // HLC-02: nobody answers hc
  // --- HTTP tunnel ---
  bool tunnel_says_something_first = false;  // HTP-01: another message comes first
  bool tunnel_drops_headers = false;         // HTP-02
  bool tunnel_hides_errors = false;          // HTP-03
  bool tunnel_failure_has_no_error = false;  // HTP-04
  bool tunnel_is_slow = false;               // HTP-05
  bool tunnel_is_narrow = false;             // HTP-06: no more than 64 KiB
  bool tunnel_path_selects_host = false;     // HTP-07
  bool tunnel_drops_unknown_routes = false;  // HTP-08
  bool plain_tunnel_request_waits = false;   // HTP-09
  // --- configuration, NAT test, online query ---
  bool never_pushes_config = false;          // RDV-CFG-01
  bool always_pushes_config = false;         // RDV-CFG-02
  bool config_update_from_anywhere = false;  // RDV-CFG-03: not only from loopback
  bool config_update_ignored = false;      // RDV-CFG-04: a newer one from loopback changes nothing
  bool older_config_update_taken = false;  // RDV-CFG-05: whatever its serial
  bool software_update_always = false;     // RDV-SWU-01: also to those who have the version
  bool software_update_says_version = false;  // RDV-SWU-01: the version instead of the URL
  bool nat_test_wrong_port = false;     // NAT-TEST-01: reports a port that is not the source's
  bool no_nat_test_over_udp = false;    // NAT-TEST-06: silence
  bool online_bits_reversed = false;    // ONL-BITS-02: least significant bit first
  bool online_bitmap_cut = false;       // ONL-BITS-01: the last byte is missing
  bool unknown_ids_are_online = false;  // ONL-BITS-03
  // --- PunchHoleRequest ---
  bool offline_is_unknown = false;        // PCH-FAIL-02: ID_NOT_EXIST for offline devices
  bool no_licence_check = false;          // PCH-FAIL-03: any licence key is served
  bool lookup_before_licence = false;     // PCH-FAIL-04: ID_NOT_EXIST despite a wrong key
  bool failure_has_address = false;       // PCH-FAIL-05: failures carry a socket_addr
  bool forwards_refused_request = false;  // PCH-FAIL-07: the device is asked all the same
  bool database_only_is_unknown = false;  // PCH-FAIL-12: known after a restart = unknown
  bool serves_punch_over_udp = false;     // PCH-UDP-01: a datagram is answered
  bool local_addr_over_udp = false;       // PCH-UDP-03: a LocalAddr datagram is believed
  bool pushes_twice = false;              // PCH-FWD-01: two punch_hole per request
  bool requester_port_lost = false;       // PCH-FWD-02: socket_addr has port 0
  bool answers_before_device = false;     // PCH-FWD-04: an answer without the device's
  bool repeats_not_forwarded = false;     // PCH-FWD-05: only the first request is forwarded
  bool requester_closed_early = false;    // PCH-FWD-06: 5 s of silence end the connection
  bool nat_type_lost = false;             // NAT-TYPE-01: nat_type is always UNKNOWN_NAT
  bool refuses_unknown_nat_type = false;  // FRM-PB-04: a nat_type number of tomorrow is ignored
  bool same_lan_over_websocket = false;   // PCH-LAN-03: fetch_local_addr for a WebSocket
  bool never_same_lan = false;            // PCH-LAN-01: punch_hole also on one IP
  bool lan_ignores_forced_relay = false;  // PCH-LAN-04: fetch_local_addr despite forced relay
  bool ignores_always_use_relay = false;  // RLR-FRC-01
  // RLR-FRC-01: no relay is forced between the operator's network and the others.
  bool no_relay_between_inside_and_outside = false;
  bool any_datagram_may_answer = false;  // PCH-UDP-02: whoever was told to answer with one or not
  bool udp_port_lost = false;            // PCH-EXT-01: not told to the device
  bool is_udp_not_said = false;          // PCH-EXT-01: a UDP address looks like one of TCP
  bool socket_addr_v6_lost = false;      // PCH-EXT-02: the requester's
  bool device_socket_addr_v6_lost = false;  // PCH-EXT-02: the device's
  bool force_relay_lost = false;            // PCH-EXT-03
  bool control_permissions_lost = false;    // PCH-EXT-04
  bool records_every_punch = false;         // PCH-REC-01: repeats within 60 s are listed, too
  // --- answers of devices ---
  bool answers_every_time = false;      // PCH-SENT-06: a second punch_hole_sent is delivered
  bool any_device_may_answer = false;   // PCH-SENT-07: the id of the answer is not checked
  bool device_address_lost = false;     // PCH-SENT-02: socket_addr is the requester's own
  bool device_nat_type_lost = false;    // NAT-TYPE-02: not told to the requester
  bool device_relay_lost = false;       // PCH-SENT-03: relay_server is dropped
  bool oneof_default_dropped = false;   // FRM-PB-02: nat_type 0 and empty pk are left out
  bool rewrites_local_addr = false;     // PCH-LAN-02: local_addr := address seen
  bool signs_with_another_key = false;  // PCH-PK-01
  bool signs_wrong_id = false;          // PCH-PK-02
  bool signs_without_version = false;   // PCH-PK-03
  // --- relay signalling ---
  bool relay_response_changes_uuid = false;        // RLR-BINI-01
  bool relay_response_keeps_id = false;            // RLR-BINI-02
  bool drops_refuse_reason = false;                // RLR-BINI-03
  bool signs_relay_response_without_id = false;    // RLR-BINI-04
  bool request_relay_drops_token = false;          // RLR-REQ-01
  bool request_relay_without_requester = false;    // RLR-REQ-02: socket_addr is not filled in
  bool silent_about_unknown_relay_target = false;  // RLR-REQ-05
  bool request_relay_needs_licence = false;        // RLR-REQ-07
  bool proposes_one_relay_only = false;            // RLR-SEL-01
  bool dead_relays_proposed = false;               // RLR-SEL-02: reachable or not
  bool no_relay_if_none_is_reached = false;        // RLR-SEL-03: the list becomes empty
  // --- WebSocket ---
  bool websocket_messages_have_headers = false;        // WS-01: a frame inside each Binary message
  bool websocket_answers_are_texts = false;            // WS-03
  bool websocket_texts_are_served = false;             // WS-04: Text messages are read as requests
  bool websocket_root_path_only = false;               // WS-02
  bool address_headers_are_ignored = false;            // WS-06
  bool address_headers_are_always_believed = false;    // WS-07
  bool websockets_behind_one_address_collide = false;  // WS-08: they all have port 0
  bool bad_address_header_ends_connection = false;     // WS-09
  bool websocket_handshakes_may_wait = false;          // ROB-05: for ever
  bool websocket_needs_key_exchange = false;           // SEC-KEX-06
  bool no_nat_test_over_websocket = false;             // NAT-TEST-05
  bool no_online_query_over_websocket = false;         // ONL-WS-01
  bool no_online_query_on_main_port = false;           // ONL-TCP-01
  // --- framing and robustness ---
  bool long_frame_headers = false;       // FRM-HDR-03: always four bytes
  bool one_segment_one_frame = false;    // FRM-SEG-01: a frame in two segments is garbage
  bool second_frame_lost = false;        // FRM-SEG-02: what follows a frame in a segment is lost
  bool cut_frame_stops_service = false;  // FRM-EOF-01: half a frame ends the service over TCP
  bool refuses_unknown_fields = false;   // FRM-PB-01
  bool addresses_as_ipv6 = false;        // ADR-ENC-01: IPv4 as 18 bytes, mapped
  bool answers_unparsable_datagrams = false;  // ROB-01
  bool bad_message_stops_service = false;  // ROB-02: an unparsable frame ends the service over TCP
  bool idle_connections_stay = false;      // ROB-04
  // --- relay ---
  bool relay_joins_any_uuids = false;         // RLY-PAIR-06
  bool relay_accepts_empty_uuid = false;      // RLY-PAIR-08
  bool relay_loses_early_bytes = false;       // RLY-PAIR-02
  bool relay_talks = false;                   // RLY-PAIR-03
  bool relay_forwards_first_message = false;  // RLY-PAIR-04
  bool relay_gives_up_early = false;          // RLY-PAIR-05: waits 10 s for a partner
  bool relay_never_gives_up = false;          // RLY-PAIR-12: a party without partner stays for ever
  bool relay_keeps_other_side = false;  // RLY-PAIR-11: the end of one side is kept from the other
  bool relay_no_licence_check = false;  // RLY-KEY-01
  bool relay_needs_licence = false;     // RLY-KEY-02: an empty licence key is refused always
  bool relay_refused_evicts_waiting = false;    // RLY-KEY-03
  bool relay_drops_empty_frames = false;        // RLY-DATA-01: a segment of one zero byte vanishes
  bool relay_silent_connections_stay = false;   // RLY-PAIR-10
  bool relay_joins_nobody = false;              // RLY-PAIR-01: everybody waits
  bool relay_parks_anything = false;            // RLY-PAIR-09: any first message may wait
  bool relay_corrupts_long_streams = false;     // RLY-DATA-05: a bit per piece beyond 256 KiB
  bool relay_leaves_frame_headers = false;      // RLY-DATA-02: messages begin with a header
  bool relay_splits_messages = false;           // RLY-DATA-03: one message becomes two
  bool relay_drops_empty_messages = false;      // RLY-DATA-04: with a WebSocket party
  bool relay_idle_per_direction = false;        // RLY-IDLE-01: silence of one side is enough
  bool relay_sessions_never_idle = false;       // RLY-IDLE-02
  bool relay_websocket_root_path_only = false;  // RLY-WS-01
  bool relay_websocket_not_from_loopback = false;  // RLY-WS-02
  bool relay_session_unlimited = false;            // RLY-BW-01
  bool relay_total_unlimited = false;              // RLY-BW-02
  bool blocklist_lets_in = false;                  // RLY-BLK-01
  bool lists_spare_running_sessions = false;       // RLY-BLK-02
  // --- the operator's consoles ---
  bool console_for_everybody = false;  // ADM-01: also to sources that are not loopback
  bool console_stays_open = false;     // ADM-02: the connection is not closed after the answer
  bool console_help_cut = false;       // ADM-03: the last command is not listed
  bool console_keeps_relays = false;   // ADM-04: a list of relays changes nothing
  bool console_switch_without_name = false;  // ADM-05: prints only the value
  bool switch_empties_relays = false;        // ADM-06: always-use-relay takes the relays away
  bool console_without_counts = false;       // ADM-07: lists do not begin with their length
  bool console_without_units = false;        // ADM-08: prints 128 instead of 128Mb/s
  bool console_takes_one_address = false;    // ADM-09: of a list of addresses the first is added
  bool console_waits_for_ever = false;       // ADM-10: silence does not end the connection
  bool bad_command_stops_console = false;    // ADM-11: after an unknown one none is served
};

}  // namespace deskcheck::server
