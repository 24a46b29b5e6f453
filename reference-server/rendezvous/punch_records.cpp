#include "reference-server/rendezvous/punch_records.hpp"

#include <algorithm>

namespace deskcheck::server {

namespace {

constexpr auto kOncePer = std::chrono::seconds(60);
constexpr std::size_t kMostRecords = 10'000;
constexpr std::size_t kLongestId = 100;  // bytes; people read it, and peers choose it

std::string key(const PunchRecord& record) { return record.from + ' ' + record.id; }

// A line of the list must stay a line.
std::string readable(std::string id) {
  id.resize(std::min(id.size(), kLongestId));
  std::replace_if(id.begin(), id.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, '?');
  return id;
}

}  // namespace

void PunchRecords::add(const boost::asio::ip::address& from, const std::string& id,
                       const boost::asio::ip::address& to, net::Time now) {
  PunchRecord record{now, from.to_string(), readable(id), to.to_string()};
  const auto last = last_.find(key(record));
  const bool again = last != last_.end() && now - last->second < kOncePer;
  if (again && !wrong_.records_every_punch) return;
  if (records_.size() == kMostRecords) {
    const auto oldest = last_.find(key(records_.front()));
    if (oldest != last_.end() && oldest->second == records_.front().at) last_.erase(oldest);
    records_.pop_front();
  }
  last_[key(record)] = now;
  records_.push_back(std::move(record));
}

void PunchRecords::clear() {
  records_.clear();
  last_.clear();
}

}  // namespace deskcheck::server
