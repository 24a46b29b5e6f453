#include "conformance/lab/paged_list.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <map>

namespace deskcheck::conformance {

namespace json = boost::json;

namespace {

constexpr int kMostPages = 50;  // a total that is not true must not lead the suite on for ever
constexpr std::size_t kLongestShown = 128;

std::string shortened(const std::string& text) {
  return text.size() <= kLongestShown ? text : text.substr(0, kLongestShown) + "...";
}

// The text under which the client keeps an item; nothing if that is none.
std::optional<std::string> key_of(const json::object& item, const std::string& name) {
  const auto* key = item.if_contains(name);
  if (!key || key->is_null()) return std::string();
  if (!key->is_string()) return std::nullopt;
  return std::string(key->get_string());
}

// Why the client gives up at this answer; empty if it does not.
std::string failure_of(const Answer<HttpAnswer>& answer) {
  if (!answer) return show_error(answer.error());
  const auto body = object_in(*answer);
  if (!body) return "HTTP " + std::to_string(answer->status) + ", " + show_bytes(answer->body);
  if (const auto* error = body->if_contains("error")) return json::serialize(*error);
  if (answer->status != 200) return "HTTP " + std::to_string(answer->status);
  return "";
}

// A list while it is read.
struct Reading {
  const PagedQuestion& question;
  const ItemReader& reader;
  ClientList& list;
  std::map<std::string, std::size_t> places = {};  // of keys among the items
  std::int64_t total = 0;                          // the first that is not 0: it is what counts
};

void take_item(const json::value& value, Reading& reading) {
  ClientList& list = reading.list;
  if (!value.is_object()) {
    list.failure = "an item that is no object: " + shortened(json::serialize(value));
    return;
  }
  const auto& item = value.get_object();
  const auto key = key_of(item, reading.question.key);
  if (!key) {
    list.failure = reading.question.key + " is no text: " + shortened(json::serialize(item));
    return;
  }
  if (reading.reader) list.failure = reading.reader(item);
  const auto [place, fresh] = reading.places.emplace(*key, list.items.size());
  if (fresh) {
    list.items.push_back(item);
  } else {
    list.repeated.push_back(*key);
    list.items[place->second] = item;
  }
}

void take_page(const json::object& page, Reading& reading) {
  ClientList& list = reading.list;
  const auto* said = page.if_contains("total");
  if (!said) return;  // and clients do not look at the data then
  if (!said->is_int64()) {
    list.failure = "total is no whole number: " + shortened(json::serialize(*said));
    return;
  }
  list.totals.push_back(said->get_int64());
  if (reading.total == 0) reading.total = said->get_int64();
  const auto* data = page.if_contains("data");
  if (!data || !data->is_array()) return;
  list.sizes.push_back(data->get_array().size());
  for (const auto& value : data->get_array()) {
    take_item(value, reading);
    if (!list.failure.empty()) return;
  }
}

}  // namespace

std::string PagedQuestion::page(int number) const {
  return path + "?current=" + std::to_string(number) + "&pageSize=" + std::to_string(kPageSize) +
         query;
}

const json::object* ClientList::find(std::string_view key, std::string_view value) const {
  for (const auto& item : items) {
    const auto* found = item.if_contains(key);
    if (found && found->is_string() && found->get_string() == value) return &item;
  }
  return nullptr;
}

std::ostream& operator<<(std::ostream& out, const ClientList& list) {
  if (!list.failure.empty()) out << "the client shows \"" << list.failure << "\" after ";
  out << list.items.size() << " items on " << list.pages << " pages";
  for (std::size_t i = 0; i < std::min<std::size_t>(list.items.size(), 3); ++i)
    out << (i == 0 ? ": " : ", ") << shortened(json::serialize(list.items[i]));
  if (!list.totals.empty()) out << "; total " << testing::PrintToString(list.totals);
  return out;
}

Task<Answer<HttpAnswer>> ask_page(ApiClient& client, PagedQuestion question, int number,
                                  std::string token) {
  if (question.method == "POST") return client.call("POST", question.page(number), "", token);
  HttpQuestion plain(question.method, question.page(number));
  if (!token.empty()) plain.headers.emplace_back("Authorization", "Bearer " + token);
  return client.ask(std::move(plain));
}

Task<ClientList> read_list(ApiClient& client, PagedQuestion question, std::string token,
                           ItemReader reader) {
  ClientList list;
  Reading reading{question, reader, list};
  do {
    if (list.pages == kMostPages) {
      list.failure = "more than " + std::to_string(kMostPages) + " pages: the total is " +
                     std::to_string(reading.total);
      break;
    }
    ++list.pages;
    const auto answer = co_await ask_page(client, question, list.pages, token);
    if (answer) list.status = answer->status;
    list.failure = failure_of(answer);
    if (!list.failure.empty()) break;
    take_page(*object_in(*answer), reading);
  } while (list.failure.empty() && list.pages * kPageSize < reading.total);
  co_return list;
}

std::string members_that_are_no_text(const json::object& item,
                                     const std::vector<std::string_view>& names) {
  for (const auto name : names) {
    const auto* member = item.if_contains(name);
    if (member && !member->is_string() && !member->is_null())
      return std::string(name) + " is " + shortened(json::serialize(*member));
  }
  return "";
}

}  // namespace deskcheck::conformance
