// An address book as a client program keeps it: which kind of book the server has, what is read
// after each change, and what is changed how. Adds nothing to a book that it does not take away
// again. Decides nothing about what is right.
#pragma once

#include "conformance/lab/paged_list.hpp"

#include <boost/json/serialize.hpp>

#include <map>
#include <set>

namespace deskcheck::conformance {

// What a client shows of a book.
struct BookView {
  std::string failure;  // what it shows instead; empty: nothing went wrong
  ClientList peers;
  std::map<std::string, std::int64_t> tags;  // colors by name
  std::vector<std::string> repeated_tags;

  BookView() = default;
  const boost::json::object* peer(std::string_view id) const { return peers.find("id", id); }
};
std::ostream& operator<<(std::ostream& out, const BookView& view);

class LabBook {
 public:
  // The book `guid` as `client` sees it with this token.
  LabBook(Lab& lab, ApiClient client, std::string token, std::string guid);

  const std::string& guid() const { return guid_; }
  const std::string& token() const { return token_; }
  ApiClient& client() { return client_; }
  void use(Way way) { client_.use(way); }
  // The same book with somebody else's program and token, or with none.
  LabBook seen_by(ApiClient client, std::string token) const;

  // --- questions, as clients ask them
  Task<Answer<HttpAnswer>> peers_page(int number);
  Task<Answer<HttpAnswer>> tags();
  Task<Answer<HttpAnswer>> add(boost::json::object peer);
  Task<Answer<HttpAnswer>> add_text(std::string body);  // any bytes
  Task<Answer<HttpAnswer>> update(boost::json::object change);
  Task<Answer<HttpAnswer>> remove(std::vector<std::string> ids);
  Task<Answer<HttpAnswer>> add_tag(std::string name, std::int64_t color);
  Task<Answer<HttpAnswer>> rename_tag(std::string old_name, std::string new_name);
  Task<Answer<HttpAnswer>> recolor_tag(std::string name, std::int64_t color);
  Task<Answer<HttpAnswer>> remove_tag(std::string name);
  // What a server may have made of a body that is none: taken away in the end like all the rest.
  void may_hold(const std::vector<std::string>& ids, const std::vector<std::string>& tags);
  // Everything, as it is pulled after each change: all pages of peers, then the tags.
  Task<BookView> pull();

 private:
  struct Leftovers {
    std::set<std::string> ids, tags;
  };
  Task<Answer<HttpAnswer>> change(std::string method, std::string what, std::string body);
  static Task<void> clear_up(LabBook book);
  static Task<void> remove_what_is_left(LabBook book, Leftovers left);

  ApiClient client_;
  std::string token_, guid_;
  std::shared_ptr<Leftovers> leftovers_ = std::make_shared<Leftovers>();
};

// {"id": id} and more to add.
boost::json::object peer_of(std::string_view id);

// Asks which kind of book the server has.
Task<Answer<HttpAnswer>> ask_personal(ApiClient& client, std::string token);
// What the client makes of it: the guid, or nothing where it falls back to one text per user.
// Blocked if it can make nothing of it. client:flutter/lib/models/ab_model.dart:262-293
Task<std::optional<std::string>> personal_guid(Lab& lab, ApiClient& client, std::string token);
// Signs in and takes the account's own book. Not applicable to a server that keeps one text per
// user.
Task<LabBook> personal_book(Lab& lab, std::string role);

// The books that this account is given by others, as its client lists them.
PagedQuestion shared_profiles();
std::string why_unreadable_profile(const boost::json::object& profile);
std::string why_unreadable_peer(const boost::json::object& peer);

// Equal to a client, for which the order of tags means nothing.
bool equal_members(const boost::json::value& one, const boost::json::value& other);

// --- one answer
// Of ask_personal: anything else keeps clients from showing any book.
MATCHER(TellsTheKind, "404, or HTTP 200 with an object whose guid is a text, null or absent") {
  if (!arg.arrived()) return false;
  if (arg->status == 404) return true;
  const auto body = arg->status == 200 ? object_in(*arg) : std::nullopt;
  if (!body || body->contains("error")) return false;
  const auto* guid = body->if_contains("guid");
  return !guid || guid->is_null() || (guid->is_string() && !guid->get_string().empty());
}
// Of a question for somebody else's object. client:flutter/lib/models/ab_model.dart:1459-1464
MATCHER(IsRefusal, "an error object, or 403") {
  return arg.arrived() && arg->status < 500 && (arg->status == 403 || error_in(*arg).has_value());
}
// What clients show of it where a list was asked for. client: ab_model.dart:1989-2000
MATCHER(IsShortRefusal, "another status than 200, with a body of less than 128 bytes") {
  return arg.arrived() && arg->status != 200 && arg->body.size() < 128;
}
MATCHER_P(Mentions, text, "a body with " + std::string(text)) {
  return arg.arrived() && arg->body.find(text) != std::string::npos;
}

// --- the view after a pull
MATCHER_P2(ShowsPeer, id, members,
           "the peer " + std::string(id) + " with " +
               boost::json::serialize(boost::json::object(members))) {
  const auto* peer = arg.failure.empty() ? arg.peer(id) : nullptr;
  if (!peer) return false;
  for (const auto& member : boost::json::object(members)) {
    const auto* found = peer->if_contains(member.key());
    if (found && equal_members(*found, member.value())) continue;
    *result_listener << std::string(member.key()) << " is "
                     << (found ? boost::json::serialize(*found) : "not there");
    return false;
  }
  return true;
}
MATCHER_P(HidesPeer, id, "no peer " + std::string(id)) {
  return arg.failure.empty() && !arg.peer(id);
}
MATCHER_P2(ShowsTag, name, color,
           "the tag " + std::string(name) + " in color " + std::to_string(color)) {
  const auto tag = arg.tags.find(name);
  return arg.failure.empty() && tag != arg.tags.end() && tag->second == std::int64_t(color);
}
MATCHER_P(HidesTag, name, "no tag " + std::string(name)) {
  return arg.failure.empty() && !arg.tags.contains(name);
}
MATCHER(ShowsNoTagTwice, "no tag twice") {
  return arg.failure.empty() && arg.repeated_tags.empty();
}

}  // namespace deskcheck::conformance
