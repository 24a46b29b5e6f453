#include "reference-server/rendezvous/devices.hpp"

#include <algorithm>

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

Device* Devices::put_without_key(const std::string& id) {
  Device& device = devices_[key(id)];
  device.record.id = id;
  return &device;
}

bool Devices::online(const Device* device, net::Time now) const {
  if (!device) return false;
  if (!device->registered) return false;
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
