// Which options a device has to have, and since when. One strategy is in effect for a device: the
// one assigned to it, else to a group that it is in (the first by name that has one), else to its
// owner. The one place where that is decided: whatever changes, the next question finds out, and
// what was found out is stored with its time before anybody hears of it. A time never comes again.
// Sans-IO.
// Source of the rules: http-api.md sections 5.1 and 5.4.
#pragma once

#include "reference-server/api/accessible.hpp"

#include <set>

namespace deskcheck::server::api {

class Strategies {
 public:
  template <class T>
  using Result = boost::system::result<T>;

  // All of them outlive the strategies.
  Strategies(const Options& options, ApiStore& store, Accessible& accessible);

  // Adds what a device has to be told; nothing while the storage fails.
  void tell(const http_api::Heartbeat& heartbeat, net::Time now, http_api::HeartbeatAnswer& answer);
  // What is in effect for a device, with the options that are to be reset; modified_at is 0 if
  // there never was anything.
  Result<PushRecord> of(const std::string& device, net::Time now);

  // Something has changed that a strategy may depend on: of one device, or of any.
  void changed(const std::string& device) { found_.erase(device); }
  void changed() { ++generation_; }
  // It has uploaded what it is. A server that is right tells it nothing more for that.
  void uploaded(const std::string& device);

 private:
  struct Found {
    std::uint64_t generation = 0;
    std::int64_t modified_at = 0;
  };
  Result<StrategyRecord> in_effect(const std::string& device);
  Result<std::string> name_in_effect(const std::string& device);
  Result<PushRecord> find_out(const std::string& device, net::Time now);
  // Of a wrong server, when it starts.
  void forget_assignments();
  // What a wrong server does not notice.
  bool overlooks(const PushRecord& before, const StrategyRecord& now_in_effect) const;
  FleetStore& fleet() { return store_.fleet(); }

  const Options& options_;
  const WrongApi& wrong_;
  ApiStore& store_;
  Accessible& accessible_;
  std::uint64_t generation_ = 1;
  std::unordered_map<std::string, Found> found_;  // of devices that have asked
  std::set<std::string> uploaded_;                // whom a wrong server tells once more
};

}  // namespace deskcheck::server::api
