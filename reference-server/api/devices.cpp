#include "reference-server/api/devices.hpp"

#include "proto/wire/keys.hpp"

#include <algorithm>

namespace deskcheck::server::api {

using namespace std::chrono_literals;

namespace {

constexpr const char* kVersion = "sysinfo-version";
// A heartbeat comes every 15 s at least; a client waits 12 s for an answer, and then up to 36 s for
// the same through the tunnel (HTTP-HB-13).
constexpr net::Duration kOnline = 15s + 12s + 36s;

bool contains(const std::vector<std::int32_t>& list, std::int32_t number) {
  return std::ranges::find(list, number) != list.end();
}

}  // namespace

Devices::Devices(const Options& options, ApiStore& store, net::Random random,
                 RegisteredUuid registered)
    : options_(options),
      wrong_(options.faults.policies),
      store_(store),
      random_(random),
      registered_(std::move(registered)) {
  const auto known = store_.find_setting(kVersion);
  if (known && *known)
    version_ = **known;
  else
    new_version();
  const auto stored = store_.count_reports();
  stored_ = stored ? *stored : 0;
}

// If it cannot be stored, devices upload once more after a restart.
void Devices::new_version() {
  version_ = wire::to_base64(random_.bytes(12));
  (void)store_.put_setting(kVersion, version_);
}

Devices::Device* Devices::find(const std::string& id) {
  const auto known = devices_.find(id);
  if (known != devices_.end()) return &known->second;
  const auto report = store_.find_report(id);
  if (!report || !*report) return nullptr;
  Device device;
  device.uuid = (*report)->uuid;
  return &devices_.emplace(id, std::move(device)).first->second;
}

// Whose id it is at the rendezvous port, his it is here; an id that is not registered belongs to
// whoever reported first.
Devices::Owner Devices::owner(const std::string& id, const std::string& uuid,
                              const Device* device) const {
  if (wrong_.any_uuid_is_answered) return device ? Owner::yes : Owner::unknown;
  const auto registered = registered_(id);
  if (!registered) return Owner::no;
  if (*registered) {
    const auto bytes = wire::from_base64(uuid);
    if (!bytes || *bytes != **registered) return Owner::no;
    // Whoever reported before it was registered was another one.
    return device && device->uuid == uuid ? Owner::yes : Owner::unknown;
  }
  if (!device) return Owner::unknown;
  return device->uuid == uuid ? Owner::yes : Owner::no;
}

Devices::Heard Devices::on(const http_api::Heartbeat& heartbeat,
                           const boost::asio::ip::address& from, net::Time now) {
  Heard heard;
  Device* device = find(heartbeat.id);
  switch (owner(heartbeat.id, heartbeat.uuid, device)) {
    case Owner::no:
      return heard;
    case Owner::unknown:
      heard.answer.sysinfo = true;
      return heard;
    case Owner::yes:
      break;
  }
  heard.from_device = true;
  device->seen = now;
  device->from = from;
  const bool keeps_conns = wrong_.absent_conns_change_nothing && heartbeat.conns.empty();
  if (!keeps_conns) device->conns = heartbeat.conns;
  heard.answer.sysinfo =
      device->wants_sysinfo || device->answered_round != round_ || wrong_.sysinfo_is_asked_for_ever;
  tell_disconnects(*device, heard.answer);
  return heard;
}

// What has ended by itself, or by us, is said no more.
void Devices::tell_disconnects(Device& device, http_api::HeartbeatAnswer& answer) const {
  if (!wrong_.disconnect_has_any_numbers)
    std::erase_if(device.disconnect,
                  [&](std::int32_t number) { return !contains(device.conns, number); });
  answer.disconnect.assign(device.disconnect.begin(), device.disconnect.end());
  if (wrong_.disconnect_is_said_once) device.disconnect.clear();
}

Devices::Taken Devices::on(const http_api::Sysinfo& sysinfo, net::Time) {
  Device* device = find(sysinfo.id);
  if (owner(sysinfo.id, sysinfo.uuid, device) == Owner::no && !wrong_.sysinfo_takes_any_uuid)
    return Taken::foreign;
  if (device && wrong_.sysinfo_is_taken_once) return Taken::foreign;
  if (device && wrong_.sysinfo_goes_by_hostname) {
    const auto before = store_.find_report(sysinfo.id);
    const auto parsed = before && *before ? http_api::parse_sysinfo((*before)->sysinfo)
                                          : std::optional<http_api::Sysinfo>();
    if (parsed && parsed->hostname != sysinfo.hostname) return Taken::foreign;
  }
  if (!device && stored_ >= options_.limits.devices) return Taken::full;
  DeviceReport report;
  report.id = sysinfo.id;
  report.uuid = sysinfo.uuid;
  report.sysinfo = sysinfo.text;
  if (!store_.put_report(report)) return Taken::storage_fails;
  if (!device) {
    ++stored_;
    device = &devices_[sysinfo.id];
  }
  // Nothing that was meant for another one.
  if (device->uuid != sysinfo.uuid) *device = Device();
  device->uuid = sysinfo.uuid;
  device->wants_sysinfo = false;
  device->answered_round = round_;
  return Taken::updated;
}

bool Devices::disconnect(const std::string& id, std::int32_t connection) {
  Device* device = find(id);
  if (!device) return false;
  if (!contains(device->conns, connection) && !wrong_.disconnect_has_any_numbers) return false;
  device->disconnect.insert(connection);
  if (wrong_.disconnect_goes_to_all)
    for (auto& [other, one] : devices_) one.disconnect.insert(connection);
  return true;
}

bool Devices::ask_for_sysinfo(const std::string& id) {
  Device* device = find(id);
  if (device) device->wants_sysinfo = true;
  return device != nullptr;
}

void Devices::ask_all_for_sysinfo() {
  ++round_;
  new_version();
}

bool Devices::online(const std::string& id, net::Time now) {
  const Device* device = find(id);
  const auto patience = wrong_.reported_devices_go_early ? net::Duration(10s) : kOnline;
  return device && device->seen && now - *device->seen <= patience;
}

std::vector<std::int32_t> Devices::connections(const std::string& id) {
  const Device* device = find(id);
  return device ? device->conns : std::vector<std::int32_t>();
}

std::string Devices::address(const std::string& id) {
  const Device* device = find(id);
  return device && device->seen ? device->from.to_string() : std::string();
}

}  // namespace deskcheck::server::api
