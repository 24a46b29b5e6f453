// The catalogue of faults: what can be asked for by name, and which requirement it breaks.
#include "reference-server/faults/faults.hpp"
#include "reference-server/faults/named.hpp"

#include <algorithm>
#include <stdexcept>

namespace deskcheck::server {

namespace {

using Kind = WireMutant::Kind;

// In the order of WrongPolicies.
constexpr NamedPolicy kPolicies[] = {
    {"answers-empty-id", "RDV-REGPEER-06", &WrongPolicies::answers_empty_id,
     "RegisterPeer with an empty id is answered."},
    {"forgets-request-pk", "RDV-REGPEER-02", &WrongPolicies::forgets_request_pk,
     "RegisterPeer of an unknown id is answered with request_pk = false."},
    {"ignores-new-port", "RDV-REGPEER-04", &WrongPolicies::ignores_new_port,
     "Pushes go to the port of the registration, however the device moves since."},
    {"trusts-any-address", "RDV-REGPEER-05", &WrongPolicies::trusts_any_address,
     "RegisterPeer from any address takes the pushes of a device over."},
    {"register-peer-creates-entry", "RDV-REGPEER-07", &WrongPolicies::register_peer_creates_entry,
     "RegisterPeer alone makes an id known."},
    {"never-offline", "RDV-REGPEER-08", &WrongPolicies::never_offline,
     "A device that was registered once is online for ever."},
    {"offline-too-early", "RDV-REGPEER-09", &WrongPolicies::offline_too_early,
     "A device is offline 10 s after its last registration."},
    {"restart-needs-register-peer", "RDV-REGPEER-12", &WrongPolicies::restart_needs_register_peer,
     "RegisterPk with the data of before a restart does not make the device online."},
    {"register-peer-over-tcp", "RDV-REGPEER-13", &WrongPolicies::register_peer_over_tcp,
     "RegisterPeer over TCP registers the source address of the connection."},
    {"answers-without-key", "RDV-REGPK-02", &WrongPolicies::answers_without_key,
     "RegisterPk without uuid or pk is refused aloud."},
    {"accepts-short-ids", "RDV-REGPK-03", &WrongPolicies::accepts_short_ids,
     "Ids of less than 6 bytes are registered."},
    {"accepts-foreign-uuid", "RDV-REGPK-05", &WrongPolicies::accepts_foreign_uuid,
     "RegisterPk with another uuid takes the id over."},
    {"accepts-moved-key", "RDV-REGPK-06", &WrongPolicies::accepts_moved_key,
     "RegisterPk with a new pk from a new address is accepted."},
    {"keeps-old-key", "RDV-REGPK-07", &WrongPolicies::keeps_old_key,
     "RegisterPk with a new pk is answered OK, but the old pk is kept."},
    {"keeps-old-address", "RDV-REGPK-08", &WrongPolicies::keeps_old_address,
     "RegisterPk from a new address is answered OK, but pushes go to the old one."},
    {"no-registration-limit", "RDV-REGPK-11", &WrongPolicies::no_registration_limit,
     "An id may be registered as often as it likes."},
    {"registration-limit-never-ends", "RDV-REGPK-12", &WrongPolicies::registration_limit_never_ends,
     "An id that was refused as too frequent is refused for ever."},
    {"no-address-limit", "RDV-REGPK-13", &WrongPolicies::no_address_limit,
     "An address may register as often as it likes."},
    {"address-limit-never-ends", "RDV-REGPK-14", &WrongPolicies::address_limit_never_ends,
     "An address that was refused as too frequent is refused for ever."},
    {"any-number-of-ids", "RDV-REGPK-15", &WrongPolicies::any_number_of_ids,
     "An address may register any number of ids per day."},
    {"forgets-on-restart", "RDV-REGPK-16", &WrongPolicies::forgets_on_restart,
     "Nothing is stored."},
    {"hides-storage-failure", "RDV-REGPK-17", &WrongPolicies::hides_storage_failure,
     "RegisterPk is answered OK although the storage failed."},
    {"refused-registration-changes-key", "RDV-REGPK-19",
     &WrongPolicies::refused_registration_changes_key,
     "The pk of a refused RegisterPk replaces the stored one."},
    {"ids-case-insensitive", "RDV-REGPK-20", &WrongPolicies::ids_case_insensitive,
     "Ids that differ in case are one device."},
    {"register-pk-over-tcp-is-silent", "RDV-REGTCP-01",
     &WrongPolicies::register_pk_over_tcp_is_silent,
     "RegisterPk over TCP ends the connection without an answer."},
    {"client-has-to-speak-first", "SEC-KEX-01", &WrongPolicies::client_has_to_speak_first,
     "KeyExchange is offered only after a first message."},
    {"offers-two-keys", "SEC-KEX-01", &WrongPolicies::offers_two_keys,
     "KeyExchange is offered with two keys."},
    {"offer-has-wrong-signature", "SEC-KEX-02", &WrongPolicies::offer_has_wrong_signature,
     "The key in KeyExchange is signed by a key that is nobody's."},
    {"answers-in-plain-text", "SEC-KEX-03", &WrongPolicies::answers_in_plain_text,
     "Answers to encrypted requests are not encrypted."},
    {"counters-start-at-two", "SEC-KEX-04", &WrongPolicies::counters_start_at_two,
     "The first encrypted answer has the second nonce."},
    {"serves-secured-clients-only", "SEC-KEX-05", &WrongPolicies::serves_secured_clients_only,
     "A first message that is no KeyExchange ends its connection."},
    {"offers-key-exchange-twice", "SEC-KEX-07", &WrongPolicies::offers_key_exchange_twice,
     "KeyExchange is sent twice at the beginning of a connection."},
    {"heartbeats-are-counted", "SEC-KEX-08", &WrongPolicies::heartbeats_are_counted,
     "An empty frame on an encrypted connection advances the nonce."},
    {"skips-what-does-not-open", "SEC-KEX-09", &WrongPolicies::skips_what_does_not_open,
     "A frame that cannot be decrypted is ignored, and its connection goes on."},
    {"unusable-box-is-ignored", "SEC-KEX-10", &WrongPolicies::unusable_box_is_ignored,
     "After a KeyExchange whose box does not open the connection goes on in plain text."},
    {"one-key-for-all-connections", "SEC-KEX-11", &WrongPolicies::one_key_for_all_connections,
     "Every connection is offered the same X25519 key."},
    {"no-registration-over-tcp", "RDV-REGTCP-03", &WrongPolicies::no_registration_over_tcp,
     "RegisterPk over TCP is answered NOT_SUPPORT also when it is encrypted."},
    {"registration-over-tcp-is-no-presence", "RDV-REGTCP-03",
     &WrongPolicies::registration_over_tcp_is_no_presence,
     "A device that registers on a connection is told OK, and stays offline."},
    {"no-registration-over-websocket", "RDV-REGTCP-04",
     &WrongPolicies::no_registration_over_websocket,
     "RegisterPk over WebSocket is answered NOT_SUPPORT."},
    {"no-heartbeats", "RDV-REGTCP-05", &WrongPolicies::no_heartbeats,
     "The server sends no empty frames to devices."},
    {"pushes-are-always-datagrams", "RDV-REGTCP-06", &WrongPolicies::pushes_are_always_datagrams,
     "What is meant for a device on a connection is sent to its address over UDP."},
    {"closed-device-stays-online", "RDV-REGTCP-07", &WrongPolicies::closed_device_stays_online,
     "A device whose connection has ended stays online."},
    {"connected-devices-have-no-dot", "RDV-REGTCP-03",
     &WrongPolicies::connected_devices_have_no_dot,
     "Online_request knows nothing of devices on connections."},
    {"known-devices-keep-their-dot", "RDV-REGTCP-07", &WrongPolicies::known_devices_keep_their_dot,
     "Online_request calls every device online that has ever registered."},
    {"device-connections-time-out", "RDV-REGTCP-08", &WrongPolicies::device_connections_time_out,
     "The connection of a device ends after 30 s without a message, although it echoes "
     "heartbeats."},
    {"rare-heartbeats", "RDV-REGTCP-09", &WrongPolicies::rare_heartbeats,
     "Empty frames come later than keep_alive says."},
    {"keep-alive-in-milliseconds", "RDV-REGTCP-09", &WrongPolicies::keep_alive_in_milliseconds,
     "keep_alive counts milliseconds."},
    {"uuid-mismatch-ends-the-connection", "RDV-REGTCP-10",
     &WrongPolicies::uuid_mismatch_ends_the_connection,
     "After UUID_MISMATCH the connection of a device is closed."},
    {"id-change-changes-nothing", "RDV-CHGID-01", &WrongPolicies::id_change_changes_nothing,
     "An id change is answered OK, and the device keeps its id."},
    {"taken-ids-can-be-chosen", "RDV-CHGID-02", &WrongPolicies::taken_ids_can_be_chosen,
     "An id change takes the id of another device."},
    {"any-id-can-be-chosen", "RDV-CHGID-03", &WrongPolicies::any_id_can_be_chosen,
     "An id change accepts ids that no client would."},
    {"anybody-renames", "RDV-CHGID-04", &WrongPolicies::anybody_renames,
     "An id change needs no uuid."},
    {"refused-login-looks-offline", "PCH-FAIL-08", &WrongPolicies::refused_login_looks_offline,
     "Who is not signed in reads that the device is offline."},
    {"ends-health-checks", "HLC-01", &WrongPolicies::ends_health_checks,
     "A health check connection is closed, although feedback asked for it."},
    {"feedback-without-health-check", "HLC-02", &WrongPolicies::feedback_without_health_check,
     "Answers ask for a health check connection that is not served."},
    {"tunnel-says-something-first", "HTP-01", &WrongPolicies::tunnel_says_something_first,
     "The answer of the tunnel is not the next message."},
    {"tunnel-drops-headers", "HTP-02", &WrongPolicies::tunnel_drops_headers,
     "Headers of a request through the tunnel do not reach the API."},
    {"tunnel-hides-errors", "HTP-03", &WrongPolicies::tunnel_hides_errors,
     "An HTTP error status comes out of the tunnel as an error of the tunnel."},
    {"tunnel-failure-has-no-error", "HTP-04", &WrongPolicies::tunnel_failure_has_no_error,
     "A failure of the tunnel is an answer without error text."},
    {"tunnel-is-slow", "HTP-05", &WrongPolicies::tunnel_is_slow, "The tunnel answers 40 s late."},
    {"tunnel-is-narrow", "HTP-06", &WrongPolicies::tunnel_is_narrow,
     "Bodies of more than 64 KiB do not pass the tunnel."},
    {"tunnel-path-selects-host", "HTP-07", &WrongPolicies::tunnel_path_selects_host,
     "A path through the tunnel may be a URL with a host."},
    {"tunnel-drops-unknown-routes", "HTP-08", &WrongPolicies::tunnel_drops_unknown_routes,
     "An unknown route ends the connection of the tunnel."},
    {"plain-tunnel-request-waits", "HTP-09", &WrongPolicies::plain_tunnel_request_waits,
     "A request for the tunnel that is not encrypted is never answered."},
    {"never-pushes-config", "RDV-CFG-01", &WrongPolicies::never_pushes_config,
     "A newer configuration is not pushed."},
    {"always-pushes-config", "RDV-CFG-02", &WrongPolicies::always_pushes_config,
     "The configuration is pushed whatever serial the device reports."},
    {"config-update-from-anywhere", "RDV-CFG-03", &WrongPolicies::config_update_from_anywhere,
     "A configure_update from any source replaces the list of servers."},
    {"config-update-ignored", "RDV-CFG-04", &WrongPolicies::config_update_ignored,
     "A newer configure_update from loopback changes nothing."},
    {"older-config-update-taken", "RDV-CFG-05", &WrongPolicies::older_config_update_taken,
     "A configure_update from loopback counts whatever its serial."},
    {"software-update-always", "RDV-SWU-01", &WrongPolicies::software_update_always,
     "The download is also offered to clients that have that version."},
    {"software-update-says-version", "RDV-SWU-01", &WrongPolicies::software_update_says_version,
     "Software_update is answered with the version instead of the URL."},
    {"nat-test-wrong-port", "NAT-TEST-01", &WrongPolicies::nat_test_wrong_port,
     "The NAT test reports a port that is not the source port."},
    {"no-nat-test-over-udp", "NAT-TEST-06", &WrongPolicies::no_nat_test_over_udp,
     "The NAT test is not answered over UDP."},
    {"online-bits-reversed", "ONL-BITS-02", &WrongPolicies::online_bits_reversed,
     "The first peer is the least significant bit."},
    {"online-bitmap-cut", "ONL-BITS-01", &WrongPolicies::online_bitmap_cut,
     "The last byte of the online bitmap is missing."},
    {"unknown-ids-are-online", "ONL-BITS-03", &WrongPolicies::unknown_ids_are_online,
     "Ids that nobody registered are reported online."},
    {"offline-is-unknown", "PCH-FAIL-02", &WrongPolicies::offline_is_unknown,
     "An offline device is reported as unknown."},
    {"no-licence-check", "PCH-FAIL-03", &WrongPolicies::no_licence_check,
     "Any licence key is served."},
    {"lookup-before-licence", "PCH-FAIL-04", &WrongPolicies::lookup_before_licence,
     "An unknown id is reported to a requester with a wrong licence key."},
    {"failure-has-address", "PCH-FAIL-05", &WrongPolicies::failure_has_address,
     "Failure answers carry a socket_addr."},
    {"forwards-refused-request", "PCH-FAIL-07", &WrongPolicies::forwards_refused_request,
     "The device is asked although the requester was refused."},
    {"database-only-is-unknown", "PCH-FAIL-12", &WrongPolicies::database_only_is_unknown,
     "A device that has not registered since the start is reported as unknown."},
    {"serves-punch-over-udp", "PCH-UDP-01", &WrongPolicies::serves_punch_over_udp,
     "PunchHoleRequest datagrams are served."},
    {"local-addr-over-udp", "PCH-UDP-03", &WrongPolicies::local_addr_over_udp,
     "LocalAddr datagrams are believed."},
    {"pushes-twice", "PCH-FWD-01", &WrongPolicies::pushes_twice,
     "The device gets every question twice."},
    {"requester-port-lost", "PCH-FWD-02", &WrongPolicies::requester_port_lost,
     "The requester address given to the device has port 0."},
    {"answers-before-device", "PCH-FWD-04", &WrongPolicies::answers_before_device,
     "The requester gets an answer before the device has given one."},
    {"repeats-not-forwarded", "PCH-FWD-05", &WrongPolicies::repeats_not_forwarded,
     "A repeated request on one connection is not forwarded."},
    {"requester-closed-early", "PCH-FWD-06", &WrongPolicies::requester_closed_early,
     "A requester that is silent for 5 s after its request is disconnected."},
    {"nat-type-lost", "NAT-TYPE-01", &WrongPolicies::nat_type_lost,
     "Nat_type of the request does not reach the device."},
    {"refuses-unknown-nat-type", "FRM-PB-04", &WrongPolicies::refuses_unknown_nat_type,
     "A request with a nat_type of tomorrow is ignored."},
    {"same-lan-over-websocket", "PCH-LAN-03", &WrongPolicies::same_lan_over_websocket,
     "A requester on a WebSocket causes fetch_local_addr."},
    {"never-same-lan", "PCH-LAN-01", &WrongPolicies::never_same_lan,
     "A device with the address of the requester gets punch_hole."},
    {"lan-ignores-forced-relay", "PCH-LAN-04", &WrongPolicies::lan_ignores_forced_relay,
     "A device with the address of the requester gets fetch_local_addr although a relay is "
     "forced."},
    {"ignores-always-use-relay", "RLR-FRC-01", &WrongPolicies::ignores_always_use_relay,
     "The switch that forces relays has no effect."},
    {"no-relay-between-inside-and-outside", "RLR-FRC-01",
     &WrongPolicies::no_relay_between_inside_and_outside,
     "No relay is forced between the operator's own network and the others."},
    {"any-datagram-may-answer", "PCH-UDP-02", &WrongPolicies::any_datagram_may_answer,
     "Punch_hole_sent datagrams are believed also from devices that got no udp_port."},
    {"udp-port-lost", "PCH-EXT-01", &WrongPolicies::udp_port_lost,
     "Udp_port of the request does not reach the device."},
    {"is-udp-not-said", "PCH-EXT-01", &WrongPolicies::is_udp_not_said,
     "The UDP address of a device is not marked as such."},
    {"socket-addr-v6-lost", "PCH-EXT-02", &WrongPolicies::socket_addr_v6_lost,
     "Socket_addr_v6 of the requester does not reach the device."},
    {"device-socket-addr-v6-lost", "PCH-EXT-02", &WrongPolicies::device_socket_addr_v6_lost,
     "Socket_addr_v6 of the device does not reach the requester."},
    {"force-relay-lost", "PCH-EXT-03", &WrongPolicies::force_relay_lost,
     "The requester's wish for a relay does not reach the device."},
    {"control-permissions-lost", "PCH-EXT-04", &WrongPolicies::control_permissions_lost,
     "The operator's rules for controllers do not reach the device."},
    {"records-every-punch", "PCH-REC-01", &WrongPolicies::records_every_punch,
     "Every punch request is recorded, also those of one requester for one device in a minute."},
    {"answers-every-time", "PCH-SENT-06", &WrongPolicies::answers_every_time,
     "Every further punch_hole_sent for one request is delivered, too."},
    {"any-device-may-answer", "PCH-SENT-07", &WrongPolicies::any_device_may_answer,
     "Any id may answer for the device that was asked."},
    {"device-address-lost", "PCH-SENT-02", &WrongPolicies::device_address_lost,
     "Punch_hole_response carries the address of the requester instead of that of the device."},
    {"device-nat-type-lost", "NAT-TYPE-02", &WrongPolicies::device_nat_type_lost,
     "Nat_type of the device does not reach the requester."},
    {"device-relay-lost", "PCH-SENT-03", &WrongPolicies::device_relay_lost,
     "The relay chosen by the device does not reach the requester."},
    {"oneof-default-dropped", "FRM-PB-02", &WrongPolicies::oneof_default_dropped,
     "Nat_type UNKNOWN_NAT and an empty pk are left out."},
    {"rewrites-local-addr", "PCH-LAN-02", &WrongPolicies::rewrites_local_addr,
     "The local address of the device is replaced by the one seen."},
    {"signs-with-another-key", "PCH-PK-01", &WrongPolicies::signs_with_another_key,
     "Keys of devices are signed with a key that is not the server key."},
    {"signs-wrong-id", "PCH-PK-02", &WrongPolicies::signs_wrong_id, "Signed keys name another id."},
    {"signs-without-version", "PCH-PK-03", &WrongPolicies::signs_without_version,
     "A signed key is given although the device reported no version."},
    {"relay-response-changes-uuid", "RLR-BINI-01", &WrongPolicies::relay_response_changes_uuid,
     "The uuid of a relay_response is changed on its way."},
    {"relay-response-keeps-id", "RLR-BINI-02", &WrongPolicies::relay_response_keeps_id,
     "A relay_response is delivered with the id instead of the signed key."},
    {"drops-refuse-reason", "RLR-BINI-03", &WrongPolicies::drops_refuse_reason,
     "The reason of a refusal does not reach the requester."},
    {"signs-relay-response-without-id", "RLR-BINI-04",
     &WrongPolicies::signs_relay_response_without_id,
     "A relay_response without id is delivered with a pk."},
    {"request-relay-drops-token", "RLR-REQ-01", &WrongPolicies::request_relay_drops_token,
     "The token of a request_relay does not reach the device."},
    {"request-relay-without-requester", "RLR-REQ-02",
     &WrongPolicies::request_relay_without_requester,
     "A request_relay reaches the device without the address of the requester."},
    {"silent-about-unknown-relay-target", "RLR-REQ-05",
     &WrongPolicies::silent_about_unknown_relay_target,
     "Request_relay for an unknown or offline id is not answered."},
    {"request-relay-needs-licence", "RLR-REQ-07", &WrongPolicies::request_relay_needs_licence,
     "Request_relay without licence key is ignored."},
    {"proposes-one-relay-only", "RLR-SEL-01", &WrongPolicies::proposes_one_relay_only,
     "The first relay is always proposed."},
    {"dead-relays-proposed", "RLR-SEL-02", &WrongPolicies::dead_relays_proposed,
     "A relay that does not accept connections any more is still proposed."},
    {"no-relay-if-none-is-reached", "RLR-SEL-03", &WrongPolicies::no_relay_if_none_is_reached,
     "When no relay can be reached, none is proposed."},
    {"websocket-messages-have-headers", "WS-01", &WrongPolicies::websocket_messages_have_headers,
     "Answers on a WebSocket begin with the header of a TCP frame."},
    {"websocket-answers-are-texts", "WS-03", &WrongPolicies::websocket_answers_are_texts,
     "Answers on a WebSocket are Text messages."},
    {"websocket-texts-are-served", "WS-04", &WrongPolicies::websocket_texts_are_served,
     "A Text message is answered like a Binary one."},
    {"websocket-root-path-only", "WS-02", &WrongPolicies::websocket_root_path_only,
     "A WebSocket whose path is not / is closed."},
    {"address-headers-are-ignored", "WS-06", &WrongPolicies::address_headers_are_ignored,
     "The address of a proxy stands for the clients behind it."},
    {"address-headers-are-always-believed", "WS-07",
     &WrongPolicies::address_headers_are_always_believed,
     "Anybody can name another address as the own one in a header."},
    {"websockets-behind-one-address-collide", "WS-08",
     &WrongPolicies::websockets_behind_one_address_collide,
     "Clients behind one address take the answers of each other."},
    {"bad-address-header-ends-connection", "WS-09",
     &WrongPolicies::bad_address_header_ends_connection,
     "An address header that is none ends the connection."},
    {"websocket-handshakes-may-wait", "ROB-05", &WrongPolicies::websocket_handshakes_may_wait,
     "The handshake of a WebSocket may take for ever."},
    {"websocket-needs-key-exchange", "SEC-KEX-06", &WrongPolicies::websocket_needs_key_exchange,
     "WebSockets are offered KeyExchange, and have to answer it."},
    {"no-nat-test-over-websocket", "NAT-TEST-05", &WrongPolicies::no_nat_test_over_websocket,
     "Test_nat_request over WebSocket is not answered."},
    {"no-online-query-over-websocket", "ONL-WS-01", &WrongPolicies::no_online_query_over_websocket,
     "Online_request over WebSocket is not answered."},
    {"no-online-query-on-main-port", "ONL-TCP-01", &WrongPolicies::no_online_query_on_main_port,
     "Online_request on TCP P is not answered."},
    {"long-frame-headers", "FRM-HDR-03", &WrongPolicies::long_frame_headers,
     "Every frame header has four bytes."},
    {"one-segment-one-frame", "FRM-SEG-01", &WrongPolicies::one_segment_one_frame,
     "A frame that arrives in two segments ends its connection."},
    {"second-frame-lost", "FRM-SEG-02", &WrongPolicies::second_frame_lost,
     "A frame that arrives in the segment of another one is lost."},
    {"cut-frame-stops-service", "FRM-EOF-01", &WrongPolicies::cut_frame_stops_service,
     "After half a frame nothing is served over TCP any more."},
    {"refuses-unknown-fields", "FRM-PB-01", &WrongPolicies::refuses_unknown_fields,
     "Messages with unknown fields are not served."},
    {"answers-unparsable-datagrams", "ROB-01", &WrongPolicies::answers_unparsable_datagrams,
     "Datagrams that are no message are answered."},
    {"bad-message-stops-service", "ROB-02", &WrongPolicies::bad_message_stops_service,
     "After an unparsable frame nothing is served over TCP any more."},
    {"idle-connections-stay", "ROB-04", &WrongPolicies::idle_connections_stay,
     "Connections that send nothing are never closed."},
    {"addresses-as-ipv6", "ADR-ENC-01", &WrongPolicies::addresses_as_ipv6,
     "IPv4 addresses are sent as 18 bytes of IPv6."},
    {"relay-joins-any-uuids", "RLY-PAIR-06", &WrongPolicies::relay_joins_any_uuids,
     "The relay joins parties with different uuids."},
    {"relay-accepts-empty-uuid", "RLY-PAIR-08", &WrongPolicies::relay_accepts_empty_uuid,
     "The relay joins parties without uuid."},
    {"relay-loses-early-bytes", "RLY-PAIR-02", &WrongPolicies::relay_loses_early_bytes,
     "What the first party sent before the second came is lost."},
    {"relay-talks", "RLY-PAIR-03", &WrongPolicies::relay_talks,
     "The relay sends an empty frame to both parties when it joins them."},
    {"relay-forwards-first-message", "RLY-PAIR-04", &WrongPolicies::relay_forwards_first_message,
     "The request_relay of each party is delivered to the other one."},
    {"relay-gives-up-early", "RLY-PAIR-05", &WrongPolicies::relay_gives_up_early,
     "A party without partner is disconnected after 10 s."},
    {"relay-never-gives-up", "RLY-PAIR-05", &WrongPolicies::relay_never_gives_up,
     "A party without partner is never disconnected."},
    {"relay-keeps-other-side", "RLY-PAIR-11", &WrongPolicies::relay_keeps_other_side,
     "The end of one party does not reach the other one."},
    {"relay-no-licence-check", "RLY-KEY-01", &WrongPolicies::relay_no_licence_check,
     "The relay serves any licence key."},
    {"relay-needs-licence", "RLY-KEY-02", &WrongPolicies::relay_needs_licence,
     "A relay without key refuses an empty licence key."},
    {"relay-refused-evicts-waiting", "RLY-KEY-03", &WrongPolicies::relay_refused_evicts_waiting,
     "A party with a wrong licence key evicts the one that waits with its uuid."},
    {"relay-drops-empty-frames", "RLY-DATA-01", &WrongPolicies::relay_drops_empty_frames,
     "The relay drops a zero byte at the begin of a segment."},
    {"relay-silent-connections-stay", "RLY-PAIR-10", &WrongPolicies::relay_silent_connections_stay,
     "A connection to the relay on which nothing comes is never closed."},
    {"relay-joins-nobody", "RLY-PAIR-01", &WrongPolicies::relay_joins_nobody,
     "Two parties with one uuid wait side by side."},
    {"relay-parks-anything", "RLY-PAIR-09", &WrongPolicies::relay_parks_anything,
     "A connection to the relay that begins with another message is kept."},
    {"relay-corrupts-long-streams", "RLY-DATA-05", &WrongPolicies::relay_corrupts_long_streams,
     "After 256 KiB the relay changes bits."},
    {"relay-leaves-frame-headers", "RLY-DATA-02", &WrongPolicies::relay_leaves_frame_headers,
     "What the relay passes to or from a WebSocket begins with a frame header."},
    {"relay-splits-messages", "RLY-DATA-03", &WrongPolicies::relay_splits_messages,
     "The relay makes two messages of one."},
    {"relay-drops-empty-messages", "RLY-DATA-04", &WrongPolicies::relay_drops_empty_messages,
     "The relay drops empty payloads if a party is on a WebSocket."},
    {"relay-idle-per-direction", "RLY-IDLE-01", &WrongPolicies::relay_idle_per_direction,
     "A relayed session ends when one of the parties is silent, whatever the other one sends."},
    {"relay-sessions-never-idle", "RLY-IDLE-02", &WrongPolicies::relay_sessions_never_idle,
     "A relayed session on which both parties are silent stays for ever."},
    {"relay-websocket-root-path-only", "RLY-WS-01", &WrongPolicies::relay_websocket_root_path_only,
     "The relay takes WebSockets on the path / only."},
    {"relay-websocket-not-from-loopback", "RLY-WS-02",
     &WrongPolicies::relay_websocket_not_from_loopback,
     "The relay closes WebSockets from loopback."},
    {"relay-session-unlimited", "RLY-BW-01", &WrongPolicies::relay_session_unlimited,
     "A relayed session is as fast as it can."},
    {"relay-total-unlimited", "RLY-BW-02", &WrongPolicies::relay_total_unlimited,
     "All relayed sessions together are as fast as they can."},
    {"blocklist-lets-in", "RLY-BLK-01", &WrongPolicies::blocklist_lets_in,
     "Addresses in the block list of the relay are served."},
    {"lists-spare-running-sessions", "RLY-BLK-02", &WrongPolicies::lists_spare_running_sessions,
     "The lists of the relay do not touch sessions that run."},
    {"console-for-everybody", "ADM-01", &WrongPolicies::console_for_everybody,
     "Commands of the operator are taken from any source address."},
    {"console-stays-open", "ADM-02", &WrongPolicies::console_stays_open,
     "The connection of the console stays open after the answer."},
    {"console-help-cut", "ADM-03", &WrongPolicies::console_help_cut,
     "The last command is missing in the list of commands."},
    {"console-keeps-relays", "ADM-04", &WrongPolicies::console_keeps_relays,
     "A list of relays given at the console changes nothing."},
    {"console-switch-without-name", "ADM-05", &WrongPolicies::console_switch_without_name,
     "Always-use-relay prints only true or false."},
    {"switch-empties-relays", "ADM-06", &WrongPolicies::switch_empties_relays,
     "Always-use-relay with an argument leaves no relay to propose."},
    {"console-without-counts", "ADM-07", &WrongPolicies::console_without_counts,
     "Lists at the console do not begin with their number of entries."},
    {"console-without-units", "ADM-08", &WrongPolicies::console_without_units,
     "Bandwidths at the console have no unit."},
    {"console-takes-one-address", "ADM-09", &WrongPolicies::console_takes_one_address,
     "Of several addresses for a list the first is taken, the others are lost."},
    {"console-waits-for-ever", "ADM-10", &WrongPolicies::console_waits_for_ever,
     "A connection of the console on which nothing is said stays open."},
    {"bad-command-stops-console", "ADM-11", &WrongPolicies::bad_command_stops_console,
     "After an unknown command the console answers nobody any more."},
};

struct NamedMutant {
  const char* message;
  const char* field;
  Kind kind;
  const char* requirement;
  const char* text;
};

constexpr NamedMutant kMutants[] = {
    {"register_peer_response", "", Kind::silence, "RDV-REGPEER-01",
     "RegisterPeer is not answered."},
    {"register_peer_response", "", Kind::duplicate_message, "RDV-REGPEER-01",
     "RegisterPeer is answered twice."},
    {"register_peer_response", "", Kind::garbage, "RDV-REGPEER-10",
     "RegisterPeer is answered with bytes that are no message."},
    {"register_peer_response", "request_pk", Kind::drop_field, "RDV-REGPEER-02",
     "request_pk is never set."},
    {"register_peer_response", "request_pk", Kind::change_field, "RDV-REGPEER-02",
     "request_pk says the opposite."},
    {"register_pk_response", "", Kind::silence, "RDV-REGPK-01", "RegisterPk is not answered."},
    {"register_pk_response", "result", Kind::change_field, "RDV-REGPK-01",
     "RegisterPk is answered with another result."},
    {"register_pk_response", "result", Kind::drop_field, "RDV-REGPK-03",
     "RegisterPk is always answered OK."},
    {"configure_update", "serial", Kind::change_field, "RDV-CFG-01",
     "The pushed configuration has another serial."},
    {"test_nat_response", "port", Kind::change_field, "NAT-TEST-01",
     "The NAT test reports another port."},
    {"test_nat_response", "cu", Kind::drop_field, "NAT-TEST-04",
     "The NAT test never carries the newer configuration."},
    {"online_response", "", Kind::silence, "ONL-BITS-01", "OnlineRequest is not answered."},
    {"online_response", "states", Kind::drop_field, "ONL-BITS-01", "The online bitmap is empty."},
    {"punch_hole", "", Kind::silence, "PCH-FWD-01", "punch_hole does not reach the device."},
    {"punch_hole", "", Kind::duplicate_message, "PCH-FWD-01",
     "punch_hole reaches the device twice."},
    {"punch_hole", "socket_addr", Kind::drop_field, "PCH-FWD-02",
     "punch_hole does not tell the requester."},
    {"punch_hole", "relay_server", Kind::drop_field, "PCH-FWD-03",
     "punch_hole does not carry the configured relay."},
    {"punch_hole", "nat_type", Kind::change_field, "NAT-TYPE-01",
     "punch_hole carries another nat_type."},
    {"fetch_local_addr", "", Kind::silence, "PCH-LAN-01",
     "fetch_local_addr does not reach the device."},
    {"punch_hole_response", "", Kind::silence, "PCH-SENT-01",
     "punch_hole_response does not reach the requester."},
    {"punch_hole_response", "", Kind::delay, "PCH-FAIL-11", "punch_hole_response comes 20 s late."},
    {"punch_hole_response", "", Kind::duplicate_message, "PCH-SENT-06",
     "punch_hole_response comes twice."},
    {"punch_hole_response", "", Kind::garbage, "PCH-FAIL-01",
     "Instead of punch_hole_response come bytes that are no message."},
    {"punch_hole_response", "failure", Kind::change_field, "PCH-FAIL-01",
     "The failure is another one."},
    {"punch_hole_response", "socket_addr", Kind::change_field, "PCH-SENT-02",
     "The address of the device is another one."},
    {"punch_hole_response", "pk", Kind::drop_field, "PCH-PK-01", "The signed key is missing."},
    {"punch_hole_response", "pk", Kind::change_field, "PCH-PK-01",
     "The signed key does not verify."},
    {"punch_hole_response", "nat_type", Kind::change_field, "NAT-TYPE-02",
     "nat_type of the device is another one."},
    {"punch_hole_response", "is_local", Kind::drop_field, "PCH-LAN-02",
     "A local address is not marked as such."},
    {"request_relay", "", Kind::silence, "RLR-REQ-01", "request_relay does not reach the device."},
    {"request_relay", "uuid", Kind::change_field, "RLR-REQ-01",
     "request_relay reaches the device with another uuid."},
    {"request_relay", "secure", Kind::change_field, "RLR-REQ-01",
     "request_relay reaches the device with the opposite of secure."},
    {"relay_response", "", Kind::silence, "RLR-REQ-02",
     "relay_response does not reach the requester."},
    {"relay_response", "relay_server", Kind::drop_field, "RLR-BINI-01",
     "relay_response does not name the relay."},
    {"relay_response", "version", Kind::drop_field, "RLR-BINI-03",
     "relay_response loses the version of the device."},
    {"relay_response", "pk", Kind::drop_field, "RLR-BINI-02",
     "relay_response carries no signed key."},
};

const char* word(Kind kind) {
  switch (kind) {
    case Kind::silence:
      return "silence";
    case Kind::delay:
      return "delay";
    case Kind::duplicate_message:
      return "duplicate";
    case Kind::garbage:
      return "garbage";
    case Kind::drop_field:
      return "drop";
    case Kind::change_field:
      return "change";
  }
  return "";
}

Fault fault(const NamedPolicy& named) {
  Fault fault{named.id, named.requirement, named.text, {}};
  fault.plan.policies.*named.policy = true;
  return fault;
}

// "wire/punch_hole_response.pk/drop"
Fault fault(const NamedMutant& named) {
  std::string what = named.message;
  if (*named.field) what += std::string(".") + named.field;
  Fault fault{"wire/" + what + "/" + word(named.kind), named.requirement, named.text, {}};
  fault.plan.mutants = {WireMutant{named.kind, named.message, named.field}};
  return fault;
}

// Where one decision can be wrong in two ways, a server has to choose.
constexpr bool WrongPolicies::* kOpposites[][2] = {
    {&WrongPolicies::never_offline, &WrongPolicies::offline_too_early},
    {&WrongPolicies::never_pushes_config, &WrongPolicies::always_pushes_config},
    {&WrongPolicies::relay_gives_up_early, &WrongPolicies::relay_never_gives_up},
    {&WrongPolicies::relay_no_licence_check, &WrongPolicies::relay_needs_licence},
    {&WrongPolicies::wrong_password_is_401, &WrongPolicies::refusals_are_500},
    {&WrongPolicies::wrong_password_accepted, &WrongPolicies::wrong_password_is_401},
    {&WrongPolicies::sysinfo_never_finds_id, &WrongPolicies::sysinfo_is_said_ok},
    {&WrongPolicies::sysinfo_ver_changes, &WrongPolicies::sysinfo_ver_is_empty},
    {&WrongPolicies::relay_idle_per_direction, &WrongPolicies::relay_sessions_never_idle},
};

bool opposite(const WrongPolicies& a, const WrongPolicies& b) {
  return std::any_of(std::begin(kOpposites), std::end(kOpposites), [&](const auto& pair) {
    return (a.*pair[0] && b.*pair[1]) || (a.*pair[1] && b.*pair[0]);
  });
}

// A mutant without field takes the whole message, and leaves nothing for another one.
bool overlap(const WireMutant& a, const WireMutant& b) {
  return a.message == b.message && (a.field == b.field || a.field.empty() || b.field.empty());
}

bool exclude_each_other(const Fault& a, const Fault& b) {
  if (opposite(a.plan.policies, b.plan.policies)) return true;
  for (const auto& one : a.plan.mutants)
    for (const auto& other : b.plan.mutants)
      if (overlap(one, other)) return true;
  return false;
}

std::vector<Fault> all_faults() {
  std::vector<Fault> faults;
  for (const auto& named : kPolicies) faults.push_back(fault(named));
  for (const auto& table :
       {api_policies(), address_book_policies(), group_policies(), audit_policies(),
        service_policies(), fleet_policies(), oidc_policies()})
    for (const auto& named : table) faults.push_back(fault(named));
  for (const auto& named : kMutants) faults.push_back(fault(named));
  return faults;
}

}  // namespace

const std::vector<Fault>& declared_faults() {
  static const std::vector<Fault> faults = all_faults();
  return faults;
}

const Fault* find_fault(std::string_view id) {
  const auto& faults = declared_faults();
  const auto found =
      std::find_if(faults.begin(), faults.end(), [&](const Fault& f) { return f.id == id; });
  return found == faults.end() ? nullptr : &*found;
}

FaultPlan combine(const std::vector<const Fault*>& faults) {
  FaultPlan all;
  for (auto fault = faults.begin(); fault != faults.end(); ++fault) {
    for (auto before = faults.begin(); before != fault; ++before)
      if (exclude_each_other(**before, **fault))
        throw std::invalid_argument((*before)->id + " and " + (*fault)->id +
                                    " exclude each other; leave out one of them");
    for (const auto& table : {std::span<const NamedPolicy>(kPolicies), api_policies(),
                              address_book_policies(), group_policies(), audit_policies(),
                              service_policies(), fleet_policies(), oidc_policies()})
      for (const auto& named : table)
        if ((*fault)->plan.policies.*named.policy) all.policies.*named.policy = true;
    all.mutants.insert(all.mutants.end(), (*fault)->plan.mutants.begin(),
                       (*fault)->plan.mutants.end());
  }
  return all;
}

}  // namespace deskcheck::server
