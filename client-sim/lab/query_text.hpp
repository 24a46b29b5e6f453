// URLs and forms as a browser and a provider read them (RFC 3986;
// application/x-www-form-urlencoded).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace deskcheck::sim {

struct Url {
  std::string scheme;  // "http", "https"
  std::string host;    // a name or a literal, without brackets, in lower case
  std::uint16_t port = 80;
  std::string target;  // path and query, "/" at least; no fragment

  Url() = default;
  // "host:port", with brackets around an IPv6 literal.
  std::string authority() const;
  // scheme://authority
  std::string origin() const;
};
// Nothing unless it is an absolute http or https URL.
std::optional<Url> parse_url(std::string_view text);
// What a browser makes of a Location header on a page of `base`; nothing if it is none.
std::optional<Url> resolve_url(const Url& base, std::string_view location);

// The members of a query or a form, decoded, in their order.
class Query {
 public:
  Query() = default;
  explicit Query(std::string_view text);  // without the question mark

  void add(std::string name, std::string value);
  // The first of this name; nothing if there is none.
  std::optional<std::string> find(std::string_view name) const;
  // The same, empty if there is none.
  std::string get(std::string_view name) const { return find(name).value_or(""); }
  std::string text() const;  // encoded

 private:
  std::vector<std::pair<std::string, std::string>> members_;
};
// The query of a target or of a URL, decoded.
Query query_of(std::string_view target);
std::string_view path_of(std::string_view target);

}  // namespace deskcheck::sim
