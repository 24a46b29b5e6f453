#include "reference-server/rendezvous/devices.hpp"

#include <algorithm>
#include <utility>

namespace deskcheck::server {

namespace {

constexpr auto kOnlineFor = std::chrono::seconds(30);

std::string in_lower_case(std::string_view id) {
  std::string lower(id);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

}  // namespace

std::size_t Devices::HashOfId::operator()(std::string_view id) const {
  return any_case ? std::hash<std::string>()(in_lower_case(id)) : std::hash<std::string_view>()(id);
}

bool Devices::SameId::operator()(std::string_view a, std::string_view b) const {
  return any_case ? in_lower_case(a) == in_lower_case(b) : a == b;
}

Device* Devices::in_memory(std::string_view id) {
  const auto found = devices_.find(id);
  return found == devices_.end() ? nullptr : found->get();
}

Device& Devices::remember(const std::string& id) {
  if (Device* known = in_memory(id)) return *known;
  auto made = std::make_unique<Device>();
  made->record = PackedRecord(PeerRecord{id, {}, {}, {}});
  return **devices_.insert(std::move(made)).first;
}

boost::system::result<Device*> Devices::find(const std::string& id) {
  if (Device* device = in_memory(id)) return device;
  auto stored = store_.find(wrong_.ids_case_insensitive ? in_lower_case(id) : id);
  if (!stored) {
    note_failure("read", stored.error());
    return stored.error();
  }
  if (!*stored) return nullptr;
  Device& device = remember(id);
  device.record = PackedRecord(**stored);
  return &device;
}

boost::system::result<Device*> Devices::put(const PeerRecord& record) {
  if (!wrong_.forgets_on_restart) {
    auto stored = store_.put(record);
    if (!stored) note_failure("write", stored.error());
    if (!stored && !wrong_.hides_storage_failure) return stored.error();
  }
  if (batch_) put_.push_back(record.id);
  Device& device = remember(record.id);
  device.record = PackedRecord(record);
  return &device;
}

void Devices::begin() {
  store_.begin();
  batch_ = true;
}

bool Devices::commit() {
  batch_ = false;
  const auto put = std::exchange(put_, {});
  const auto stored = store_.commit();
  if (stored) return true;
  note_failure("write", stored.error());
  if (wrong_.hides_storage_failure) return true;
  for (const auto& id : put) forget(id);
  return false;
}

// The store is asked for it from now on.
void Devices::forget(const std::string& id) {
  const Device* device = in_memory(id);
  if (!device) return;
  attached_.erase(device->connection);
  devices_.erase(id);
}

boost::system::result<void> Devices::rename(Device& device, const std::string& id) {
  PeerRecord record = device.record.unpacked();
  const std::string old = std::exchange(record.id, id);
  auto stored = store_.rename(old, record);
  if (!stored) {
    note_failure("rename", stored.error());
    return stored.error();
  }
  const auto found = devices_.find(old);
  auto renamed = std::make_unique<Device>(std::move(device));
  renamed->record = PackedRecord(record);
  if (renamed->connection != 0) attached_[renamed->connection] = id;
  devices_.erase(found);
  devices_.erase(id);
  devices_.insert(std::move(renamed));
  return {};
}

Device* Devices::put_without_key(const std::string& id) { return &remember(id); }

ConnectionId Devices::attach(Device& device, ConnectionId connection) {
  const auto before = std::exchange(device.connection, connection);
  if (before == connection) return 0;
  attached_.erase(before);
  if (connection == 0) return before;
  // One connection, one device: who registers another id on it has given the first one up.
  closed(connection);
  device.connection = connection;
  attached_[connection] = device.record.id();
  return before;
}

void Devices::closed(ConnectionId connection) {
  const auto attached = attached_.find(connection);
  if (attached == attached_.end()) return;
  Device* device = in_memory(attached->second);
  const bool is_its_own = device && device->connection == connection;
  if (is_its_own && !wrong_.closed_device_stays_online) {
    device->connection = 0;
    device->registered.reset();
  }
  attached_.erase(attached);
}

bool Devices::online(const Device* device, net::Time now) const {
  if (!device) return false;
  if (!device->registered) return false;
  if (device->connection != 0) return !wrong_.registration_over_tcp_is_no_presence;
  if (wrong_.never_offline) return true;
  if (wrong_.offline_too_early) return now - *device->registered < kOnlineFor / 3;
  return now - *device->registered < kOnlineFor;
}

void Devices::note_failure(const char* what, const boost::system::error_code& error) const {
  if (options_.log) options_.log(std::string("cannot ") + what + " a device: " + error.message());
}

}  // namespace deskcheck::server
