#include "reference-server/rendezvous/registration_limits.hpp"

#include <algorithm>

namespace deskcheck::server {

namespace {

constexpr auto kDay = std::chrono::hours(24);
// Sources of datagrams can be forged: what is remembered about them must have a bound.
constexpr std::size_t kMostAddresses = 1 << 16;

}  // namespace

bool IdLimit::over(net::Time now, const Limits& limits, const WrongPolicies& wrong) const {
  return now - last_ >= limits.id_pause && !wrong.registration_limit_never_ends;
}

bool IdLimit::allows(net::Time now, const Limits& limits, const WrongPolicies& wrong) const {
  return accepted_ < limits.registrations_per_id || over(now, limits, wrong) ||
         wrong.no_registration_limit;
}

void IdLimit::count(net::Time now, const Limits& limits, const WrongPolicies& wrong) {
  accepted_ = over(now, limits, wrong) ? 1 : accepted_ + 1;
  last_ = now;
}

bool AddressLimits::accept(const boost::asio::ip::address& address, std::string_view id,
                           net::Time now) {
  if (usages_.size() >= kMostAddresses && !usages_.contains(address)) make_room(now);
  Usage& usage = usages_[address];
  if (now - usage.last >= limits_.address_pause && !wrong_.address_limit_never_ends)
    usage.in_a_row = 0;
  if (usage.in_a_row >= limits_.registrations_per_address && !wrong_.no_address_limit) return false;
  if (!accept_id(usage, id, now)) return false;
  ++usage.in_a_row;
  usage.last = now;
  return true;
}

bool AddressLimits::accept_id(Usage& usage, std::string_view id, net::Time now) const {
  if (wrong_.any_number_of_ids) return true;
  if (usage.ids() != 0 && now - usage.day_began >= kDay) {
    usage.day_began = kNever;
    usage.more_ids.reset();
  }
  const auto hash = static_cast<std::uint32_t>(std::hash<std::string_view>()(id));
  if (usage.ids() >= 1 && usage.first_id == hash) return true;
  auto& more = usage.more_ids;
  if (more && std::find(more->begin(), more->end(), hash) != more->end()) return true;
  if (usage.ids() >= static_cast<std::size_t>(limits_.ids_per_address)) return false;
  if (usage.ids() == 0) {
    usage.day_began = now;
    usage.first_id = hash;
    return true;
  }
  if (!more) more = std::make_unique<std::vector<std::uint32_t>>();
  more->push_back(hash);
  return true;
}

std::size_t AddressLimits::Usage::ids() const {
  if (day_began == kNever) return 0;
  return 1 + (more_ids ? more_ids->size() : 0);
}

std::vector<AddressLimits::Count> AddressLimits::counts() const {
  std::vector<Count> counts;
  counts.reserve(usages_.size());
  for (const auto& [address, usage] : usages_)
    counts.push_back({address, usage.in_a_row, usage.ids(), usage.last});
  std::sort(counts.begin(), counts.end(),
            [](const Count& a, const Count& b) { return a.address < b.address; });
  return counts;
}

void AddressLimits::purge(net::Time now) {
  std::erase_if(usages_, [&](const auto& entry) { return now - entry.second.last > kDay; });
}

void AddressLimits::make_room(net::Time now) {
  std::erase_if(
      usages_, [&](const auto& entry) { return now - entry.second.last >= limits_.address_pause; });
  // A flood of forged sources: serving some of them too often does less harm than growing.
  if (usages_.size() >= kMostAddresses) usages_.clear();
}

}  // namespace deskcheck::server
