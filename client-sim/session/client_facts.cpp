#include "client-sim/session/client_facts.hpp"

#include <algorithm>
#include <charconv>

namespace deskcheck::sim {

namespace asio = boost::asio;

namespace {

net::Result<net::Endpoint> endpoint_of(std::string_view address, std::string_view port_text,
                                       std::uint16_t default_port) {
  boost::system::error_code ec;
  net::Endpoint endpoint{asio::ip::make_address(std::string(address), ec), default_port};
  if (ec) return asio::error::host_not_found;
  if (port_text.empty()) return endpoint;
  const auto* end = port_text.data() + port_text.size();
  const auto parsed = std::from_chars(port_text.data(), end, endpoint.port);
  if (parsed.ec != std::errc() || parsed.ptr != end) return asio::error::host_not_found;
  return endpoint;
}

}  // namespace

std::string effective_key(const std::string& configured) {
  return configured.empty() ? kBuiltInKey : configured;
}

net::Result<net::Endpoint> parse_host(std::string_view text, std::uint16_t default_port) {
  if (text.starts_with('[')) {
    const auto end = text.find("]:");
    if (end == std::string_view::npos) return asio::error::host_not_found;
    return endpoint_of(text.substr(1, end - 1), text.substr(end + 2), default_port);
  }
  const auto colon = text.find(':');
  const bool one_colon = colon != std::string_view::npos && text.find(':', colon + 1) == text.npos;
  if (!one_colon) return endpoint_of(text, {}, default_port);
  return endpoint_of(text.substr(0, colon), text.substr(colon + 1), default_port);
}

std::string make_uuid(net::Random& random) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string octets = random.bytes(16);
  octets[6] = static_cast<char>((octets[6] & 0x0F) | 0x40);
  octets[8] = static_cast<char>((octets[8] & 0x3F) | 0x80);
  std::string text;
  for (std::size_t i = 0; i < octets.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    const auto octet = static_cast<unsigned char>(octets[i]);
    text += kDigits[octet >> 4];
    text += kDigits[octet & 15];
  }
  return text;
}

std::string make_password(net::Random& random, std::size_t length) {
  static constexpr std::string_view kCharacters = "23456789abcdefghijkmnpqrstuvwxyz";
  std::string text;
  for (std::size_t i = 0; i < length; ++i) text += kCharacters[random.below(kCharacters.size())];
  return text;
}

net::Deadline at_most(net::Deadline deadline, net::Duration time) {
  return {deadline.clock, std::min(deadline.at, deadline.clock->now() + time)};
}

}  // namespace deskcheck::sim
