// The catalogue of what the group tab can do wrong.
#include "reference-server/faults/named.hpp"

namespace deskcheck::server {

namespace {

constexpr NamedPolicy kGroupsPolicies[] = {
    {"device-groups-have-no-total", "HTTP-DGRP-01", &WrongPolicies::device_groups_have_no_total,
     "Device groups come without a total."},
    {"device-groups-are-upper-case", "HTTP-DGRP-03", &WrongPolicies::device_groups_are_upper_case,
     "Device groups have other names than at the devices."},
    {"users-have-no-total", "HTTP-USERS-01", &WrongPolicies::users_have_no_total,
     "Users come without a total."},
    {"accessible-needs-a-value", "HTTP-USERS-02", &WrongPolicies::accessible_needs_a_value,
     "Users are refused if accessible has no value."},
    {"disabled-users-are-listed", "HTTP-USERS-02", &WrongPolicies::disabled_users_are_listed,
     "Disabled accounts are among the users."},
    {"users-are-for-administrators", "HTTP-USERS-03", &WrongPolicies::users_are_for_administrators,
     "Users are told to administrators only."},
    {"all-users-are-listed", "HTTP-USERS-03", &WrongPolicies::all_users_are_listed,
     "All accounts are among the users, whatever the caller may see."},
    {"users-go-by-display-name", "HTTP-USERS-04", &WrongPolicies::users_go_by_display_name,
     "The name of a user is the one for people."},
    {"lonely-users-are-404", "HTTP-USERS-05", &WrongPolicies::lonely_users_are_404,
     "Who sees nobody else is answered 404 when asking for users."},
    {"caller-is-no-user", "HTTP-USERS-08", &WrongPolicies::caller_is_no_user,
     "The caller is not among the users."},
    {"devices-have-no-total", "HTTP-PEERS-01", &WrongPolicies::devices_have_no_total,
     "Devices come without a total."},
    {"devices-come-per-group", "HTTP-PEERS-01", &WrongPolicies::devices_come_per_group,
     "A device of a group comes twice."},
    {"device-name-is-called-hostname", "HTTP-PEERS-02",
     &WrongPolicies::device_name_is_called_hostname, "The name of a device is called hostname."},
    {"device-status-is-bool", "HTTP-PEERS-03", &WrongPolicies::device_status_is_bool,
     "The status of a device is true or false."},
    {"device-owner-is-display-name", "HTTP-PEERS-04", &WrongPolicies::device_owner_is_display_name,
     "The owner of a device is told by the name for people."},
    {"device-os-is-shortened", "HTTP-PEERS-05", &WrongPolicies::device_os_is_shortened,
     "The operating system of a device is told in short."},
    {"devices-without-token-are-none", "HTTP-PEERS-06",
     &WrongPolicies::devices_without_token_are_none,
     "Devices are an empty list without a valid token."},
    {"all-devices-are-shown", "HTTP-PEERS-07", &WrongPolicies::all_devices_are_shown,
     "Everybody sees all devices."},
};

}  // namespace

std::span<const NamedPolicy> group_policies() { return kGroupsPolicies; }

}  // namespace deskcheck::server
