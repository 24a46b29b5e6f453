#include "conformance/target/host.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace deskcheck::conformance {

namespace {

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// Of "host", "host:port", "address of IPv6", "[address of IPv6]:port".
std::pair<std::string_view, std::string_view> host_and_port(std::string_view text) {
  const auto colon = text.rfind(':');
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    const bool port = end != text.npos && text.substr(end + 1).starts_with(':');
    return {text.substr(1, end == text.npos ? end : end - 1),
            port ? text.substr(end + 2) : std::string_view()};
  }
  if (colon == text.npos || text.find(':') != colon) return {text, {}};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

}  // namespace

std::optional<HostMistake> host_mistake(std::string_view text, std::string_view port) {
  if (text.empty()) return HostMistake{"a host is missing", "give its name or address"};
  const auto scheme = text.find("://");
  if (scheme != text.npos) {
    const auto rest = text.substr(scheme + 3);
    const auto host = host_and_port(rest.substr(0, rest.find('/'))).first;
    return HostMistake{fmt::format("'{}' is a URL", text), fmt::format("give {} alone", host)};
  }
  if (text.find_first_of("/ \t@") != text.npos)
    return HostMistake{fmt::format("'{}' is no name and no address", text),
                       "write it as rd.example.com or 192.0.2.7"};
  const auto [host, number] = host_and_port(text);
  if (is_number(number))
    return HostMistake{fmt::format("'{}' has a port in it", text),
                       fmt::format("give {} alone, and {} as {}", host, number, port)};
  if (host != text)
    return HostMistake{fmt::format("'{}' is no name and no address", text),
                       fmt::format("give {} alone", host)};
  return std::nullopt;
}

}  // namespace deskcheck::conformance
