#include "reference-server/relay/settings.hpp"

#include "proto/wire/address.hpp"

namespace deskcheck::server {

namespace {

std::string normal(const boost::asio::ip::address& address) {
  return wire::normalise_v4({address, 0}).address.to_string();
}

std::string normal(std::string_view entry) {
  boost::system::error_code no_address;
  const auto address = boost::asio::ip::make_address(entry, no_address);
  return no_address ? std::string(entry) : normal(address);
}

}  // namespace

void AddressList::add(std::string_view entry) {
  if (!entry.empty()) entries_.insert(normal(entry));
}
void AddressList::remove(std::string_view entry) { entries_.erase(normal(entry)); }
bool AddressList::has(std::string_view entry) const { return entries_.contains(normal(entry)); }
bool AddressList::has(const boost::asio::ip::address& address) const {
  return !entries_.empty() && entries_.contains(normal(address));
}

std::vector<std::string> parse_address_list(std::string_view text) {
  std::vector<std::string> entries;
  while (!text.empty()) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
    line = line.substr(0, line.find_first_of(" \t\r"));
    if (!line.empty()) entries.emplace_back(line);
  }
  return entries;
}

}  // namespace deskcheck::server
