#include "conformance/lab/legacy_book.hpp"

#include "conformance/lab/address_book.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace deskcheck::conformance {

namespace json = boost::json;

namespace {

constexpr std::size_t kLongestShown = 200;

std::string first_part(const std::string& text) {
  return text.size() <= kLongestShown ? text : text.substr(0, kLongestShown) + "...";
}

bool is_null_text(const std::string& body) {
  std::string lower;
  for (const char c : body.substr(0, 5)) lower += static_cast<char>(c | 0x20);
  return lower == "null";
}

// The third level of text in text. A wrong one ends the pull when half of it is done.
std::string take_colors(const json::object& book, LegacyView& view) {
  const auto colors = member_of(book, "tag_colors");
  if (!colors.is_string()) return "";
  boost::system::error_code error;
  const auto parsed = json::parse(colors.get_string(), error);
  if (error || !parsed.is_object()) return "tag_colors is no text of a JSON object";
  for (const auto& color : parsed.get_object()) {
    if (!color.value().is_int64()) return "a color is no whole number: " + json::serialize(parsed);
    view.colors[std::string(color.key())] = color.value().get_int64();
  }
  return "";
}

std::string take_book(LegacyView& view) {
  if (view.data.is_null()) return "";
  if (!view.data.is_object()) return "data is no text of a JSON object: " + first_part(view.text);
  const auto& book = view.data.get_object();
  const auto peers = member_of(book, "peers");
  if (peers.is_array())
    for (const auto& peer : peers.get_array()) {
      if (!peer.is_object()) return "a peer that is no object: " + json::serialize(peer);
      const auto why = why_unreadable_peer(peer.get_object());
      if (!why.empty()) return "a peer whose " + why;
    }
  return take_colors(book, view);
}

// As JSON if they are a text of it; null if there are none.
json::value colors_of(const json::value& book) {
  const auto* members = book.if_object();
  const auto* colors = members ? members->if_contains("tag_colors") : nullptr;
  if (!colors) return nullptr;
  if (!colors->is_string()) return *colors;
  boost::system::error_code error;
  auto parsed = json::parse(colors->get_string(), error);
  return error ? *colors : parsed;
}

// Objects may have more members, lists no more items.
bool contains_all(const json::value& whole, const json::value& part) {
  if (whole.is_object() && part.is_object())
    return std::ranges::all_of(part.get_object(), [&](const auto& member) {
      const auto* found = whole.get_object().if_contains(member.key());
      return found && contains_all(*found, member.value());
    });
  if (whole.is_array() && part.is_array())
    return std::ranges::equal(whole.get_array(), part.get_array(), contains_all);
  return whole == part;
}

// Whatever the server makes of it: the story has ended.
Task<void> put_back(LegacyBook book, std::string text) {
  book.use(Way::directly);
  book.client().forget_waiting();
  try {
    const auto answer = co_await book.set(text);
    answer.ignore();
  } catch (const EarlyEnd&) {  // there is nobody to tell
  }
}

// Nothing if the clients of the server that the lab has at the moment do not use such a book.
Task<std::optional<LegacyBook>> book_there(Lab& lab, std::string role) {
  ApiClient client(lab);
  const std::string token = co_await client.sign_in(role);
  const auto guid = co_await personal_guid(lab, client, token);
  if (guid) co_return std::nullopt;
  co_return LegacyBook(std::move(client), token);
}

}  // namespace

bool holds_book(const json::value& stored, json::value pushed) {
  const auto there = colors_of(stored), wanted = colors_of(pushed);
  if (!wanted.is_null() && there != wanted) return false;
  if (auto* members = pushed.if_object()) members->erase("tag_colors");
  return contains_all(stored, pushed);
}

std::ostream& operator<<(std::ostream& out, const LegacyView& view) {
  if (!view.failure.empty()) return out << "the client shows \"" << view.failure << '"';
  if (!view.stored) return out << "no book";
  return out << "the book " << first_part(view.text);
}

LegacyView legacy_view(const Answer<HttpAnswer>& answer) {
  LegacyView view;
  if (!answer) {
    view.failure = show_error(answer.error());
    return view;
  }
  if (answer->body.empty() || is_null_text(answer->body)) return view;
  const auto body = object_in(*answer);
  if (!body) {
    view.failure = "HTTP " + std::to_string(answer->status) + ", " + show_bytes(answer->body);
  } else if (const auto* error = body->if_contains("error")) {
    view.failure = json::serialize(*error);
  } else if (const auto* data = body->if_contains("data")) {
    const auto licensed = member_of(*body, "licensed_devices");
    if (licensed.is_int64()) view.licensed = licensed.get_int64();
    view.stored = true;
    boost::system::error_code failed;
    if (data->is_string()) {
      view.text = std::string(data->get_string());
      view.data = json::parse(view.text, failed);
    }
    view.failure = !data->is_string() ? "data is no text: " + first_part(json::serialize(*data))
                   : failed           ? "data is no text of JSON: " + first_part(view.text)
                                      : take_book(view);
  }
  return view;
}

LegacyBook::LegacyBook(ApiClient client, std::string token)
    : client_(std::move(client)), token_(std::move(token)) {}

Task<Answer<HttpAnswer>> LegacyBook::get(std::string accepted_coding) {
  HttpQuestion question("GET", "/api/ab");
  if (!token_.empty()) question.headers.emplace_back("Authorization", "Bearer " + token_);
  question.headers.emplace_back("Content-Type", "application/json");
  question.headers.emplace_back("Accept-Encoding", std::move(accepted_coding));
  return client_.ask(std::move(question));
}

Task<Answer<HttpAnswer>> LegacyBook::get_as_sciter() {
  return client_.post_text("/api/ab/get", "{}", token_);
}
Task<Answer<HttpAnswer>> LegacyBook::set(std::string text) {
  json::object body;
  body["data"] = text;
  return set_body(json::serialize(body));
}
Task<Answer<HttpAnswer>> LegacyBook::set(json::object data) { return set(json::serialize(data)); }
Task<Answer<HttpAnswer>> LegacyBook::set_body(std::string body) {
  return client_.post_text("/api/ab", std::move(body), token_);
}

Task<LegacyView> LegacyBook::pull() {
  const auto answer = co_await get();
  co_return legacy_view(answer);
}

Task<LegacyBook> legacy_book(Lab& lab, std::string role) {
  auto book = co_await book_there(lab, role);
  if (!book && lab.starts_servers()) {
    ServerSetup setup;
    setup.legacy_books = true;
    co_await lab.own_server(setup);
    book = co_await book_there(lab, role);
    const bool legacy = book.has_value();
    lab.require("a server that keeps one text per user", legacy, testing::IsTrue());
  }
  if (!book) lab.not_applicable("the target's clients use the other kind of address book");
  const auto before = co_await book->pull();
  const std::string text = before.stored && before.failure.empty() ? before.text : "{}";
  lab.at_end([kept = *book, text] { return put_back(kept, text); });
  co_return std::move(*book);
}

}  // namespace deskcheck::conformance
