// What clients change of the tags of a book: add, rename, set the colour, delete. A tag is known by
// its name, at the peers, too. Success is zero bytes. Source: http-api.md section 3.7.
#include "proto/api/address_book.hpp"

#include "proto/api/json.hpp"
#include "reference-server/api/for_books.hpp"
#include "reference-server/api/groups.hpp"

#include <algorithm>
#include <limits>

namespace deskcheck::server::api {

namespace json = boost::json;

namespace {

using Opened = Books::Opened;
using Tags = std::vector<StoredTag>;

constexpr std::size_t kMostTagsOfBook = 1000;

bool has_tag(const Tags& tags, const std::string& name) {
  return std::ranges::find(tags, name, &StoredTag::name) != tags.end();
}

StoredTag stored_tag(const std::string& name, std::uint32_t color) {
  StoredTag tag;
  tag.name = name;
  tag.color = color;
  return tag;
}

// The peers that have the tag, with `edit` applied to their tags.
template <class Edit>
boost::system::result<std::vector<StoredPeer>> peers_with(const std::string& tag,
                                                          const Opened& opened, Books& books,
                                                          Edit edit) {
  const auto all = books.store().peers(opened.book.guid, 0, std::numeric_limits<int>::max());
  if (!all) return all.error();
  std::vector<StoredPeer> with;
  for (const auto& stored : *all) {
    http_api::BookPeer peer;
    (void)http_api::take(http_api::parse_object(stored.text).value(), peer);
    if (std::ranges::find(peer.tags, tag) == peer.tags.end()) continue;
    edit(peer.tags);
    with.push_back(stored);
    with.back().text = json::serialize(to_json(peer));
  }
  return with;
}

Response add_tag(const Opened& opened, const Request& request, Books& books) {
  const WrongApi& wrong = books.wrong();
  const auto tag = http_api::parse_book_tag(request.body);
  if (!tag) return failure(400, "name has to be a text and color a number of 32 bits");
  const auto tags = books.store().tags(opened.book.guid);
  if (!tags) return storage_failure();
  const bool known = has_tag(*tags, tag->name);
  if (!known && tags->size() >= kMostTagsOfBook)
    return failure(403, "The address book has too many tags");
  if (known && wrong.tag_comes_twice) books.doubled.emplace(opened.book.guid, "tag " + tag->name);
  const auto color = wrong.color_has_31_bits ? tag->color & 0x7FFFFFFF : tag->color;
  BookChange change;
  change.put_tags.push_back(stored_tag(tag->name, color));
  return changed(books.store().change(opened.book.guid, change), wrong.added_tag_is_answered);
}

Response rename_tag(const Opened& opened, const Request& request, Books& books) {
  const WrongApi& wrong = books.wrong();
  const auto rename = http_api::parse_tag_rename(request.body);
  if (!rename) return failure(400, "old and new have to be texts");
  const auto& [before, after] = *rename;
  const auto tags = books.store().tags(opened.book.guid);
  if (!tags) return storage_failure();
  if (!has_tag(*tags, before)) return failure(404, "There is no such tag in the book");
  if (before == after) return changed({}, wrong.renamed_tag_is_answered);
  const bool joins = has_tag(*tags, after);
  if (joins && !wrong.rename_joins_tags) return failure(409, "There is already a tag of that name");
  BookChange change;
  if (joins)
    change.remove_tags.push_back(before);
  else
    change.rename_tag.emplace(before, after);
  if (wrong.rename_resets_color) change.put_tags.push_back(stored_tag(after, 0xFF000000));
  auto peers = peers_with(before, opened, books, [&](std::vector<std::string>& list) {
    std::erase(list, after);
    std::ranges::replace(list, before, after);
  });
  if (!peers) return storage_failure();
  if (!wrong.rename_leaves_peers) change.put_peers = std::move(*peers);
  return changed(books.store().change(opened.book.guid, change), wrong.renamed_tag_is_answered);
}

Response update_tag(const Opened& opened, const Request& request, Books& books) {
  const auto tag = http_api::parse_book_tag(request.body);
  if (!tag) return failure(400, "name has to be a text and color a number of 32 bits");
  const auto tags = books.store().tags(opened.book.guid);
  if (!tags) return storage_failure();
  if (!has_tag(*tags, tag->name)) return failure(404, "There is no such tag in the book");
  BookChange change;
  change.put_tags.push_back(stored_tag(tag->name, tag->color));
  return changed(books.store().change(opened.book.guid, change),
                 books.wrong().updated_tag_is_answered);
}

Response delete_tags(const Opened& opened, const Request& request, Books& books) {
  const WrongApi& wrong = books.wrong();
  const auto names = http_api::parse_texts(request.body);
  if (!names) return failure(400, "The body has to be a list of names");
  const std::set<std::string> gone(names->begin(), names->end());
  const auto tags = books.store().tags(opened.book.guid);
  if (!tags) return storage_failure();
  // A peer with several of them is changed for the first one.
  std::map<std::string, StoredPeer> peers;
  for (const auto& tag : *tags) {
    if (!gone.contains(tag.name)) continue;
    auto with = peers_with(tag.name, opened, books, [&](std::vector<std::string>& list) {
      std::erase_if(list, [&](const std::string& name) { return gone.contains(name); });
    });
    if (!with) return storage_failure();
    for (auto& peer : *with) peers.insert_or_assign(peer.id, std::move(peer));
  }
  BookChange change;
  change.remove_tags = *names;
  if (!wrong.deleted_tag_stays_at_peers)
    for (auto& [id, peer] : peers) change.put_peers.push_back(std::move(peer));
  return changed(books.store().change(opened.book.guid, change), wrong.deleted_tag_is_answered);
}

}  // namespace

void add_address_book_tags(Router& router, identity::Accounts& accounts, Books& books) {
  const auto changing = [&](Response (*act)(const Opened&, const Request&, Books&)) {
    return for_writers(accounts, books, [&books, act](Opened& opened, const Request& request) {
      return act(opened, request, books);
    });
  };
  router.add("POST", "/api/ab/tag/add/{guid}", changing(add_tag));
  router.add("PUT", "/api/ab/tag/rename/{guid}", changing(rename_tag));
  router.add("PUT", "/api/ab/tag/update/{guid}", changing(update_tag));
  router.add("DELETE", "/api/ab/tag/{guid}", changing(delete_tags));
}

}  // namespace deskcheck::server::api
