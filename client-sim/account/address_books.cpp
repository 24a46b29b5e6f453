#include "client-sim/account/address_books.hpp"

#include <algorithm>

namespace deskcheck::sim {

namespace json = boost::json;

namespace {

void check_profile(const json::object& profile) {
  for (const char* name : {"guid", "name", "owner", "note"}) (void)text_member(profile, name);
  (void)integer_member(profile, "rule");
}

std::map<std::string, std::int64_t> tags_of(const json::array& list) {
  std::map<std::string, std::int64_t> tags;
  for (const auto& one : list) {
    if (!one.is_object()) throw TypeMistake("a tag is no object");
    const auto color = integer_member(one.get_object(), "color");
    if (!color) throw TypeMistake("a tag has no color");
    tags[text_member(one.get_object(), "name")] = *color;
  }
  return tags;
}

// client: ab_model.dart removeNonExistentTags
void keep_known_tags(const AddressBook& book, json::object& peer) {
  auto* tags = peer.if_contains("tags");
  if (!tags || !tags->is_array()) return;
  json::array known;
  for (const auto& tag : tags->get_array())
    if (tag.is_string() && book.tags.contains(std::string(tag.get_string()))) known.push_back(tag);
  *tags = std::move(known);
}

}  // namespace

const json::object* AddressBook::peer(std::string_view id) const {
  for (const auto& one : peers)
    if (text_member(one, "id") == id) return &one;
  return nullptr;
}

const AddressBook* AddressBooks::find(const std::string& name) const {
  const auto found = books_.find(name);
  return found == books_.end() ? nullptr : &found->second;
}

void AddressBooks::clear() {
  mode_ = BookMode::unknown;
  failure_.clear();
  books_.clear();
}

void AddressBooks::list_failed(const std::string& failure, int status) {
  if (!stacks_->release().signs_out_on_book_lists()) return;  // and shows nothing
  failure_ = failure;
  stacks_->recorder().note("user reads: Failed to refresh the address book: " + failure);
  if (status == 401) sign_in_->forget();
}

void AddressBooks::book_failed(AddressBook* book, const std::string& failure, int status) {
  book->failure = failure;
  stacks_->recorder().note("user reads: Failed to refresh the address book: " + failure);
  if (status == 401) sign_in_->forget();
}

// False: the pull stops. client: ab_model.dart:262-293; client@1.4.6 for the older way
Task<bool> AddressBooks::ask_personal(std::optional<std::string>* guid) {
  auto question = empty_post(stacks_->release(), "/api/ab/personal", sign_in_->token);
  const auto answer = co_await stacks_->from_dart(std::move(question));
  if (answer && answer->status == 404) co_return true;
  const auto map = as_map(answer);
  std::string failure = map.failure;
  if (map) try {
      const auto* said = map.value->if_contains("guid");
      if (said && !said->is_null()) *guid = text_member(*map.value, "guid");
      co_return true;
    } catch (const TypeMistake& mistake) {
      failure = mistake.what();
    }
  if (stacks_->release().takes_failures_for_legacy()) co_return true;
  list_failed(failure, map.status);
  co_return false;
}

Task<void> AddressBooks::ask_settings() {
  auto question = empty_post(stacks_->release(), "/api/ab/settings", sign_in_->token);
  const auto answer = co_await stacks_->from_dart(std::move(question));
  if (answer && answer->status == 404) co_return;
  const auto map = as_map(answer);
  std::string failure = map.failure;
  if (map) try {
      most_peers_ = integer_member(*map.value, "max_peer_one_ab").value_or(0);
    } catch (const TypeMistake& mistake) {
      failure = mistake.what();
    }
  if (!failure.empty()) list_failed(failure, map.status);
}

Task<void> AddressBooks::ask_profiles(std::map<std::string, AddressBook>* found) {
  PagedQuestion question;
  question.path = "/api/ab/shared/profiles";
  question.key = "name";
  question.ends_at_404 = true;
  const auto list =
      co_await read_pages(stacks_, std::move(question), sign_in_->token, check_profile);
  for (const auto& profile : list.items) {
    AddressBook book;
    book.guid = text_member(profile, "guid");
    book.name = text_member(profile, "name");
    book.owner = text_member(profile, "owner");
    book.rule = static_cast<int>(integer_member(profile, "rule").value_or(0));
    book.personal = book.guid == (*found)[kPersonalBook].guid;
    std::string name = book.name;
    (*found)[std::move(name)] = std::move(book);
  }
  if (!list.failure.empty()) list_failed(list.failure, list.status);
}

Task<void> AddressBooks::pull() {
  failure_.clear();
  if (!sign_in_->is_shown() || !sign_in_->network_error.empty()) co_return;
  std::optional<std::string> guid;
  const bool goes_on = co_await ask_personal(&guid);
  if (!goes_on) co_return;
  mode_ = guid ? BookMode::shared : BookMode::legacy;
  std::map<std::string, AddressBook> found;
  if (guid) {
    if (most_peers_ == 0) co_await ask_settings();
    AddressBook& personal = found[kPersonalBook];
    personal.guid = *guid;
    personal.name = kPersonalBook;
    personal.personal = true;
    co_await ask_profiles(&found);
  } else {
    found[kLegacyBook].name = kLegacyBook;
  }
  // What was read of a book stays until it is read again.
  for (auto& [name, book] : found) {
    const auto before = books_.find(name);
    if (before == books_.end()) continue;
    book.initialised = before->second.initialised;
    book.peers = std::move(before->second.peers);
    book.tags = std::move(before->second.tags);
  }
  books_ = std::move(found);
  co_await pull_book(own_name());
}

Task<void> AddressBooks::open(std::string book) {
  if (!sign_in_->is_shown()) co_return;
  co_await pull_book(std::move(book));
}

Task<void> AddressBooks::pull_book(std::string name) {
  const auto found = books_.find(name);
  if (found == books_.end()) co_return;
  AddressBook* book = &found->second;
  book->failure.clear();
  if (mode_ == BookMode::legacy)
    co_await pull_legacy(book);
  else
    co_await pull_shared(book);
}

Task<void> AddressBooks::pull_shared(AddressBook* book) {
  PagedQuestion question;
  question.path = "/api/ab/peers";
  question.query = "&ab=" + net::percent_encoded(book->guid);
  question.key = "id";
  auto list = co_await read_pages(stacks_, std::move(question), sign_in_->token, check_peer);
  if (!list.failure.empty()) {
    book_failed(book, list.failure, list.status);
    co_return;
  }
  book->peers = std::move(list.items);
  auto asked = empty_post(stacks_->release(), "/api/ab/tags/" + book->guid, sign_in_->token);
  const auto answer = co_await stacks_->from_dart(std::move(asked));
  const auto tags = as_list(answer);
  std::string failure = tags.failure;
  if (tags) try {
      book->tags = tags_of(*tags.value);
    } catch (const TypeMistake& mistake) {
      failure = mistake.what();
    }
  if (failure.empty())
    book->initialised = true;
  else
    book_failed(book, failure, tags.status);
}

Task<std::string> AddressBooks::add_peer(std::string name, json::object peer) {
  const auto found = books_.find(name);
  if (found == books_.end()) co_return "no such addressbook: " + name;
  AddressBook* book = &found->second;
  const std::string id = text_member(peer, "id");
  if (book->peer(id)) co_return id + " already exists in address book " + name;
  if (stacks_->release().drops_unknown_tags()) keep_known_tags(*book, peer);
  std::string failure;
  if (mode_ == BookMode::legacy) {
    book->peers.push_back(std::move(peer));
    failure = co_await push_legacy(book);
  } else {
    failure = co_await add_shared(book, std::move(peer));
    co_await pull_shared(book);
  }
  if (!failure.empty()) stacks_->recorder().note("user reads: " + failure);
  co_return failure;
}

Task<std::string> AddressBooks::add_shared(AddressBook* book, json::object peer) {
  if (most_peers_ > 0 && static_cast<std::int64_t>(book->peers.size()) >= most_peers_)
    co_return "exceed_max_devices";
  peer.erase(book->personal ? "password" : "hash");
  HttpQuestion question("POST", "/api/ab/peer/add/" + book->guid);
  question.headers = json_headers(sign_in_->token);
  question.body = json::serialize(peer);
  const auto answer = co_await stacks_->from_dart(std::move(question));
  co_return action_failure(answer);
}

}  // namespace deskcheck::sim
