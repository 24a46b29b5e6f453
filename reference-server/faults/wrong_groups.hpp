// Wrong policies of the group tab: one field each, with the requirement that it breaks. All off in
// a server that is right. Decides nothing itself.
#pragma once

namespace deskcheck::server {

struct WrongGroups {
  bool operator==(const WrongGroups&) const = default;

  bool device_groups_have_no_total = false;     // HTTP-DGRP-01
  bool device_groups_are_upper_case = false;    // HTTP-DGRP-03: not as the devices say
  bool users_have_no_total = false;             // HTTP-USERS-01
  bool accessible_needs_a_value = false;        // HTTP-USERS-02: "accessible" alone is refused
  bool disabled_users_are_listed = false;       // HTTP-USERS-02: status=1 is not looked at
  bool users_are_for_administrators = false;    // HTTP-USERS-03
  bool all_users_are_listed = false;            // HTTP-USERS-03
  bool users_go_by_display_name = false;        // HTTP-USERS-04
  bool lonely_users_are_404 = false;            // HTTP-USERS-05
  bool caller_is_no_user = false;               // HTTP-USERS-08
  bool devices_have_no_total = false;           // HTTP-PEERS-01
  bool devices_come_per_group = false;          // HTTP-PEERS-01: twice if in two groups
  bool device_name_is_called_hostname = false;  // HTTP-PEERS-02
  bool device_status_is_bool = false;           // HTTP-PEERS-03
  bool device_owner_is_display_name = false;    // HTTP-PEERS-04
  bool device_os_is_shortened = false;          // HTTP-PEERS-05
  bool devices_without_token_are_none = false;  // HTTP-PEERS-06: 200 and an empty list
  bool all_devices_are_shown = false;           // HTTP-PEERS-07
};

}  // namespace deskcheck::server
