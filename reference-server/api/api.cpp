#include "reference-server/api/api.hpp"

#include "proto/api/json.hpp"
#include "reference-server/admin/routes.hpp"
#include "reference-server/capabilities.hpp"

namespace deskcheck::server::api {

namespace json = boost::json;

namespace {

bool is_json(const Response& response) {
  return !response.headers.empty() && response.headers.front().second == kJson;
}

// {"error": text} becomes {"error": {"message": text}}, and null joins what is no error.
std::string with_wrong_error(const std::string& body, const WrongApi& wrong) {
  auto object = http_api::parse_object(body);
  if (!object) return body;
  auto* error = object->if_contains("error");
  if (error && wrong.errors_are_objects) *error = json::object{{"message", *error}};
  if (!error && wrong.success_has_error_null) (*object)["error"] = nullptr;
  return json::serialize(*object);
}

// What a wrong server makes of a right answer, whatever the route.
void spoil(Response& response, const WrongApi& wrong) {
  if (response.status == 404 && wrong.unknown_routes_are_pages) {
    response.status = 200;
    response.headers = {{"Content-Type", "text/html"}};
    response.body = "<html><body>Welcome</body></html>";
  }
  if (!is_json(response)) return;
  if (wrong.errors_are_objects || wrong.success_has_error_null)
    response.body = with_wrong_error(response.body, wrong);
  if (wrong.json_without_charset) response.headers.front().second = "text/html";
  if (wrong.success_is_201 && response.status == 200) response.status = 201;
}

}  // namespace

Api::Api(const Options& options, ApiStore& store, net::Random random, Needs needs)
    : options_(options),
      wrong_(options.faults.policies),
      accounts_(options, store, random.fork("accounts")),
      second_factor_(options, store, random.fork("second factor")),
      devices_(options, store, random.fork("devices"), std::move(needs.registered)),
      books_(options, store, random.fork("books")),
      accessible_(options, store, devices_),
      sign_ins_(options, store, accounts_, accessible_, random.fork("identity providers")),
      strategies_(options, store, accessible_),
      assigner_(store, books_, strategies_),
      audits_(options, store.audits(), devices_, random.fork("audits")),
      recordings_(options),
      switch_grants_(options, std::move(needs.registered_key)) {
  accessible_.owner_may_have_changed = [this](const std::string& device) {
    strategies_.changed(device);
  };
  add_login(router_, options_, accounts_, second_factor_, accessible_);
  add_login_options(router_, options_, accounts_, store);
  add_oidc(router_, options_, accounts_, sign_ins_);
  add_logout(router_, options_, accounts_);
  add_current_user(router_, options_, accounts_);
  add_heartbeat(router_, options_, devices_, strategies_);
  add_sysinfo(router_, options_, devices_, strategies_, assigner_);
  add_address_books();
  add_group_tab(router_, options_, accounts_, accessible_);
  add_audit_reports(router_, options_, audits_);
  add_audit_notes(router_, options_, accounts_, audits_);
  add_devices_cli(router_, options_, accounts_, devices_, assigner_);
  add_record(router_, options_, recordings_);
  add_downloads(router_, options_);
  add_switch_grant(router_, options_, switch_grants_);
  add_plugin_sign(router_, options_);
  add_deploy(router_, options_, accounts_, std::move(needs.deploy));
  const admin::Desk desk{options_,    store,       accounts_, devices_,    books_,
                         accessible_, strategies_, audits_,   recordings_, sign_ins_};
  admin::add_routes(router_, desk);
  for (const auto route : routes_left_out(options_)) router_.forget(route);
}

// Books for old clients are there for everybody; all others belong to the shared mode, of which
// clients know by its routes.
void Api::add_address_books() {
  add_address_book_legacy(router_, accounts_, books_);
  if (options_.address_books == AddressBooks::shared) {
    add_address_book_reads(router_, options_, accounts_, books_);
    add_address_book_peers(router_, accounts_, books_);
    add_address_book_tags(router_, accounts_, books_);
  } else if (wrong_.legacy_server_says_403) {
    router_.add("POST", "/api/ab/personal",
                [](const auto&...) { return failure(403, "There are no such books"); });
  }
}

std::uint64_t Api::longest_body(std::string_view target) const {
  const bool recording = target.substr(0, target.find('?')) == "/api/record";
  return options_.limits.api_body * (recording ? 4 : 1);
}

Response Api::on(const Request& request, net::Time now) {
  // Whoever asks a wrong server what it has done has to be answered right.
  const bool right = request.path().starts_with(admin::kBelow);
  // Pages of other origins may read the answers: the web client is one (HTTP-GEN-19).
  const bool shared = !request.header("Origin").empty();
  auto finish = [this, right, shared](Response response) {
    if (!right) spoil(response, wrong_);
    if (shared) response.headers.emplace_back("Access-Control-Allow-Origin", "*");
    return response;
  };
  if (request.body.size() > longest_body(request.target))
    return finish(failure(413, "The body is too long"));
  return when_final(router_.on(request, now), finish);
}

bool Api::signed_in(std::string_view token, net::Time now) {
  const auto account = accounts_.who(token, now);
  return account && *account;
}

}  // namespace deskcheck::server::api
