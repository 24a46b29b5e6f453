#include "client-sim/account/paged_list.hpp"

#include <algorithm>

namespace deskcheck::sim {

namespace json = boost::json;

namespace {

constexpr int kPageSize = 100;
constexpr int kMostPages = 200;

void merge(std::vector<json::object>& items, json::object item, const std::string& key) {
  const std::string name = text_member(item, key);
  const auto same = std::ranges::find_if(
      items, [&](const json::object& other) { return text_member(other, key) == name; });
  if (same == items.end())
    items.push_back(std::move(item));
  else
    *same = std::move(item);
}

// The first total that is not 0 is final; without one, nothing of the page counts.
void take_page(const json::object& page, const std::string& key, ItemCheck check,
               std::int64_t& total, PagedList& list) {
  if (!page.contains("total")) return;
  if (total == 0) {
    const auto said = integer_member(page, "total");
    if (!said) throw TypeMistake("'total' is null");
    total = *said;
  }
  const auto* data = page.if_contains("data");
  if (!data || !data->is_array()) return;
  for (const auto& one : data->get_array()) {
    if (!one.is_object()) throw TypeMistake("an item is no object");
    check(one.get_object());
    merge(list.items, one.get_object(), key);
  }
}

HttpQuestion page_question(const HttpStacks& stacks, const PagedQuestion& question,
                           const std::string& token, int page) {
  std::string path = question.path + "?current=" + std::to_string(page) +
                     "&pageSize=" + std::to_string(kPageSize) + question.query;
  if (question.is_post) return empty_post(stacks.release(), std::move(path), token);
  HttpQuestion get("GET", std::move(path));
  if (!token.empty()) get.headers.emplace_back("Authorization", "Bearer " + token);
  return get;
}

}  // namespace

Task<PagedList> read_pages(HttpStacks* stacks, PagedQuestion question, std::string token,
                           ItemCheck check) {
  PagedList list;
  std::int64_t total = 0;
  for (int page = 1; page == 1 || (page - 1) * kPageSize < total; ++page) {
    if (page > kMostPages) {
      list.failure = "more than " + std::to_string(kMostPages) + " pages";
      break;
    }
    auto asked = page_question(*stacks, question, token, page);
    const auto answer = co_await stacks->from_dart(std::move(asked));
    list.status = answer ? answer->status : 0;
    if (question.ends_at_404 && list.status == 404) break;
    const auto map = as_map(answer);
    list.failure = map.failure;
    if (!map) break;
    try {
      take_page(*map.value, question.key, check, total, list);
    } catch (const TypeMistake& mistake) {
      list.failure = mistake.what();
    }
    if (!list.failure.empty()) break;
  }
  co_return list;
}

void check_peer(const json::object& peer) {
  for (const char* name : {"id", "hash", "password", "username", "hostname", "platform", "alias",
                           "rdpPort", "rdpUsername", "loginName", "device_group_name"})
    (void)text_member(peer, name);
  const auto* tags = peer.if_contains("tags");
  if (tags && !tags->is_null() && !tags->is_array()) throw TypeMistake("'tags' is no list");
  const auto* same = peer.if_contains("same_server");
  if (same && !same->is_null() && !same->is_bool())
    throw TypeMistake("'same_server' is no truth value");
}

void check_named(const json::object& named) { (void)text_member(named, "name"); }

}  // namespace deskcheck::sim
