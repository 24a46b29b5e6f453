// The three lists of the client's group tab, and servers that have something to show in them.
#pragma once

#include "conformance/lab/paged_list.hpp"

namespace deskcheck::conformance {

PagedQuestion device_groups();  // client:flutter/lib/models/group_model.dart:103-157
PagedQuestion group_users();    // :160-230
PagedQuestion group_peers();    // :233-290

// Why the client cannot read an element; empty if it can.
std::string why_unreadable_user(const boost::json::object& user);
std::string why_unreadable_device(const boost::json::object& device);

// An account with a name and a password of its own.
SetupAccount account_for(Lab& lab, std::string role);

// A list as `role` gets it; signs in from this client.
Task<ClientList> list_for(ApiClient& client, PagedQuestion question, std::string role);

// Of a list: it has exactly these.
MATCHER_P2(HoldsExactly, key, values, "the items " + testing::PrintToString(values)) {
  std::vector<std::string> found;
  for (const auto& item : arg.items) {
    const auto* value = item.if_contains(key);
    found.emplace_back(value && value->is_string() ? std::string(value->get_string()) : "");
  }
  return arg.failure.empty() && testing::Matches(testing::UnorderedElementsAreArray(
                                    std::vector<std::string>(values)))(found);
}
MATCHER_P2(HoldsItem, key, value,
           std::string(key) + " " + std::string(value) + " among the items") {
  return arg.failure.empty() && arg.find(key, value);
}
MATCHER_P2(LacksItem, key, value, "no item of " + std::string(key) + " " + std::string(value)) {
  return arg.failure.empty() && !arg.find(key, value);
}
// Of a device: the name of its owner, of its group.
MATCHER_P2(IsIn, key, list, std::string(key) + " that is empty or in the list") {
  const auto value = arg.is_object() ? member_of(arg.get_object(), key) : boost::json::value(0);
  if (value.is_null() || value == boost::json::value("")) return true;
  return value.is_string() && list.find("name", value.get_string());
}

}  // namespace deskcheck::conformance
