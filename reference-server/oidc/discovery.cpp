#include "reference-server/oidc/discovery.hpp"

#include "proto/api/json.hpp"
#include "reference-server/oidc/web_url.hpp"

#include <algorithm>

namespace deskcheck::server::oidc {

namespace json = boost::json;

namespace {

bool lists(const json::object& document, std::string_view member, std::string_view wanted) {
  const auto* value = document.if_contains(member);
  const auto* list = value ? value->if_array() : nullptr;
  return list && std::ranges::any_of(*list, [&](const json::value& one) {
           return one.is_string() && one.get_string() == wanted;
         });
}

}  // namespace

std::string discovery_url(std::string_view issuer) {
  if (issuer.ends_with('/')) issuer.remove_suffix(1);
  return std::string(issuer) + "/.well-known/openid-configuration";
}

Judged<Metadata> parse_metadata(std::string_view text, std::string_view issuer) {
  const auto document = http_api::parse_object(text);
  if (!document) return std::string("its discovery document is no JSON object");
  if (http_api::text(*document, "issuer") != issuer)
    return std::string("its discovery document is of another issuer");
  Metadata metadata;
  metadata.issuer = issuer;
  const struct {
    const char* member;
    std::string Metadata::* place;
    bool optional = false;
  } kEndpoints[] = {{"authorization_endpoint", &Metadata::authorization_endpoint},
                    {"token_endpoint", &Metadata::token_endpoint},
                    {"jwks_uri", &Metadata::jwks_uri},
                    {"userinfo_endpoint", &Metadata::userinfo_endpoint, true}};
  for (const auto& endpoint : kEndpoints) {
    const auto url = http_api::text(*document, endpoint.member);
    if (!url && endpoint.optional) continue;
    const bool is_safe = url && (url->starts_with("https://") || !issuer.starts_with("https://"));
    if (!is_safe || !is_web_url(*url))
      return std::string("its discovery document has no usable ") + endpoint.member;
    metadata.*endpoint.place = *url;
  }
  constexpr const char* kMethods = "token_endpoint_auth_methods_supported";
  metadata.secret_in_form = lists(*document, kMethods, "client_secret_post") &&
                            !lists(*document, kMethods, "client_secret_basic");
  const auto* named = document->if_contains("authorization_response_iss_parameter_supported");
  metadata.redirects_name_issuer = named && *named == true;
  return metadata;
}

}  // namespace deskcheck::server::oidc
