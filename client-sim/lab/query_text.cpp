#include "client-sim/lab/query_text.hpp"

#include "proto/net/http_client.hpp"

#include <algorithm>
#include <charconv>

namespace deskcheck::sim {

namespace {

std::string lower(std::string_view text) {
  std::string copy(text);
  for (char& c : copy)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return copy;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string form_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                        hex_digit(text[i + 2]) >= 0;
    if (escape) {
      decoded += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

// "host", "host:port", "[::1]:port"; false if it is none.
bool read_authority(std::string_view text, Url& url) {
  const auto colon = text.rfind(':');
  if (colon != text.npos && text.find(']', colon) == text.npos) {
    const auto digits = text.substr(colon + 1);
    const auto read = std::from_chars(digits.begin(), digits.end(), url.port);
    if (read.ec != std::errc() || read.ptr != digits.end() || url.port == 0) return false;
    text = text.substr(0, colon);
  }
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  url.host = lower(text);
  return !text.empty() && text.find_first_of("@ \\[]") == text.npos;
}

}  // namespace

std::string Url::authority() const {
  const bool is_v6 = host.find(':') != std::string::npos;
  return (is_v6 ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

std::string Url::origin() const { return scheme + "://" + authority(); }

std::optional<Url> parse_url(std::string_view text) {
  Url url;
  const auto colon = text.find("://");
  if (colon == text.npos) return std::nullopt;
  url.scheme = lower(text.substr(0, colon));
  if (url.scheme != "http" && url.scheme != "https") return std::nullopt;
  url.port = url.scheme == "https" ? 443 : 80;
  text.remove_prefix(colon + 3);
  text = text.substr(0, text.find('#'));
  const auto end = std::min(text.find_first_of("/?"), text.size());
  if (!read_authority(text.substr(0, end), url)) return std::nullopt;
  url.target = text.substr(end);
  if (!url.target.starts_with('/')) url.target.insert(0, 1, '/');
  for (const char c : url.target)
    if (c <= ' ' || c == '\x7f') return std::nullopt;
  return url;
}

std::optional<Url> resolve_url(const Url& base, std::string_view location) {
  if (location.empty()) return std::nullopt;
  if (location.find("://") != location.npos &&
      location.find("://") < std::min(location.find_first_of("/?#"), location.size()))
    return parse_url(location);
  if (location.starts_with("//")) return parse_url(base.scheme + ':' + std::string(location));
  std::string target(location.substr(0, location.find('#')));
  const std::string here(path_of(base.target));
  if (target.starts_with('?'))
    target.insert(0, here);
  else if (!target.starts_with('/'))
    target.insert(0, here.substr(0, here.rfind('/') + 1));
  return parse_url(base.origin() + target);
}

Query::Query(std::string_view text) {
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const auto member = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (member.empty()) continue;
    const auto equals = std::min(member.find('='), member.size());
    add(form_decoded(member.substr(0, equals)),
        form_decoded(member.substr(std::min(equals + 1, member.size()))));
  }
}

void Query::add(std::string name, std::string value) {
  members_.emplace_back(std::move(name), std::move(value));
}

std::optional<std::string> Query::find(std::string_view name) const {
  for (const auto& [key, value] : members_)
    if (key == name) return value;
  return std::nullopt;
}

std::string Query::text() const {
  std::string text;
  for (const auto& [name, value] : members_)
    text +=
        (text.empty() ? "" : "&") + net::percent_encoded(name) + '=' + net::percent_encoded(value);
  return text;
}

Query query_of(std::string_view target) {
  const auto mark = target.find('?');
  if (mark == target.npos) return {};
  target.remove_prefix(mark + 1);
  return Query(target.substr(0, target.find('#')));
}

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

}  // namespace deskcheck::sim
