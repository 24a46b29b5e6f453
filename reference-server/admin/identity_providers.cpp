// GET and POST /api/admin/identity-providers, POST .../remove; POST /api/admin/users/link. Secrets
// of clients come in and are never shown again.
#include "reference-server/admin/for_administrators.hpp"
#include "reference-server/admin/routes.hpp"
#include "reference-server/oidc/sign_ins.hpp"
#include "reference-server/oidc/web_url.hpp"

namespace deskcheck::server::admin {

namespace json = boost::json;
using api::Response;

namespace {

constexpr std::size_t kMostProviders = 100;
constexpr std::size_t kLongestIcon = 64 * 1024;  // bytes
constexpr std::size_t kLongestPerson = 255;      // characters: OpenID Connect Core, section 2

Response list_providers(const Desk& desk) {
  const auto providers = desk.store.identities().providers();
  if (!providers) return api::storage_failure();
  json::array list;
  for (const auto& provider : *providers)
    list.push_back(json::object{{"name", provider.name},
                                {"issuer", provider.issuer},
                                {"client_id", provider.client_id},
                                {"icon", provider.icon},
                                {"scopes", provider.scopes},
                                {"makes_accounts", provider.makes_accounts}});
  return api::json_answer(json::object{{"identity_providers", std::move(list)}});
}

// What is not said stays as it is.
void change(IdentityProviderRecord& provider, Members& body) {
  provider.issuer = body.maybe_name("issuer").value_or(provider.issuer);
  provider.client_id = body.maybe_name("client_id").value_or(provider.client_id);
  provider.client_secret = body.maybe_text("client_secret").value_or(provider.client_secret);
  provider.icon = body.maybe_text("icon", kLongestIcon).value_or(provider.icon);
  provider.scopes = body.maybe_name("scopes").value_or(provider.scopes);
  provider.makes_accounts = body.maybe_flag("makes_accounts").value_or(provider.makes_accounts);
  if (provider.issuer.empty()) body.refuse("issuer is missing");
  if (!oidc::is_base_url(provider.issuer))
    body.refuse("issuer has to be a URL, http:// or https://, without ? and #");
  if (provider.client_id.empty()) body.refuse("client_id is missing");
  if (!oidc::asks_for_identity(provider.scopes))
    body.refuse("scopes have to have openid among them");
}

Response put_provider(const Desk& desk, Members& body) {
  const auto name = body.name("name");
  const auto providers = desk.store.identities().providers();
  if (!providers) return api::storage_failure();
  IdentityProviderRecord provider;
  provider.name = name;
  provider.scopes = IdentityProviderFixture().scopes;
  std::string former;
  for (const auto& known : *providers)
    if (known.name == name) provider = known;
  former = provider.issuer;
  change(provider, body);
  if (const auto refusal = body.refusal()) return *refusal;
  if (former.empty() && providers->size() >= kMostProviders)
    return api::failure(409, "There are too many identity providers");
  const auto result = desk.store.identities().put_provider(provider);
  if (result) desk.sign_ins.changed(former, provider);
  return done(result);
}

Response remove_provider(const Desk& desk, Members& body) {
  const auto name = body.name("name");
  if (const auto refusal = body.refusal()) return *refusal;
  const auto known = desk.store.identities().find_provider(name);
  if (!known) return api::storage_failure();
  if (!*known) return no_such("identity provider", name);
  return done(desk.store.identities().remove_provider(name));
}

// For people who have an account before they come through a provider for the first time.
Response link(const Desk& desk, Members& body) {
  const auto name = body.name("name"), through = body.name("provider");
  const auto subject = body.name("subject");
  if (subject.size() > kLongestPerson) body.refuse("subject is too long");
  if (const auto refusal = body.refusal()) return *refusal;
  const auto account = desk.store.find_account(name);
  const auto provider = desk.store.identities().find_provider(through);
  if (!account || !provider) return api::storage_failure();
  if (!*account) return no_such("user", name);
  if (!*provider) return no_such("identity provider", through);
  IdentityRecord identity;
  identity.issuer = (*provider)->issuer;
  identity.subject = subject;
  identity.account = name;
  identity.provider = through;
  return done(desk.store.identities().put_identity(identity));
}

}  // namespace

void add_identity_providers(api::Router& router, const Desk& desk) {
  router.add("GET", "/api/admin/identity-providers",
             for_administrators(desk, [desk](const auto&...) { return list_providers(desk); }));
  const auto add = [&](const char* route, Response (*act)(const Desk&, Members&)) {
    router.add("POST", route, changing(desk, [desk, act](const auto&, Members& body, net::Time) {
                 return act(desk, body);
               }));
  };
  add("/api/admin/identity-providers", put_provider);
  add("/api/admin/identity-providers/remove", remove_provider);
  add("/api/admin/users/link", link);
}

}  // namespace deskcheck::server::admin
