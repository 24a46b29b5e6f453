#include "conformance/lab/address_book.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace deskcheck::conformance {

namespace json = boost::json;

namespace {

constexpr int kRounds = 5;  // of taking away what is still there

// As AbTag.fromJson: a color is needed. client:flutter/lib/common/hbbs/hbbs.dart:283-285
std::string take_tags(const Answer<HttpAnswer>& answer, BookView& view) {
  if (!answer) return show_error(answer.error());
  const auto body = json_in(*answer);
  if (!body || !body->is_array()) return "the tags are no array: " + show(answer);
  if (answer->status != 200) return "HTTP " + std::to_string(answer->status);
  for (const auto& value : body->get_array()) {
    if (!value.is_object()) return "a tag that is no object: " + json::serialize(value);
    const auto* name = value.get_object().if_contains("name");
    const auto* color = value.get_object().if_contains("color");
    if (!color || !color->is_int64())
      return "a tag whose color is no whole number: " + json::serialize(value);
    if (name && !name->is_string() && !name->is_null())
      return "a tag whose name is no text: " + json::serialize(value);
    const std::string text = name && name->is_string() ? std::string(name->get_string()) : "";
    const auto [place, fresh] = view.tags.emplace(text, color->get_int64());
    if (fresh) continue;
    place->second = color->get_int64();
    view.repeated_tags.push_back(text);
  }
  return "";
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const BookView& view) {
  if (!view.failure.empty()) return out << "the client shows \"" << view.failure << '"';
  out << view.peers << "; " << view.tags.size() << " tags";
  int shown = 0;
  for (const auto& [name, color] : view.tags)
    if (++shown <= 5) out << (shown == 1 ? ": " : ", ") << show_bytes(name) << ' ' << color;
  return out;
}

LabBook::LabBook(Lab& lab, ApiClient client, std::string token, std::string guid)
    : client_(std::move(client)), token_(std::move(token)), guid_(std::move(guid)) {
  lab.at_end([book = *this] { return clear_up(book); });
}

LabBook LabBook::seen_by(ApiClient client, std::string token) const {
  LabBook other = *this;  // what it leaves is taken away by the same hand
  other.client_ = std::move(client);
  other.token_ = std::move(token);
  return other;
}

Task<Answer<HttpAnswer>> LabBook::change(std::string method, std::string what, std::string body) {
  const std::string path = "/api/ab/" + what + guid_;
  return client_.call(std::move(method), path, std::move(body), token_);
}

Task<Answer<HttpAnswer>> LabBook::peers_page(int number) {
  PagedQuestion question;
  question.method = "POST";
  question.path = "/api/ab/peers";
  question.query = "&ab=" + guid_;
  return ask_page(client_, std::move(question), number, token_);
}
Task<Answer<HttpAnswer>> LabBook::tags() { return change("POST", "tags/", ""); }
Task<Answer<HttpAnswer>> LabBook::add(json::object peer) {
  if (const auto* id = peer.if_contains("id"); id && id->is_string())
    leftovers_->ids.emplace(id->get_string());
  return add_text(json::serialize(peer));
}
Task<Answer<HttpAnswer>> LabBook::add_text(std::string body) {
  return change("POST", "peer/add/", std::move(body));
}
Task<Answer<HttpAnswer>> LabBook::update(json::object body) {
  if (const auto* id = body.if_contains("id"); id && id->is_string())
    leftovers_->ids.emplace(id->get_string());  // it may be created, wrong as that is
  return change("PUT", "peer/update/", json::serialize(body));
}
Task<Answer<HttpAnswer>> LabBook::remove(std::vector<std::string> ids) {
  json::array body(ids.begin(), ids.end());
  return change("DELETE", "peer/", json::serialize(body));
}
Task<Answer<HttpAnswer>> LabBook::add_tag(std::string name, std::int64_t color) {
  leftovers_->tags.insert(name);
  json::object tag{{"name", name}, {"color", color}};
  return change("POST", "tag/add/", json::serialize(tag));
}
Task<Answer<HttpAnswer>> LabBook::rename_tag(std::string old_name, std::string new_name) {
  leftovers_->tags.insert(new_name);
  json::object names{{"old", old_name}, {"new", new_name}};
  return change("PUT", "tag/rename/", json::serialize(names));
}
Task<Answer<HttpAnswer>> LabBook::recolor_tag(std::string name, std::int64_t color) {
  json::object tag{{"name", name}, {"color", color}};
  return change("PUT", "tag/update/", json::serialize(tag));
}
Task<Answer<HttpAnswer>> LabBook::remove_tag(std::string name) {
  json::array names{json::string(name)};
  return change("DELETE", "tag/", json::serialize(names));
}

Task<BookView> LabBook::pull() {
  BookView view;
  PagedQuestion question;
  question.method = "POST";
  question.path = "/api/ab/peers";
  question.query = "&ab=" + guid_;
  question.key = "id";
  const ItemReader reader = why_unreadable_peer;
  view.peers = co_await read_list(client_, question, token_, reader);
  view.failure = view.peers.failure;
  if (!view.failure.empty()) co_return view;
  const auto answer = co_await tags();
  view.failure = take_tags(answer, view);
  co_return view;
}

void LabBook::may_hold(const std::vector<std::string>& ids, const std::vector<std::string>& tags) {
  leftovers_->ids.insert(ids.begin(), ids.end());
  leftovers_->tags.insert(tags.begin(), tags.end());
}

// Whatever the server makes of it: the story has ended.
Task<void> LabBook::clear_up(LabBook book) {
  book.client_.use(Way::directly);
  book.client_.forget_waiting();
  const auto left = *book.leftovers_;
  try {
    if (!left.ids.empty()) {
      const std::vector<std::string> ids(left.ids.begin(), left.ids.end());
      const auto answer = co_await book.remove(ids);
      answer.ignore();
    }
    for (const auto& name : left.tags) {
      const auto answer = co_await book.remove_tag(name);
      answer.ignore();
    }
    if (!left.ids.empty() || !left.tags.empty()) co_await remove_what_is_left(book, left);
  } catch (const EarlyEnd&) {  // there is nobody to tell
  }
}

// Some servers refuse a list of which they lack one, or have an id or a tag twice.
Task<void> LabBook::remove_what_is_left(LabBook book, Leftovers left) {
  for (int round = 0; round < kRounds; ++round) {
    const auto view = co_await book.pull();
    bool clean = true;
    for (const auto& id : left.ids) {
      if (!view.peer(id)) continue;
      const std::vector<std::string> one{id};
      const auto answer = co_await book.remove(one);
      answer.ignore();
      clean = false;
    }
    for (const auto& name : left.tags) {
      if (!view.tags.contains(name)) continue;
      const auto answer = co_await book.remove_tag(name);
      answer.ignore();
      clean = false;
    }
    if (clean) co_return;
  }
}

json::object peer_of(std::string_view id) {
  json::object peer;
  peer["id"] = id;
  return peer;
}

Task<Answer<HttpAnswer>> ask_personal(ApiClient& client, std::string token) {
  return client.call("POST", "/api/ab/personal", "", std::move(token));
}

Task<std::optional<std::string>> personal_guid(Lab& lab, ApiClient& client, std::string token) {
  const auto answer = co_await ask_personal(client, token);
  lab.require("the kind of address books", answer, TellsTheKind());
  if (answer->status == 404) co_return std::nullopt;
  const auto body = object_in(*answer);
  const auto* guid = body->if_contains("guid");
  if (!guid || guid->is_null()) co_return std::nullopt;
  co_return std::string(guid->get_string());
}

Task<LabBook> personal_book(Lab& lab, std::string role) {
  ApiClient client(lab);
  const std::string token = co_await client.sign_in(role);
  const auto guid = co_await personal_guid(lab, client, token);
  if (!guid)
    lab.not_applicable("the target keeps one text per user: its clients have no other book");
  co_return LabBook(lab, std::move(client), token, *guid);
}

bool equal_members(const json::value& one, const json::value& other) {
  if (!one.is_array() || !other.is_array()) return one == other;
  const auto sorted = [](const json::array& array) {
    std::vector<std::string> texts;
    for (const auto& element : array) texts.push_back(json::serialize(element));
    std::sort(texts.begin(), texts.end());
    return texts;
  };
  return sorted(one.get_array()) == sorted(other.get_array());
}

PagedQuestion shared_profiles() {
  PagedQuestion question;
  question.method = "POST";
  question.path = "/api/ab/shared/profiles";
  question.key = "name";
  return question;
}

// client:flutter/lib/common/hbbs/hbbs.dart:268-274
std::string why_unreadable_profile(const json::object& profile) {
  const auto* rule = profile.if_contains("rule");
  if (rule && !rule->is_int64() && !rule->is_null()) return "rule is " + json::serialize(*rule);
  return members_that_are_no_text(profile, {"guid", "name", "owner", "note"});
}

// client:flutter/lib/models/peer_model.dart:33-48
std::string why_unreadable_peer(const json::object& peer) {
  const auto* tags = peer.if_contains("tags");
  if (tags && !tags->is_array() && !tags->is_null()) return "tags is " + json::serialize(*tags);
  const auto* same_server = peer.if_contains("same_server");
  if (same_server && !same_server->is_bool() && !same_server->is_null())
    return "same_server is " + json::serialize(*same_server);
  return members_that_are_no_text(
      peer, {"id", "hash", "password", "username", "hostname", "platform", "alias", "rdpPort",
             "rdpUsername", "loginName", "device_group_name"});
}

}  // namespace deskcheck::conformance
