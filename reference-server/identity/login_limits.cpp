#include "reference-server/identity/login_limits.hpp"

#include <utility>

namespace deskcheck::server::identity {

namespace {

namespace ip = boost::asio::ip;

constexpr std::size_t kMostCounts = 10'000;  // in a generation

std::string of_both(std::string_view account, const ip::address& from) {
  return "b " + party_of(from) + " " + std::string(account);
}
std::string of_address(const ip::address& from) { return "f " + party_of(from); }
std::string of_account(std::string_view account) { return "a " + std::string(account); }

}  // namespace

std::string party_of(const ip::address& address) {
  if (!address.is_v6() || address.to_v6().is_v4_mapped()) return address.to_string();
  auto bytes = address.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return ip::address_v6(bytes).to_string();
}

const LoginLimits::Count* LoginLimits::find(const std::string& key) const {
  for (const auto* counts : {&counts_, &older_})
    if (const auto found = counts->find(key); found != counts->end()) return &found->second;
  return nullptr;
}

bool LoginLimits::full(const std::string& key, int most, net::Time now) const {
  const auto* count = find(key);
  return count && count->wrong >= most && now - count->last < limits_.login_pause;
}

bool LoginLimits::allow(std::string_view account, const Address& from, net::Time now) const {
  return !full(of_both(account, from), limits_.login_attempts, now) &&
         !full(of_address(from), limits_.login_attempts_per_address, now) &&
         !full(of_account(account), limits_.login_attempts_per_account, now);
}

void LoginLimits::count(const std::string& key, net::Time now) {
  const auto* known = find(key);
  Count count = known && now - known->last < limits_.login_pause ? *known : Count();
  ++count.wrong;
  count.last = now;
  if (counts_.size() >= kMostCounts) older_ = std::exchange(counts_, {});
  counts_.insert_or_assign(key, count);
}

void LoginLimits::failed(std::string_view account, const Address& from, net::Time now) {
  count(of_both(account, from), now);
  count(of_address(from), now);
  count(of_account(account), now);
}

void LoginLimits::succeeded(std::string_view account, const Address& from) {
  for (auto* counts : {&counts_, &older_}) counts->erase(of_both(account, from));
}

}  // namespace deskcheck::server::identity
