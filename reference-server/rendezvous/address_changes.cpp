#include "reference-server/rendezvous/address_changes.hpp"

namespace deskcheck::server {

namespace {

constexpr auto kCountedFor = std::chrono::seconds(180);
constexpr std::size_t kMostIds = 10'000;

}  // namespace

void AddressChanges::add(const std::string& id, const boost::asio::ip::address& address,
                         net::Time now) {
  if (entries_.size() >= kMostIds && !entries_.contains(id)) {
    purge(now);
    if (entries_.size() >= kMostIds) entries_.clear();
  }
  const auto [entry, is_new] = entries_.try_emplace(id, Entry{now, {}});
  if (!is_new && now - entry->second.since > kCountedFor) entry->second = Entry{now, {}};
  ++entry->second.addresses[address.to_string()];
}

void AddressChanges::purge(net::Time now) {
  std::erase_if(entries_,
                [&](const auto& entry) { return now - entry.second.since >= 2 * kCountedFor; });
}

}  // namespace deskcheck::server
