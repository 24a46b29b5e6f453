// Who stands behind a reverse proxy: any text as a range of trusted addresses, any headers. Lines
// of the input: the range, the address of the connection, X-Real-IP, X-Forwarded-For.
#include "fuzz/engine/target.hpp"
#include "proto/wire/address.hpp"
#include "reference-server/real_address.hpp"

namespace deskcheck::fuzz {

namespace {

namespace ip = boost::asio::ip;
using server::AddressRange;

std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  const auto line = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return line;
}

std::optional<ip::address> address(const std::string& text) {
  boost::system::error_code error;
  const auto address = ip::make_address(text, error);
  if (error || text.find('%') != text.npos || text.find('\0') != text.npos) return std::nullopt;
  return wire::normalise_v4({address, 0}).address;
}

// The bits of an address, first to last.
std::vector<bool> bits(const ip::address& address) {
  std::vector<bool> all;
  const auto add = [&](const auto& bytes) {
    for (const unsigned octet : bytes)
      for (int i = 7; i >= 0; --i) all.push_back(octet >> i & 1);
  };
  if (address.is_v4())
    add(address.to_v4().to_bytes());
  else
    add(address.to_v6().to_bytes());
  return all;
}

// A second time: an address, or one with the number of its bits that count.
bool in_range(const std::string& range, const ip::address& peer) {
  const auto slash = range.find('/');
  boost::system::error_code error;
  const auto network = ip::make_address(range.substr(0, slash), error);
  if (error || network.is_v4() != peer.is_v4()) return false;
  const auto wanted = bits(network), has = bits(peer);
  std::size_t count = wanted.size();
  if (slash != std::string::npos) count = std::stoul(range.substr(slash + 1));
  // Planted: of a range of IPv6 no more than 64 bits are compared.
  if (planted() && peer.is_v6() && slash != std::string::npos)
    count = std::min<std::size_t>(count, 64);
  return std::equal(wanted.begin(), wanted.begin() + static_cast<std::ptrdiff_t>(count),
                    has.begin());
}

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.pop_back();
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.erase(0, 1);
  return text;
}

std::optional<ip::address> named(const net::UpgradeRequest& request) {
  auto text = trimmed(request.headers[0].second);
  if (text.empty()) text = trimmed(request.headers[1].second);
  return address(text);
}

}  // namespace

std::unique_ptr<google::protobuf::Message> new_input() { return nullptr; }

void one_input(std::string_view input) {
  const std::string range_text(take_line(input)), peer_text(take_line(input));
  net::UpgradeRequest request;
  request.headers = {{"x-real-ip", std::string(take_line(input))},
                     {"X-FORWARDED-FOR", std::string(take_line(input))}};
  const auto range = AddressRange::parse(range_text);
  const auto peer = address(peer_text);
  if (!peer) return;
  std::vector<AddressRange> proxies;
  if (range) proxies.push_back(*range);
  const server::WrongPolicies right;
  const auto believed = server::address_behind(*peer, request, proxies, right);
  if (!range) return require(!believed, "nobody is believed whom nobody trusts");
  const bool trusted = in_range(range_text, *peer);
  require(range->contains(*peer) == trusted, "a range holds the addresses with its first bits");
  require(believed == (trusted ? named(request) : std::nullopt),
          "the first header of a trusted proxy that has a text names one address, or nobody");
  if (believed)
    require(wire::normalise_v4({*believed, 0}).address == *believed,
            "an IPv4-mapped address is one of IPv4");
}

}  // namespace deskcheck::fuzz
