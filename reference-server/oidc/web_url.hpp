// URLs that the server is told and hands on: what counts as one. Resolves nothing.
#pragma once

#include <string>
#include <string_view>

namespace deskcheck::server::oidc {

// An absolute http:// or https:// URL of printable ASCII with a host, no longer than 2048 bytes.
bool is_web_url(std::string_view text);
// The same without query and fragment: other paths can be appended to it.
bool is_base_url(std::string_view text);
// Whether openid is among the scopes: without it there is no ID token.
bool asks_for_identity(const std::string& scopes);
// "name=value", encoded as forms are, behind a "?" or "&".
void append_query(std::string& url, std::string_view name, std::string_view value);
// Printable ASCII and no more than 200 bytes of what somebody else has said.
std::string harmless(std::string_view text);

}  // namespace deskcheck::server::oidc
