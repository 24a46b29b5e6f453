#include "reference-server/oidc/web_url.hpp"

#include "proto/net/http_client.hpp"

#include <algorithm>

namespace deskcheck::server::oidc {

namespace {

constexpr std::size_t kLongestUrl = 2048;           // bytes
constexpr std::size_t kLongestHarmless = 200;       // bytes
constexpr std::string_view kNever = "\"<>\\^`{|}";  // RFC 3986, section 2: nowhere in a URL

bool is_url_character(char c) {
  return c > ' ' && c <= '~' && kNever.find(c) == std::string_view::npos;
}

}  // namespace

bool is_web_url(std::string_view text) {
  if (text.size() > kLongestUrl || !std::ranges::all_of(text, is_url_character)) return false;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!text.starts_with(scheme)) continue;
    const auto rest = text.substr(scheme.size());
    const auto host = rest.substr(0, rest.find_first_of("/?#"));
    return !host.empty() && !host.starts_with(':') && host.find('@') == std::string_view::npos;
  }
  return false;
}

bool is_base_url(std::string_view text) {
  return is_web_url(text) && text.find_first_of("?#") == std::string_view::npos;
}

bool asks_for_identity(const std::string& scopes) {
  return (' ' + scopes + ' ').find(" openid ") != std::string::npos;
}

void append_query(std::string& url, std::string_view name, std::string_view value) {
  url += url.find('?') == std::string::npos ? '?' : '&';
  url.append(name) += '=' + net::percent_encoded(value);
}

std::string harmless(std::string_view text) {
  std::string plain;
  for (const char c : text.substr(0, kLongestHarmless)) plain += c >= ' ' && c <= '~' ? c : '?';
  return plain;
}

}  // namespace deskcheck::server::oidc
