// Where the HTTP API keeps what the operator says of devices: whose they are, in which groups, with
// which options. What is acknowledged survives the end of the process. What belongs to an account,
// a group or a strategy ends with it.
#pragma once

#include <boost/system/result.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::server {

// What the operator says of one device.
struct DeviceCard {
  std::string id;
  std::string owner;  // a stored account; empty: nobody has been named
  std::string note;
  // Shown in place of what the device reports; empty: what it reports.
  std::string username, device_name;

  DeviceCard() = default;
  bool operator==(const DeviceCard&) const = default;
};

struct DeviceGroupRecord {
  std::string name;
  std::set<std::string> devices;  // ids, also of devices that are not there yet
  std::set<std::string> members;  // stored accounts

  DeviceGroupRecord() = default;
  bool operator==(const DeviceGroupRecord&) const = default;
};

// Options that are set on devices.
struct StrategyRecord {
  std::string name;
  std::map<std::string, std::string> config_options, extra;

  StrategyRecord() = default;
  bool operator==(const StrategyRecord&) const = default;
};

enum class AssignedTo { device, device_group, user };

struct Assignment {
  AssignedTo to = AssignedTo::device;
  std::string target;    // an id; a stored group; a stored account
  std::string strategy;  // a stored one

  Assignment() = default;
  bool operator==(const Assignment&) const = default;
};

// What a device was told last, or will be: with it goes the time that it is known by.
struct PushRecord {
  std::string device;
  std::int64_t modified_at = 0;  // never 0
  StrategyRecord strategy;       // with the options that are to be reset, as ""

  PushRecord() = default;
  bool operator==(const PushRecord&) const = default;
};

class FleetStore {
 public:
  template <class T>
  using Result = boost::system::result<T>;

  virtual ~FleetStore() = default;
  // Finding: nothing if it is not there. Lists: by name or id.
  virtual Result<std::optional<DeviceCard>> find_card(std::string_view id) = 0;
  virtual Result<void> put_card(const DeviceCard& card) = 0;
  // Of one owner, or with an empty name all.
  virtual Result<std::vector<DeviceCard>> cards_of(std::string_view owner) = 0;

  virtual Result<std::optional<DeviceGroupRecord>> find_group(std::string_view name) = 0;
  virtual Result<void> put_group(const DeviceGroupRecord& group) = 0;
  virtual Result<void> remove_group(std::string_view name) = 0;
  virtual Result<std::vector<DeviceGroupRecord>> groups() = 0;
  virtual Result<std::vector<std::string>> groups_of_device(std::string_view id) = 0;
  virtual Result<std::vector<std::string>> groups_of_member(std::string_view account) = 0;

  virtual Result<std::optional<StrategyRecord>> find_strategy(std::string_view name) = 0;
  virtual Result<void> put_strategy(const StrategyRecord& strategy) = 0;
  virtual Result<void> remove_strategy(std::string_view name) = 0;
  virtual Result<std::vector<StrategyRecord>> strategies() = 0;
  // The name of a strategy; empty: there is none.
  virtual Result<std::string> assigned(AssignedTo to, std::string_view target) = 0;
  // In place of the one before; without a strategy: takes it away.
  virtual Result<void> assign(const Assignment& assignment) = 0;
  virtual Result<std::vector<Assignment>> assignments() = 0;

  virtual Result<std::optional<PushRecord>> find_push(std::string_view device) = 0;
  virtual Result<void> put_push(const PushRecord& push) = 0;
};

}  // namespace deskcheck::server
