#include "client-sim/account/client_release.hpp"

#include <algorithm>
#include <array>

namespace deskcheck::sim {

namespace {

constexpr std::array<std::string_view, 13> kNames{"1.3.8", "1.3.9", "1.4.0", "1.4.1", "1.4.2",
                                                  "1.4.3", "1.4.4", "1.4.5", "1.4.6", "1.4.7",
                                                  "1.4.8", "1.4.9", "head"};

constexpr std::string_view kMakers = "rustdesk.com";

// "https://Host.example:21114/base" is "host.example".
std::string host_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme != url.npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  if (const auto user = url.rfind('@'); user != url.npos) url.remove_prefix(user + 1);
  if (const auto colon = url.rfind(':'); colon != url.npos && url.find(']', colon) == url.npos)
    url = url.substr(0, colon);
  std::string host(url);
  std::ranges::transform(host, host.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  if (host.ends_with('.')) host.pop_back();
  return host;
}

}  // namespace

std::optional<ClientRelease> ClientRelease::parse(std::string_view name) {
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end()) return std::nullopt;
  return ClientRelease(static_cast<std::size_t>(found - kNames.begin()));
}

ClientRelease ClientRelease::head() { return ClientRelease(kNames.size() - 1); }

std::span<const std::string_view> ClientRelease::names() { return kNames; }

std::string_view ClientRelease::name() const { return kNames.at(index_); }

std::string ClientRelease::version() const {
  return std::string(*this == head() ? kNames.at(kNames.size() - 2) : name());
}

std::int64_t ClientRelease::version_number() const {
  const std::string text = version();  // "a.b.c", each of one digit
  return (text[0] - '0') * 1'000'000 + (text[2] - '0') * 1000 + (text[4] - '0') * 10;
}

bool ClientRelease::at_least(std::string_view name) const {
  const auto other = parse(name);
  return other && index_ >= other->index_;
}

bool ClientRelease::is_public(std::string_view api_url) const {
  if (*this == head()) {
    const auto host = host_of(api_url);
    return host == kMakers || host.ends_with("." + std::string(kMakers));
  }
  if (!at_least("1.4.5")) return api_url.find(kMakers) != api_url.npos;
  return api_url.ends_with(kMakers) || api_url.find("rustdesk.com/") != api_url.npos;
}

}  // namespace deskcheck::sim
