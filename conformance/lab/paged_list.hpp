// Lists that come in pages, as the client reads them: its loop, its merging, and what it cannot
// read. client:flutter/lib/models/ab_model.dart:302-350,1432-1482, group_model.dart:103-290
#pragma once

#include "conformance/lab/api_client.hpp"
#include "conformance/lab/api_matchers.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <functional>

namespace deskcheck::conformance {

inline constexpr int kPageSize = 100;  // the only one that clients ask for

struct PagedQuestion {
  std::string method;  // "POST" for books, "GET" for groups
  std::string path;
  std::string query;  // after current and pageSize: "&ab=..."
  std::string key;    // of what is one item to the client: "id", "name"

  PagedQuestion() = default;
  std::string page(int number) const;  // path and query, pages counted from 1
};

// Why the client cannot read an item; empty if it can.
using ItemReader = std::function<std::string(const boost::json::object&)>;

// What became of a list in a client.
struct ClientList {
  std::string failure;  // what it shows instead; empty: nothing went wrong
  int status = 0;       // of the last answer; 0: none came
  int pages = 0;
  std::vector<boost::json::object> items;  // one per key, of which the last counts
  std::vector<std::string> repeated;       // keys that came more than once
  std::vector<std::int64_t> totals;        // as each page says it
  std::vector<std::size_t> sizes;          // of the pages

  ClientList() = default;
  const boost::json::object* find(std::string_view key, std::string_view value) const;
};
std::ostream& operator<<(std::ostream& out, const ClientList& list);

// One page, in the client's words.
Task<Answer<HttpAnswer>> ask_page(ApiClient& client, PagedQuestion question, int number,
                                  std::string token);
// All pages, as the client's loop asks for them, and at most 50.
Task<ClientList> read_list(ApiClient& client, PagedQuestion question, std::string token,
                           ItemReader reader = nullptr);

// Empty if these members are texts, null or absent; else which one is not, and what it is.
std::string members_that_are_no_text(const boost::json::object& item,
                                     const std::vector<std::string_view>& names);

MATCHER(IsReadByClients, "a list that clients can read") { return arg.failure.empty(); }
MATCHER(IsPage, "HTTP 200 with a whole total, an array data, and no error") {
  const auto body = arg.arrived() && arg->status == 200 ? object_in(*arg) : std::nullopt;
  if (!body || body->contains("error")) return false;
  const auto* total = body->if_contains("total");
  const auto* data = body->if_contains("data");
  return total && total->is_int64() && total->get_int64() >= 0 && data && data->is_array();
}
MATCHER(IsEmptyPage, "HTTP 200 with a whole total and no item in data") {
  const auto body = arg.arrived() && arg->status == 200 ? object_in(*arg) : std::nullopt;
  if (!body || body->contains("error")) return false;
  const auto* total = body->if_contains("total");
  const auto* data = body->if_contains("data");
  return total && total->is_int64() && data && data->is_array() && data->get_array().empty();
}
MATCHER(SaysOneTotal, "the same total on every page, which is the number of items") {
  if (!arg.failure.empty() || arg.totals.empty()) return false;
  for (const auto total : arg.totals)
    if (total != static_cast<std::int64_t>(arg.items.size())) return false;
  return true;
}
MATCHER(FillsItsPages, "pages of 100 items as long as there are more") {
  if (!arg.failure.empty() || arg.sizes.empty()) return false;
  for (std::size_t page = 0; page + 1 < arg.sizes.size(); ++page)
    if (arg.sizes[page] != kPageSize) return false;
  return arg.sizes.back() <= kPageSize;
}
MATCHER(RepeatsNothing, "no item twice") {
  if (!arg.repeated.empty()) *result_listener << arg.repeated.front() << " comes again";
  return arg.failure.empty() && arg.repeated.empty();
}

}  // namespace deskcheck::conformance
