// What devices tell the API of themselves, and what the operator tells them: forced uploads and
// connections to end. A device is an id with its uuid: who comes with another uuid hears nothing.
// Options that are set on devices are those of Strategies. Sans-IO; what devices report is stored,
// what the operator wants of them lives as long as the server. Source of the rules: http-api.md
// chapter 5.
#pragma once

#include "proto/api/heartbeat.hpp"
#include "proto/api/sysinfo.hpp"
#include "reference-server/options.hpp"
#include "reference-server/store/api_store.hpp"

#include <set>
#include <unordered_map>

namespace deskcheck::server::api {

// The uuid, as bytes, with which the id is registered at the rendezvous port; nothing if it is not.
using RegisteredUuid =
    std::function<boost::system::result<std::optional<std::string>>(const std::string& id)>;

class Devices {
 public:
  enum class Taken { updated, foreign, full, storage_fails };

  // `options` and `store` outlive the devices.
  Devices(const Options& options, ApiStore& store, net::Random random, RegisteredUuid registered);

  struct Heard {
    bool from_device = false;  // it is known, and this is its uuid
    http_api::HeartbeatAnswer answer;

    Heard() = default;
  };
  Heard on(const http_api::Heartbeat& heartbeat, const boost::asio::ip::address& from,
           net::Time now);
  Taken on(const http_api::Sysinfo& sysinfo, net::Time now);
  // Another text means: upload everything again. Never empty, the same after a restart.
  const std::string& version() const { return version_; }

  // The operator's side. False: no such device, or it has no such connection.
  // Whether an id and a uuid may be those of one device: nothing says otherwise.
  bool may_be(const std::string& id, const std::string& uuid) {
    return owner(id, uuid, find(id)) != Owner::no;
  }
  bool knows(const std::string& id) { return find(id) != nullptr; }
  // Until the connection is no more among those that the device reports.
  bool disconnect(const std::string& id, std::int32_t connection);
  // Until it has arrived.
  bool ask_for_sysinfo(const std::string& id);
  void ask_all_for_sysinfo();
  // A heartbeat may be late by all that a client waits for an answer.
  bool online(const std::string& id, net::Time now);
  std::vector<std::int32_t> connections(const std::string& id);
  // From where its last heartbeat came; empty: there was none since the server started.
  std::string address(const std::string& id);

 private:
  struct Device {
    std::string uuid;  // base64
    bool wants_sysinfo = false;
    int answered_round = 0;
    std::optional<net::Time> seen;
    boost::asio::ip::address from;  // then
    std::vector<std::int32_t> conns;
    std::set<std::int32_t> disconnect;
  };
  enum class Owner { yes, no, unknown };

  Device* find(const std::string& id);
  Owner owner(const std::string& id, const std::string& uuid, const Device* device) const;
  void tell_disconnects(Device& device, http_api::HeartbeatAnswer& answer) const;
  void new_version();

  const Options& options_;
  const WrongApi& wrong_;
  ApiStore& store_;
  net::Random random_;
  RegisteredUuid registered_;
  std::unordered_map<std::string, Device> devices_;  // of those in the store
  int stored_ = 0;
  int round_ = 0;  // how often all devices were asked for their sysinfo
  std::string version_;
};

}  // namespace deskcheck::server::api
