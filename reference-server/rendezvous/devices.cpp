#include "reference-server/rendezvous/devices.hpp"

#include <algorithm>
#include <utility>

namespace deskcheck::server {

namespace {

constexpr auto kOnlineFor = std::chrono::seconds(30);

}  // namespace

Device* Devices::in_memory(const std::string& id) {
  auto found = wrong_.ids_case_insensitive ? devices_.find(key(id)) : devices_.find(id);
  return found == devices_.end() ? nullptr : &found->second;
}

boost::system::result<Device*> Devices::find(const std::string& id) {
  if (Device* device = in_memory(id)) return device;
  auto stored = store_.find(key(id));
  if (!stored) {
    note_failure("read", stored.error());
    return stored.error();
  }
  if (!*stored) return nullptr;
  Device& device = devices_[key(id)];
  device.record = std::move(**stored);
  return &device;
}

boost::system::result<Device*> Devices::put(const PeerRecord& record) {
  if (!wrong_.forgets_on_restart) {
    auto stored = store_.put(record);
    if (!stored) note_failure("write", stored.error());
    if (!stored && !wrong_.hides_storage_failure) return stored.error();
  }
  Device& device = devices_[key(record.id)];
  device.record = record;
  return &device;
}

boost::system::result<void> Devices::rename(Device& device, const std::string& id) {
  const std::string old = device.record.id;
  PeerRecord record = device.record;
  record.id = id;
  auto stored = store_.rename(old, record);
  if (!stored) {
    note_failure("rename", stored.error());
    return stored.error();
  }
  devices_.erase(key(id));
  auto node = devices_.extract(key(old));
  node.key() = key(id);
  node.mapped().record.id = id;
  if (node.mapped().connection != 0) attached_[node.mapped().connection] = id;
  devices_.insert(std::move(node));
  return {};
}

Device* Devices::put_without_key(const std::string& id) {
  Device& device = devices_[key(id)];
  device.record.id = id;
  return &device;
}

ConnectionId Devices::attach(Device& device, ConnectionId connection) {
  const auto before = std::exchange(device.connection, connection);
  if (before == connection) return 0;
  attached_.erase(before);
  if (connection == 0) return before;
  // One connection, one device: who registers another id on it has given the first one up.
  closed(connection);
  device.connection = connection;
  attached_[connection] = device.record.id;
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

std::string Devices::key(const std::string& id) const {
  std::string key = id;
  if (wrong_.ids_case_insensitive)
    std::transform(key.begin(), key.end(), key.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
  return key;
}

}  // namespace deskcheck::server
