#include "reference-server/store/memory_book_store.hpp"

#include <algorithm>

namespace deskcheck::server {

namespace {

template <class T>
auto place_of(std::vector<T>& list, std::string T::* key, std::string_view value) {
  return std::ranges::find(list, value, key);
}

template <class T>
void put(std::vector<T>& list, std::string T::* key, const T& one) {
  const auto place = place_of(list, key, one.*key);
  if (place == list.end())
    list.push_back(one);
  else
    *place = one;
}

template <class T>
void remove(std::vector<T>& list, std::string T::* key, std::string_view value) {
  const auto place = place_of(list, key, value);
  if (place != list.end()) list.erase(place);
}

}  // namespace

template <class T>
using Result = boost::system::result<T>;

template <class Is>
std::optional<BookRecord> MemoryBookStore::find(Is is) const {
  for (const auto& [guid, book] : books_)
    if (is(book.record)) return book.record;
  return std::nullopt;
}

Result<std::optional<std::string>> MemoryBookStore::find_legacy(const BookOwner& owner) {
  const auto found = legacy_.find(owner.key);
  if (found == legacy_.end()) return std::optional<std::string>();
  return std::optional<std::string>(found->second.text);
}

Result<void> MemoryBookStore::put_legacy(const BookOwner& owner, std::string_view text) {
  legacy_.insert_or_assign(owner.key, Legacy{owner.account, std::string(text)});
  return {};
}

Result<std::optional<BookRecord>> MemoryBookStore::find_book(std::string_view guid) {
  const auto found = books_.find(guid);
  if (found == books_.end()) return std::optional<BookRecord>();
  return std::optional<BookRecord>(found->second.record);
}

Result<std::optional<BookRecord>> MemoryBookStore::find_personal(const BookOwner& owner) {
  return find([&](const BookRecord& book) { return book.personal && book.owner == owner; });
}

Result<std::optional<BookRecord>> MemoryBookStore::find_named(std::string_view name) {
  return find([&](const BookRecord& book) { return !book.personal && book.name == name; });
}

Result<std::vector<BookRecord>> MemoryBookStore::books_of(std::string_view account) {
  std::vector<BookRecord> list;
  for (const auto& [guid, book] : books_) {
    const auto& record = book.record;
    const bool his = record.owner.account == account || record.rules.contains(std::string(account));
    if (!record.personal && his) list.push_back(record);
  }
  std::ranges::sort(list, {}, &BookRecord::name);
  return list;
}

Result<std::vector<BookRecord>> MemoryBookStore::shared_books() {
  std::vector<BookRecord> list;
  for (const auto& [guid, book] : books_)
    if (!book.record.personal) list.push_back(book.record);
  std::ranges::sort(list, {}, &BookRecord::name);
  return list;
}

Result<void> MemoryBookStore::put_book(const BookRecord& book) {
  books_[book.guid].record = book;
  return {};
}

Result<void> MemoryBookStore::remove_book(std::string_view guid) {
  if (const auto found = books_.find(guid); found != books_.end()) books_.erase(found);
  return {};
}

void MemoryBookStore::forget(std::string_view account) {
  std::erase_if(legacy_, [&](const auto& one) { return one.second.account == account; });
  std::erase_if(books_,
                [&](const auto& one) { return one.second.record.owner.account == account; });
  for (auto& [guid, book] : books_) book.record.rules.erase(std::string(account));
}

Result<int> MemoryBookStore::count_peers(std::string_view guid) {
  const auto book = books_.find(guid);
  return book == books_.end() ? 0 : static_cast<int>(book->second.peers.size());
}

Result<std::vector<StoredPeer>> MemoryBookStore::peers(std::string_view guid, std::int64_t first,
                                                       std::int64_t most) {
  const auto book = books_.find(guid);
  if (book == books_.end()) return std::vector<StoredPeer>();
  const auto& all = book->second.peers;
  const auto size = static_cast<std::int64_t>(all.size());
  const auto begin = std::min(first, size);
  return std::vector<StoredPeer>(all.begin() + begin,
                                 all.begin() + begin + std::min(most, size - begin));
}

Result<std::optional<StoredPeer>> MemoryBookStore::find_peer(std::string_view guid,
                                                             std::string_view id) {
  const auto book = books_.find(guid);
  if (book == books_.end()) return std::optional<StoredPeer>();
  auto& all = book->second.peers;
  const auto place = place_of(all, &StoredPeer::id, id);
  return place == all.end() ? std::optional<StoredPeer>() : std::optional<StoredPeer>(*place);
}

Result<std::vector<StoredTag>> MemoryBookStore::tags(std::string_view guid) {
  const auto book = books_.find(guid);
  return book == books_.end() ? std::vector<StoredTag>() : book->second.tags;
}

Result<void> MemoryBookStore::change(std::string_view guid, const BookChange& change) {
  const auto book = books_.find(guid);
  if (book == books_.end())
    return boost::system::errc::make_error_code(boost::system::errc::invalid_argument);
  auto& [record, peers, tags] = book->second;
  if (change.rename_tag) {
    const auto place = place_of(tags, &StoredTag::name, change.rename_tag->first);
    if (place != tags.end()) place->name = change.rename_tag->second;
  }
  for (const auto& peer : change.put_peers) put(peers, &StoredPeer::id, peer);
  for (const auto& id : change.remove_peers) remove(peers, &StoredPeer::id, id);
  for (const auto& tag : change.put_tags) put(tags, &StoredTag::name, tag);
  for (const auto& name : change.remove_tags) remove(tags, &StoredTag::name, name);
  return {};
}

}  // namespace deskcheck::server
