// The one text per user that old servers keep. client: ab_model.dart:1008-1096, 1309-1357
#include "client-sim/account/address_books.hpp"

namespace deskcheck::sim {

namespace json = boost::json;

namespace {

// A colour for a tag that has none, always the same for the same name. The client's palette is its
// own business: servers store what they get.
std::int64_t color_of(std::string_view tag) {
  std::uint32_t hash = 2166136261u;
  for (const char c : tag) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return std::int64_t{0xFF000000u | (hash & 0xFFFFFFu)};
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

bool is_null_text(const DartAnswer& answer) { return lower(answer.body) == "null"; }

// Throws TypeMistake; what was taken before stays, as in the client.
void take_book(const json::object& data, std::int64_t licensed_devices, AddressBook& book) {
  book.tags.clear();
  book.peers.clear();
  if (const auto* tags = data.if_contains("tags"); tags && tags->is_array())
    for (const auto& tag : tags->get_array()) book.tags[printed(tag)] = color_of(printed(tag));
  if (const auto* peers = data.if_contains("peers"); peers && peers->is_array())
    for (const auto& peer : peers->get_array()) {
      if (!peer.is_object()) throw TypeMistake("a peer is no object");
      check_peer(peer.get_object());
      book.peers.push_back(peer.get_object());
    }
  const auto most = static_cast<std::size_t>(std::max<std::int64_t>(licensed_devices, 0));
  if (most > 0 && book.peers.size() > most) book.peers.resize(most);
  const auto* colors = data.if_contains("tag_colors");
  if (!colors || !colors->is_string()) return;
  const auto map = parse_json(colors->get_string());
  if (!map || !map->is_object()) throw TypeMistake("'tag_colors' is no text of an object");
  for (const auto& [name, color] : map->get_object()) {
    if (!color.is_int64()) throw TypeMistake("a tag color is no whole number");
    if (book.tags.contains(std::string(name))) book.tags[std::string(name)] = color.get_int64();
  }
}

// Throws TypeMistake. False: there is no book in it.
bool take_answer(const json::object& answer, AddressBook& book) {
  const auto* text = answer.if_contains("data");
  if (!text) return false;
  if (!text->is_string()) throw TypeMistake("'data' is no text");
  const auto data = parse_json(text->get_string());
  if (!data) throw TypeMistake("'data' is no text of JSON");
  if (data->is_null()) return true;
  if (!data->is_object()) throw TypeMistake("'data' is no text of an object");
  const auto* licensed = answer.if_contains("licensed_devices");
  take_book(data->get_object(), licensed && licensed->is_int64() ? licensed->get_int64() : 0, book);
  return true;
}

std::string serialized(const AddressBook& book) {
  json::array tags, peers;
  json::object colors;
  for (const auto& [name, color] : book.tags) {
    tags.emplace_back(name);
    colors[name] = color;
  }
  for (const auto& peer : book.peers) {
    json::object kept;
    for (const char* name : {"id", "username", "hostname", "platform", "alias"})
      kept[name] = text_member(peer, name);
    const auto* its_tags = peer.if_contains("tags");
    kept["tags"] = its_tags && its_tags->is_array() ? *its_tags : json::value(json::array());
    kept["hash"] = text_member(peer, "hash");
    peers.push_back(std::move(kept));
  }
  const json::object data{
      {"tags", tags}, {"peers", peers}, {"tag_colors", json::serialize(colors)}};
  return json::serialize(json::object{{"data", json::serialize(data)}});
}

}  // namespace

Task<void> AddressBooks::pull_legacy(AddressBook* book) {
  HttpQuestion question("GET", "/api/ab");
  question.headers = json_headers(sign_in_->token);
  const auto answer = co_await stacks_->from_dart(std::move(question));
  if (!answer) {
    book_failed(book, answer.error().message(), 0);
    co_return;
  }
  if (is_null_text(*answer)) {
    book->peers.clear();
    book->tags.clear();
    co_return;
  }
  if (answer->body.empty()) co_return;
  // Any status will do here, but for what as_map() says of an object with an error.
  DartAnswer any_status = *answer;
  any_status.status = 200;
  const auto map = as_map(net::Result<DartAnswer>(any_status));
  std::string failure = map.failure;
  if (map) try {
      if (take_answer(*map.value, *book)) book->initialised = true;
    } catch (const TypeMistake& mistake) {
      failure = mistake.what();
    }
  if (!failure.empty()) book_failed(book, failure, answer->status);
}

Task<std::string> AddressBooks::push_legacy(AddressBook* book) {
  HttpQuestion question("POST", "/api/ab");
  question.headers = json_headers(sign_in_->token);
  question.body = serialized(*book);
  const auto answer = co_await stacks_->from_dart(std::move(question));
  if (answer && answer->status == 200 && (answer->body.empty() || is_null_text(*answer)))
    co_return std::string();
  co_return as_map(answer).failure;
}

}  // namespace deskcheck::sim
