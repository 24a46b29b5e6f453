// POST /api/devices/cli. Source: http-api.md chapter 9.
#include "proto/api/json.hpp"
#include "reference-server/api/answers.hpp"
#include "reference-server/api/for_scripts.hpp"
#include "reference-server/api/groups.hpp"

#include <algorithm>

namespace deskcheck::server::api {

namespace json = boost::json;

namespace {

constexpr std::size_t kLongestName = 256;   // bytes
constexpr std::size_t kLongestNote = 4096;  // bytes

bool fits(const std::optional<std::string>& text, std::size_t most) {
  return !text || text->size() <= most;
}

// Details of an entry mean nothing without the name of its book.
DeviceWords words_of(const json::object& body) {
  const auto member = [&](const char* name) { return http_api::text(body, name); };
  DeviceWords words;
  words.id = member("id").value_or("");
  words.user = member("user_name");
  words.strategy = member("strategy_name");
  words.device_group = member("device_group_name");
  words.note = member("note");
  words.username = member("device_username");
  words.device_name = member("device_name");
  if (const auto book = member("address_book_name")) {
    auto& entry = words.entry.emplace();
    entry.book = *book;
    entry.tag = member("address_book_tag");
    entry.alias = member("address_book_alias");
    entry.password = member("address_book_password");
    entry.note = member("address_book_note");
  }
  return words;
}

// Null: the request says what it has to.
const char* mistake_in(const DeviceWords& words, const std::string& uuid) {
  if (words.id.empty() || uuid.empty()) return "id and uuid have to be texts";
  if (words.id.size() > kLongestName) return "The id is too long";
  if (!fits(words.note, kLongestNote)) return "The note is too long";
  if (!fits(words.username, kLongestName) || !fits(words.device_name, kLongestName))
    return "device_username or device_name is too long";
  const bool says_something = words.user || words.strategy || words.device_group || words.note ||
                              words.username || words.device_name || words.entry;
  return says_something ? nullptr : "Nothing is said of the device";
}

Response assigned(const Request& request, Devices& devices, Assigner& assigner,
                  const WrongApi& wrong) {
  const auto body = http_api::parse_object(request.body);
  if (!body) return failure(400, "The body has to be a JSON object");
  const auto words = words_of(*body);
  const auto uuid = http_api::text(*body, "uuid").value_or("");
  if (const char* mistake = mistake_in(words, uuid)) return failure(400, mistake);
  if (wrong.cli_needs_a_book && !words.entry) return failure(400, "The address book is missing");
  if (!devices.may_be(words.id, uuid)) return failure(409, "The id belongs to another device");
  if (wrong.cli_forgets_unknown_devices && !devices.knows(words.id)) return empty_answer();
  if (const auto problem = assigner.assign(words)) return failure(409, *problem);
  if (wrong.cli_success_says_something) return json_answer(json::object{{"code", 200}});
  return empty_answer();
}

}  // namespace

void add_devices_cli(Router& router, const Options& options, identity::Accounts& accounts,
                     Devices& devices, Assigner& assigner) {
  const WrongApi& wrong = options.faults.policies;
  router.add("POST", "/api/devices/cli",
             for_scripts(accounts, wrong, [&](const Request& request, net::Time) {
               auto response = assigned(request, devices, assigner, wrong);
               if (response.status != 200 && wrong.cli_failure_is_empty) response.body.clear();
               return response;
             }));
}

}  // namespace deskcheck::server::api
