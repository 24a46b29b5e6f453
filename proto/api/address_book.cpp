#include "proto/api/address_book.hpp"

#include "proto/api/json.hpp"

namespace deskcheck::http_api {

namespace json = boost::json;

namespace {

struct PeerText {
  const char* name;
  std::string BookPeer::* member;
};

constexpr PeerText kPeerTexts[] = {
    {"id", &BookPeer::id},
    {"hash", &BookPeer::hash},
    {"password", &BookPeer::password},
    {"username", &BookPeer::username},
    {"hostname", &BookPeer::hostname},
    {"platform", &BookPeer::platform},
    {"alias", &BookPeer::alias},
    {"forceAlwaysRelay", &BookPeer::force_always_relay},
    {"rdpPort", &BookPeer::rdp_port},
    {"rdpUsername", &BookPeer::rdp_username},
    {"loginName", &BookPeer::login_name},
    {"device_group_name", &BookPeer::device_group_name},
    {"note", &BookPeer::note},
};

// Null counts as absent.
const json::value* present(const json::object& object, std::string_view name) {
  const auto* member = object.if_contains(name);
  return member && !member->is_null() ? member : nullptr;
}

std::optional<std::vector<std::string>> texts_of(const json::value& value) {
  const auto* array = value.if_array();
  if (!array) return std::nullopt;
  std::vector<std::string> texts;
  for (const auto& element : *array) {
    if (!element.is_string()) return std::nullopt;
    texts.emplace_back(element.get_string());
  }
  return texts;
}

std::optional<std::string> take_tags(const json::value& value, BookPeer& peer) {
  auto tags = texts_of(value);
  if (!tags) return "tags has to be a list of texts";
  if (tags->size() > kMostTagsOfPeer) return "There are too many tags";
  for (const auto& tag : *tags)
    if (tag.size() > kLongestTag) return "A tag is too long";
  peer.tags = std::move(*tags);
  return std::nullopt;
}

std::optional<std::string> tag_name(const json::object& object, std::string_view member) {
  auto name = text(object, member);
  if (!name || name->empty() || name->size() > kLongestTag) return std::nullopt;
  return name;
}

}  // namespace

std::optional<std::string> take(const json::object& object, BookPeer& peer) {
  for (const auto& [name, member] : kPeerTexts) {
    const auto* value = present(object, name);
    if (!value) continue;
    if (!value->is_string()) return std::string(name) + " has to be a text";
    const bool is_id = member == &BookPeer::id;
    if (value->get_string().size() > (is_id ? kLongestPeerId : kLongestPeerText))
      return std::string(name) + " is too long";
    peer.*member = std::string(value->get_string());
  }
  if (const auto* tags = present(object, "tags"))
    if (auto mistake = take_tags(*tags, peer)) return mistake;
  if (const auto* same = present(object, "same_server")) {
    if (!same->is_bool()) return "same_server has to be true or false";
    peer.same_server = same->get_bool();
  }
  if (peer.id.empty()) return "The id is missing";
  return std::nullopt;
}

json::object to_json(const BookPeer& peer) {
  json::object object;
  for (const auto& [name, member] : kPeerTexts) object[name] = peer.*member;
  object["tags"] = json::array(peer.tags.begin(), peer.tags.end());
  object["same_server"] = peer.same_server ? json::value(*peer.same_server) : json::value();
  return object;
}

std::optional<BookTag> parse_book_tag(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return std::nullopt;
  const auto name = tag_name(*object, "name");
  const auto color = integer(*object, "color");
  if (!name || !color || *color < 0 || *color > 0xFFFFFFFF) return std::nullopt;
  BookTag tag;
  tag.name = *name;
  tag.color = static_cast<std::uint32_t>(*color);
  return tag;
}

json::object to_json(const BookTag& tag) {
  return json::object{{"name", tag.name}, {"color", tag.color}};
}

std::optional<TagRename> parse_tag_rename(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return std::nullopt;
  const auto before = tag_name(*object, "old");
  const auto after = tag_name(*object, "new");
  if (!before || !after) return std::nullopt;
  return TagRename{*before, *after};
}

std::optional<std::vector<std::string>> parse_texts(std::string_view body) {
  boost::system::error_code error;
  const auto value = json::parse(body, error);
  if (error) return std::nullopt;
  return texts_of(value);
}

json::object to_json(const BookProfile& profile) {
  json::object info;
  if (!profile.password.empty()) info["password"] = profile.password;
  return json::object{{"guid", profile.guid}, {"name", profile.name}, {"owner", profile.owner},
                      {"note", profile.note}, {"rule", profile.rule}, {"info", std::move(info)}};
}

std::optional<std::string> parse_legacy_book(std::string_view body) {
  const auto object = parse_object(body);
  auto data = object ? text(*object, "data") : std::nullopt;
  if (!data || !parse_object(*data)) return std::nullopt;
  return data;
}

}  // namespace deskcheck::http_api
