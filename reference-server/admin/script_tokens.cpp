// GET and POST /api/admin/script-tokens, POST .../remove. A token is shown once.
#include "reference-server/admin/for_administrators.hpp"
#include "reference-server/admin/routes.hpp"

namespace deskcheck::server::admin {

namespace json = boost::json;
using api::Response;

namespace {

constexpr std::size_t kMostTokens = 1000;

Response list_tokens(const Desk& desk) {
  const auto tokens = desk.store.script_tokens();
  if (!tokens) return api::storage_failure();
  json::array list;
  for (const auto& token : *tokens)
    list.push_back(json::object{{"name", token.name}, {"issued", token.issued}});
  return api::json_answer(json::object{{"script_tokens", std::move(list)}});
}

Response make_token(const Desk& desk, Members& body, net::Time now) {
  const auto name = body.name("name");
  if (const auto refusal = body.refusal()) return *refusal;
  const auto tokens = desk.store.script_tokens();
  if (!tokens) return api::storage_failure();
  if (tokens->size() >= kMostTokens) return api::failure(409, "There are too many tokens");
  const auto token = desk.accounts.new_script_token(name, now);
  if (!token) return api::storage_failure();
  return api::json_answer(json::object{{"token", *token}});
}

Response remove_token(const Desk& desk, Members& body) {
  const auto name = body.name("name");
  if (const auto refusal = body.refusal()) return *refusal;
  const auto tokens = desk.store.script_tokens();
  if (!tokens) return api::storage_failure();
  for (const auto& token : *tokens)
    if (token.name == name) return done(desk.store.remove_script_token(name));
  return no_such("script token", name);
}

}  // namespace

void add_script_tokens(api::Router& router, const Desk& desk) {
  router.add("GET", "/api/admin/script-tokens",
             for_administrators(desk, [desk](const auto&...) { return list_tokens(desk); }));
  router.add("POST", "/api/admin/script-tokens",
             changing(desk, [desk](const auto&, Members& body, net::Time now) {
               return make_token(desk, body, now);
             }));
  router.add("POST", "/api/admin/script-tokens/remove",
             changing(desk, [desk](const auto&, Members& body, net::Time) {
               return remove_token(desk, body);
             }));
}

}  // namespace deskcheck::server::admin
