// What clients read of address books: POST /api/ab/settings, personal, shared/profiles, peers and
// tags/{guid}. Their bodies are empty; whatever is in one is not looked at (HTTP-GEN-09).
// Source: http-api.md sections 3.1 to 3.5.
#include "proto/api/address_book.hpp"

#include "proto/api/json.hpp"
#include "reference-server/api/for_books.hpp"
#include "reference-server/api/groups.hpp"
#include "reference-server/api/pages.hpp"

#include <algorithm>

namespace deskcheck::server::api {

namespace json = boost::json;

namespace {

Response settings(const Options& options) {
  const WrongApi& wrong = options.faults.policies;
  if (wrong.settings_are_for_administrators) return failure(403, "Admin required!");
  const int most = std::max(0, options.limits.peers_per_book);
  json::value number = most;
  if (wrong.peer_limit_is_text) number = std::to_string(most);
  return json_answer(json::object{{"max_peer_one_ab", number}});
}

Response personal_book(const BookOwner& owner, const Request& request, Books& books) {
  const WrongApi& wrong = books.wrong();
  if (wrong.personal_needs_a_body && request.body.empty()) return failure(400, "Invalid JSON");
  const auto book = books.personal(owner);
  if (!book) return storage_failure();
  auto guid = book->guid;
  if (wrong.personal_guid_is_empty) guid.clear();
  if (wrong.personal_guid_changes) {
    const auto number = std::to_string(books.doubled.size());
    books.doubled.emplace("guid", number);
    guid.replace(0, number.size(), number);
  }
  if (wrong.personal_guid_has_slashes) std::ranges::replace(guid, '-', '/');
  return json_answer(json::object{{"guid", guid}});
}

http_api::BookProfile profile_of(const Books::Opened& opened) {
  http_api::BookProfile profile;
  profile.guid = opened.book.guid;
  profile.name = opened.book.name;
  profile.owner = opened.book.owner.account;
  profile.note = opened.book.note;
  profile.rule = opened.rule;
  profile.password = opened.book.password;
  return profile;
}

// What a wrong server makes of right profiles.
void spoil_profiles(std::vector<http_api::BookProfile>& list, const BookOwner& owner, Page& page,
                    Books& books) {
  const WrongApi& wrong = books.wrong();
  if (wrong.personal_is_a_profile)
    if (auto own = books.personal(owner)) {
      list.push_back(profile_of({std::move(*own), Books::control}));
      list.back().name = owner.account;
    }
  for (auto& profile : list) {
    if (wrong.profiles_have_one_name) profile.name = "Address book";
    if (wrong.profiles_have_no_guid) profile.guid.clear();
  }
  if (wrong.profile_has_reserved_name && !list.empty()) list.front().name = "My address book";
  if (wrong.profile_order_changes && page.number % 2 == 0) std::ranges::reverse(list);
  if (wrong.profiles_ignore_page) page.number = 1;
}

json::object profile_json(const http_api::BookProfile& profile, const WrongApi& wrong) {
  auto object = to_json(profile);
  if (wrong.rule_is_text) object["rule"] = std::to_string(profile.rule);
  if (wrong.profile_info_is_text) object["info"] = json::serialize(object["info"]);
  return object;
}

// A total that is wrong, whatever the list.
void spoil_total(Response& response, bool is_of_page, bool is_too_high) {
  if (!is_of_page && !is_too_high) return;
  auto object = http_api::parse_object(response.body);
  auto& total = (*object)["total"];
  if (is_of_page) total = (*object)["data"].as_array().size();
  if (is_too_high) total = total.as_int64() + 1;
  response.body = json::serialize(*object);
}

Response profiles(const BookOwner& owner, const Request& request, Books& books) {
  const WrongApi& wrong = books.wrong();
  auto page = page_of(request);
  if (!page) return no_page();
  const auto shared = books.shared(owner);
  if (!shared) return storage_failure();
  std::vector<http_api::BookProfile> list;
  for (const auto& opened : *shared) list.push_back(profile_of(opened));
  spoil_profiles(list, owner, *page, books);
  if (list.empty() && wrong.no_profiles_is_403) return failure(403, "There are none");
  auto response =
      page_answer(list, *page, [&](const auto& profile) { return profile_json(profile, wrong); });
  spoil_total(response, wrong.profiles_total_is_of_page, wrong.profiles_total_is_too_high);
  return response;
}

// What a wrong server shows of a peer.
std::string spoiled_peer(const StoredPeer& stored, const BookRecord& book, const WrongApi& wrong) {
  auto object = http_api::parse_object(stored.text).value();
  if (wrong.peer_texts_are_numbers) object["rdpPort"] = 0;
  if (wrong.personal_book_has_no_hash && book.personal) object["hash"] = "";
  if (wrong.force_relay_is_bool)
    object["forceAlwaysRelay"] = object["forceAlwaysRelay"].as_string() == "true";
  if (wrong.platform_is_lower_case)
    for (char& c : object["platform"].as_string()) c = static_cast<char>(std::tolower(c));
  if (wrong.same_server_is_always_true) object["same_server"] = true;
  if (wrong.peer_tags_are_numbers) {
    std::int64_t number = 0;
    for (auto& tag : object["tags"].as_array()) tag = ++number;
  }
  return json::serialize(object);
}

// Peers are stored as they are shown, so a page is put together and not made anew.
Response peers(const Books::Opened& opened, const Request& request, Books& books) {
  const WrongApi& wrong = books.wrong();
  auto page = page_of(request);
  if (!page) return no_page();
  if (wrong.peers_ignore_page) page->number = 1;
  const auto& guid = opened.book.guid;
  const auto total = books.store().count_peers(guid);
  const auto list = books.store().peers(guid, page->first(), page->size);
  if (!total || !list) return storage_failure();
  const bool right = wrong == WrongApi();
  std::string data;
  const auto add = [&](const std::string& text) { data += (data.empty() ? "" : ",") + text; };
  for (const auto& peer : *list) {
    const auto text = right ? peer.text : spoiled_peer(peer, opened.book, wrong);
    add(text);
    if (wrong.peers_come_twice || books.doubled.contains({guid, "peer " + peer.id})) add(text);
  }
  auto response = json_answer(json::object());
  response.body = R"({"total":)" + std::to_string(*total) + R"(,"data":[)" + data + "]}";
  spoil_total(response, wrong.peers_total_is_of_page, false);
  return response;
}

json::object tag_json(const StoredTag& stored, const WrongApi& wrong) {
  http_api::BookTag tag;
  tag.name = stored.name;
  tag.color = stored.color;
  auto object = to_json(tag);
  if (wrong.color_is_signed) object["color"] = static_cast<std::int32_t>(stored.color);
  if (wrong.tags_have_numbers) object["name"] = 1;
  return object;
}

Response tags(const Books::Opened& opened, Books& books) {
  const WrongApi& wrong = books.wrong();
  const auto list = books.store().tags(opened.book.guid);
  if (!list) return storage_failure();
  json::array array;
  for (const auto& tag : *list) {
    array.push_back(tag_json(tag, wrong));
    if (books.doubled.contains({opened.book.guid, "tag " + tag.name}))
      array.push_back(tag_json(tag, wrong));
  }
  if (wrong.no_tags_is_null && array.empty()) return json_answer(nullptr);
  if (wrong.tags_are_wrapped) return json_answer(json::object{{"data", std::move(array)}});
  return json_answer(array);
}

// A wrong server answers 404 to whoever has no valid token.
Handler without_401(Handler handler, bool wrong) {
  if (!wrong) return handler;
  return [handler = std::move(handler)](const Request& request, net::Time now) {
    auto response = handler(request, now);
    return response.status == 401 ? failure(404, "Not found") : response;
  };
}

}  // namespace

void add_address_book_reads(Router& router, const Options& options, identity::Accounts& accounts,
                            Books& books) {
  const WrongApi& wrong = books.wrong();
  using Answer = std::function<Response(const BookOwner&, const Request&)>;
  const auto reading = [&](Answer answer) {
    return for_accounts(
        accounts, wrong,
        [&wrong, answer](const AccountRecord& caller, const Request& request, net::Time) {
          if (wrong.reads_need_a_body && request.body.empty()) return failure(400, "Invalid JSON");
          return answer(owner_of(caller, request), request);
        });
  };
  router.add("POST", "/api/ab/settings",
             reading([&options](const auto&...) { return settings(options); }));
  const auto personal = reading([&books](const BookOwner& owner, const Request& request) {
    return personal_book(owner, request, books);
  });
  router.add("POST", "/api/ab/personal",
             without_401(personal, wrong.personal_without_token_is_404));
  router.add("POST", "/api/ab/shared/profiles",
             reading([&books](const BookOwner& owner, const Request& request) {
               return profiles(owner, request, books);
             }));
  const auto one_book = [](const Request& request) { return request.query("ab").value_or(""); };
  router.add("POST", "/api/ab/peers",
             reading([&books, one_book](const BookOwner& owner, const Request& request) {
               return with_book(books, owner, one_book(request),
                                [&](const auto& opened) { return peers(opened, request, books); });
             }));
  router.add("POST", "/api/ab/tags/{guid}",
             reading([&books, &wrong](const BookOwner& owner, const Request& request) {
               if (wrong.tags_need_a_body && request.body.empty())
                 return failure(400, "Invalid JSON");
               auto response = with_book(books, owner, request.last_segment(),
                                         [&](const auto& opened) { return tags(opened, books); });
               if (wrong.tags_failure_is_200) response.status = 200;
               return response;
             }));
}

}  // namespace deskcheck::server::api
