// Lists that come in pages, as the client's loop reads them: books, peers, users, devices.
// client: ab_model.dart:302-350, 1432-1482; group_model.dart:103-290
#pragma once

#include "client-sim/account/answer_classes.hpp"
#include "client-sim/account/http_stacks.hpp"

#include <vector>

namespace deskcheck::sim {

struct PagedQuestion {
  bool is_post = true;  // as books are asked for; groups by GET
  std::string path;
  std::string query;         // after current and pageSize: "&ab=..."
  std::string key;           // of what is one item to the client: "id", "name"
  bool ends_at_404 = false;  // without a failure

  PagedQuestion() = default;
};

struct PagedList {
  std::vector<boost::json::object> items;  // one per key, of which the last counts
  std::string failure;                     // what the user reads; empty: nothing went wrong
  int status = 0;                          // of the last answer; 0: none came

  PagedList() = default;
};

// Throws TypeMistake if the client cannot read the item.
using ItemCheck = void (*)(const boost::json::object&);

// Asks for a hundred at a time until `total` has been reached, or 200 pages, which is a failure:
// the client would go on.
Task<PagedList> read_pages(HttpStacks* stacks, PagedQuestion question, std::string token,
                           ItemCheck check);

// --- what the client can read
void check_peer(const boost::json::object& peer);    // of address books: http-api.md 3.9
void check_named(const boost::json::object& named);  // has a name, which may be absent

}  // namespace deskcheck::sim
