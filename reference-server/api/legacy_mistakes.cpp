#include "reference-server/api/legacy_mistakes.hpp"

#include "proto/api/json.hpp"

#include <algorithm>

namespace deskcheck::server::api {

namespace json = boost::json;

namespace {

json::array list_of(const json::object& book, std::string_view name) {
  const auto* member = book.if_contains(name);
  const auto* array = member ? member->if_array() : nullptr;
  return array ? *array : json::array();
}

std::string id_of(const json::value& peer) {
  const auto* object = peer.if_object();
  return object ? http_api::text(*object, "id").value_or("") : "";
}

json::array with_numbers(json::array peers) {
  for (auto& peer : peers)
    if (auto* object = peer.if_object()) (*object)["id"] = 123456789;
  return peers;
}

void keep_removed_peers(json::object& book, const std::string& before) {
  const auto old = http_api::parse_object(before);
  if (!old) return;
  auto peers = list_of(book, "peers");
  for (const auto& peer : list_of(*old, "peers")) {
    const auto same = [&](const json::value& other) { return id_of(other) == id_of(peer); };
    if (std::ranges::none_of(peers, same)) peers.push_back(peer);
  }
  book["peers"] = std::move(peers);
}

}  // namespace

json::value json_or_text(const std::string& text) {
  boost::system::error_code error;
  auto value = json::parse(text, error);
  return error ? json::value(text) : value;
}

std::string shown_legacy(const std::string& text, const WrongApi& wrong) {
  if (!wrong.tag_colors_are_object && !wrong.book_tags_are_sorted && !wrong.book_peers_have_numbers)
    return text;
  auto book = http_api::parse_object(text);
  if (!book) return text;
  if (wrong.tag_colors_are_object && book->contains("tag_colors"))
    (*book)["tag_colors"] = json_or_text(http_api::text(*book, "tag_colors").value_or("{}"));
  if (wrong.book_peers_have_numbers) (*book)["peers"] = with_numbers(list_of(*book, "peers"));
  if (wrong.book_tags_are_sorted) {
    auto tags = list_of(*book, "tags");
    std::ranges::sort(tags, {}, [](const json::value& tag) { return json::serialize(tag); });
    (*book)["tags"] = std::move(tags);
  }
  return json::serialize(*book);
}

std::optional<std::string> taken_legacy(const std::string& pushed, const std::string& before,
                                        const WrongApi& wrong) {
  if (!wrong.book_keeps_removed_peers && !wrong.book_drops_unknown_members &&
      !wrong.book_push_needs_tag_colors)
    return pushed;
  auto book = http_api::parse_object(pushed);
  if (!book) return pushed;
  if (wrong.book_push_needs_tag_colors && !book->contains("tag_colors")) return std::nullopt;
  if (wrong.book_keeps_removed_peers) keep_removed_peers(*book, before);
  if (wrong.book_drops_unknown_members) {
    json::object known;
    for (const char* name : {"tags", "peers", "tag_colors"})
      if (const auto* member = book->if_contains(name)) known[name] = *member;
    *book = std::move(known);
  }
  return json::serialize(*book);
}

}  // namespace deskcheck::server::api
