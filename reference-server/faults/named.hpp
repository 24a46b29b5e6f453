// How wrong policies are declared. For the tables of faults only.
#pragma once

#include "reference-server/faults/policies.hpp"

#include <span>

namespace deskcheck::server {

struct NamedPolicy {
  const char* id;
  const char* requirement;
  bool WrongPolicies::* policy;
  const char* text;
};

// Those of the HTTP API, in the order of WrongApi.
std::span<const NamedPolicy> api_policies();
// Those of address books, in the order of WrongAddressBook.
std::span<const NamedPolicy> address_book_policies();
// Those of the group tab and of audits, in the order of WrongGroups and WrongAudit.
std::span<const NamedPolicy> group_policies();
std::span<const NamedPolicy> audit_policies();
// Those of the other services, in the order of WrongServices.
std::span<const NamedPolicy> service_policies();
// Those of signing in through identity providers, in the order of WrongOidc.
std::span<const NamedPolicy> oidc_policies();
// Those of what an operator wants and sees, in the order of WrongFleet.
std::span<const NamedPolicy> fleet_policies();

}  // namespace deskcheck::server
