// What clients change of the peers of a book: add, update, delete. Success is zero bytes.
// Source: http-api.md section 3.6.
#include "proto/api/address_book.hpp"

#include "proto/api/json.hpp"
#include "reference-server/api/for_books.hpp"
#include "reference-server/api/groups.hpp"

namespace deskcheck::server::api {

namespace json = boost::json;

namespace {

using Opened = Books::Opened;

constexpr std::size_t kLongestPeer = 16 * 1024;  // bytes, as it is stored

http_api::BookPeer peer_in(const StoredPeer& stored) {
  http_api::BookPeer peer;
  (void)http_api::take(http_api::parse_object(stored.text).value(), peer);
  return peer;
}

// Hashes of passwords are for the owner's eyes: a book of several accounts has none.
Response store_peer(http_api::BookPeer peer, const Opened& opened, Books& books,
                    bool says_something) {
  if (!opened.book.personal && !books.wrong().shared_book_shows_hash) peer.hash.clear();
  StoredPeer stored;
  stored.id = peer.id;
  stored.text = json::serialize(to_json(peer));
  if (stored.text.size() > kLongestPeer) return failure(400, "The peer is too long");
  BookChange change;
  change.put_peers.push_back(std::move(stored));
  return changed(books.store().change(opened.book.guid, change), says_something);
}

// What a wrong server refuses in an added peer; null: nothing.
const char* refused_peer(const json::object& body, const WrongApi& wrong) {
  if (wrong.peer_needs_alias && !body.contains("alias")) return "The alias is missing";
  const auto* relay = body.if_contains("forceAlwaysRelay");
  if (wrong.force_relay_has_to_be_bool && relay && !relay->is_bool())
    return "forceAlwaysRelay has to be true or false";
  return nullptr;
}

// An id that is already there gets what is new: two clients may add it at once (HTTP-ABPADD-07).
Response add_peer(const Opened& opened, const Request& request, Books& books) {
  const WrongApi& wrong = books.wrong();
  const auto body = http_api::parse_object(request.body);
  if (!body) return failure(400, "The body has to be a JSON object");
  if (const char* mistake = refused_peer(*body, wrong)) return failure(400, mistake);
  http_api::BookPeer peer;
  if (const auto mistake = http_api::take(*body, peer)) return failure(400, *mistake);
  const auto known = books.store().find_peer(opened.book.guid, peer.id);
  const auto count = books.store().count_peers(opened.book.guid);
  if (!known || !count) return storage_failure();
  if (*known) {
    peer = peer_in(**known);
    (void)http_api::take(*body, peer);
    if (wrong.known_peer_comes_twice) books.doubled.emplace(opened.book.guid, "peer " + peer.id);
  } else if (*count >= books.most_peers()) {
    return wrong.full_book_says_nothing ? empty_answer()
                                        : failure(403, "The address book has too many peers");
  }
  if (wrong.added_note_is_lost) peer.note.clear();
  return store_peer(std::move(peer), opened, books, wrong.added_peer_is_answered);
}

// What a wrong server does not take from an update.
void spoil_update(json::object& body, const WrongApi& wrong) {
  if (wrong.synced_names_are_lost)
    for (const char* name : {"hostname", "platform", "username"}) body.erase(name);
  if (!wrong.update_ignores_empty) return;
  json::object filled;
  for (const auto& [name, value] : body) {
    const auto* text = value.if_string();
    const auto* list = value.if_array();
    if (!(text && text->empty()) && !(list && list->empty())) filled[name] = value;
  }
  body = std::move(filled);
}

Response update_peer(const Opened& opened, const Request& request, Books& books) {
  const WrongApi& wrong = books.wrong();
  auto body = http_api::parse_object(request.body);
  if (!body) return failure(400, "The body has to be a JSON object");
  const auto id = http_api::text(*body, "id");
  if (!id) return failure(400, "The id is missing");
  const auto known = books.store().find_peer(opened.book.guid, *id);
  if (!known) return storage_failure();
  if (!*known && !wrong.update_creates) return failure(404, "There is no such peer in the book");
  http_api::BookPeer peer;
  if (*known && !wrong.update_resets_the_rest) peer = peer_in(**known);
  spoil_update(*body, wrong);
  if (const auto mistake = http_api::take(*body, peer)) return failure(400, *mistake);
  return store_peer(std::move(peer), opened, books, wrong.updated_peer_is_answered);
}

Response delete_peers(const Opened& opened, const Request& request, Books& books) {
  const WrongApi& wrong = books.wrong();
  if (wrong.delete_ignores_body) return empty_answer();
  const auto ids = http_api::parse_texts(request.body);
  if (!ids) return failure(400, "The body has to be a list of ids");
  if (wrong.delete_refuses_unknown)
    for (const auto& id : *ids)
      if (const auto known = books.store().find_peer(opened.book.guid, id); known && !*known)
        return failure(404, "There is no such peer in the book");
  BookChange change;
  change.remove_peers = *ids;
  return changed(books.store().change(opened.book.guid, change), wrong.deleted_peer_is_answered);
}

}  // namespace

void add_address_book_peers(Router& router, identity::Accounts& accounts, Books& books) {
  const WrongApi& wrong = books.wrong();
  const auto changing = [&](Response (*act)(const Opened&, const Request&, Books&)) {
    return for_writers(accounts, books, [&books, act](Opened& opened, const Request& request) {
      return act(opened, request, books);
    });
  };
  router.add("POST", "/api/ab/peer/add/{guid}", changing(add_peer));
  router.add(wrong.update_is_a_post ? "POST" : "PUT", "/api/ab/peer/update/{guid}",
             changing(update_peer));
  const std::string base = wrong.delete_is_called_delete ? "/api/ab/peer/delete" : "/api/ab/peer";
  router.add("DELETE", base + "/{guid}", changing(delete_peers));
}

}  // namespace deskcheck::server::api
