#include "reference-server/api/assign.hpp"

#include "proto/api/address_book.hpp"
#include "proto/api/json.hpp"

#include <algorithm>

namespace deskcheck::server::api {

namespace json = boost::json;

namespace {

constexpr const char* kStoreBroken = "The server cannot use its storage";
constexpr std::uint32_t kColorOfNewTags = 0xFF9E9E9E;
constexpr std::size_t kMostTagsInBook = 1000;
constexpr std::size_t kLongestPresetNote = 4096;  // bytes
constexpr std::size_t kLongestEntry = 16 * 1024;  // bytes, as it is stored

std::string no_such(const char* what, const std::string& name) {
  return std::string("There is no ") + what + " of the name " + name;
}

bool names_something(const std::optional<std::string>& name) { return name && !name->empty(); }

}  // namespace

boost::system::result<void> move_to_group(FleetStore& fleet, const std::string& id,
                                          const std::string& name) {
  auto groups = fleet.groups();
  if (!groups) return groups.error();
  for (auto& group : *groups) {
    const bool is = group.name == name;
    if (group.devices.contains(id) == is) continue;
    if (is)
      group.devices.insert(id);
    else
      group.devices.erase(id);
    if (const auto done = fleet.put_group(group); !done) return done;
  }
  return {};
}

Assigner::Problem Assigner::unknown_name(const DeviceWords& words) {
  if (names_something(words.user)) {
    const auto account = store_.find_account(*words.user);
    if (!account) return kStoreBroken;
    if (!*account) return no_such("user", *words.user);
  }
  if (names_something(words.strategy)) {
    const auto strategy = store_.fleet().find_strategy(*words.strategy);
    if (!strategy) return kStoreBroken;
    if (!*strategy) return no_such("strategy", *words.strategy);
  }
  if (names_something(words.device_group)) {
    const auto group = store_.fleet().find_group(*words.device_group);
    if (!group) return kStoreBroken;
    if (!*group) return no_such("device group", *words.device_group);
  }
  return std::nullopt;
}

// Tags that the book does not have yet come with it.
Assigner::Problem Assigner::entry_change(const std::string& id, const BookEntry& entry,
                                         std::string& guid, BookChange& change) {
  auto& store = books_.store();
  const auto book = store.find_named(entry.book);
  if (!book) return kStoreBroken;
  if (!*book) return no_such("address book", entry.book);
  guid = (*book)->guid;
  const auto known = store.find_peer(guid, id);
  const auto count = store.count_peers(guid);
  const auto tags = store.tags(guid);
  if (!known || !count || !tags) return kStoreBroken;
  http_api::BookPeer peer;
  if (*known)
    (void)http_api::take(http_api::parse_object((*known)->text).value(), peer);
  else if (*count >= books_.most_peers())
    return "The address book has too many peers";
  json::object members{{"id", id}};
  if (entry.alias) members["alias"] = *entry.alias;
  if (entry.password) members["password"] = *entry.password;
  if (entry.note) members["note"] = *entry.note;
  if (names_something(entry.tag)) {
    auto& list = members["tags"].emplace_array();
    for (const auto& tag : peer.tags) list.emplace_back(tag);
    if (std::ranges::find(peer.tags, *entry.tag) == peer.tags.end()) list.emplace_back(*entry.tag);
    if (std::ranges::find(*tags, *entry.tag, &StoredTag::name) == tags->end()) {
      if (tags->size() >= kMostTagsInBook) return "The address book has too many tags";
      change.put_tags.emplace_back();
      change.put_tags.back().name = *entry.tag;
      change.put_tags.back().color = kColorOfNewTags;
    }
  }
  if (auto mistake = http_api::take(members, peer)) return mistake;
  change.put_peers.emplace_back();
  change.put_peers.back().id = id;
  change.put_peers.back().text = json::serialize(to_json(peer));
  if (change.put_peers.back().text.size() > kLongestEntry) return "The peer is too long";
  return std::nullopt;
}

Assigner::Problem Assigner::put_card(const DeviceWords& words) {
  const auto known = store_.fleet().find_card(words.id);
  if (!known) return kStoreBroken;
  const auto before = known->value_or(DeviceCard());
  auto card = before;
  card.id = words.id;
  card.owner = words.user.value_or(card.owner);
  card.note = words.note.value_or(card.note);
  card.username = words.username.value_or(card.username);
  card.device_name = words.device_name.value_or(card.device_name);
  if (card == before) return std::nullopt;
  return store_.fleet().put_card(card) ? Problem() : Problem(kStoreBroken);
}

Assigner::Problem Assigner::carry_out(const DeviceWords& words) {
  auto& fleet = store_.fleet();
  std::string guid;
  BookChange change;
  if (words.entry && !words.entry->book.empty())
    if (auto problem = entry_change(words.id, *words.entry, guid, change)) return problem;
  if (auto problem = put_card(words)) return problem;
  if (words.device_group && !move_to_group(fleet, words.id, *words.device_group))
    return kStoreBroken;
  if (words.strategy) {
    Assignment assignment;
    assignment.target = words.id;
    assignment.strategy = *words.strategy;
    if (!fleet.assign(assignment)) return kStoreBroken;
  }
  strategies_.changed(words.id);
  if (!guid.empty() && !books_.store().change(guid, change)) return kStoreBroken;
  return std::nullopt;
}

std::optional<std::string> Assigner::assign(const DeviceWords& words) {
  if (auto problem = unknown_name(words)) return problem;
  return carry_out(words);
}

void Assigner::leave_out(DeviceWords& words) {
  auto& fleet = store_.fleet();
  const auto card = fleet.find_card(words.id);
  if (card && *card && !(*card)->owner.empty()) words.user.reset();
  const bool has_note = card && *card && !(*card)->note.empty();
  if (has_note || words.note.value_or("").size() > kLongestPresetNote) words.note.reset();
  if (const auto groups = fleet.groups_of_device(words.id); groups && !groups->empty())
    words.device_group.reset();
  if (const auto now = fleet.assigned(AssignedTo::device, words.id); now && !now->empty())
    words.strategy.reset();
  // One name at a time: whether it is there.
  for (auto member : {&DeviceWords::user, &DeviceWords::strategy, &DeviceWords::device_group}) {
    DeviceWords one;
    one.*member = words.*member;
    if (!names_something(words.*member) || unknown_name(one)) (words.*member).reset();
  }
}

void Assigner::preset(DeviceWords words) {
  leave_out(words);
  if (carry_out(words) && words.entry) {
    // A book that is not there, or has no place.
    words.entry.reset();
    (void)carry_out(words);
  }
}

}  // namespace deskcheck::server::api
