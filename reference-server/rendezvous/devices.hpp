// The devices that the server knows: who is registered, where, since when. Memory over a PeerStore:
// what the store knows of former runs is known, but not online. Sends nothing, decides no answers.
#pragma once

#include "proto/net/endpoint.hpp"
#include "reference-server/rendezvous/origin.hpp"
#include "reference-server/rendezvous/packed_endpoint.hpp"
#include "reference-server/rendezvous/packed_record.hpp"
#include "reference-server/rendezvous/registration_limits.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace deskcheck::server {

// There may be a million of them: every byte counts.
struct Device {
  PackedRecord record;
  PackedEndpoint at;                    // where it registered from; datagrams go there
  ConnectionId connection = 0;          // carries its pushes as long as it lives; 0: datagrams do
  std::optional<net::Time> registered;  // the last accepted registration since the server started
  IdLimit limit;
  bool has_key() const { return !record.pk().empty(); }
};

class Devices {
 public:
  // Both outlive the devices. Failures of the store are also told to the operator.
  Devices(PeerStore& store, const Options& options)
      : store_(store),
        options_(options),
        wrong_(options.faults.policies),
        devices_(0, HashOfId{wrong_.ids_case_insensitive}, SameId{wrong_.ids_case_insensitive}) {}

  // Nothing unless the device was registered, or looked up, since the server started.
  Device* in_memory(std::string_view id);
  // Also looks into the store: null if the id was never registered; an error if the storage fails.
  boost::system::result<Device*> find(const std::string& id);
  // Stores `record`, then, only if that went well, remembers it. What else is known of the device
  // stays.
  boost::system::result<Device*> put(const PeerRecord& record);
  // From here on put() need not be stored when it returns, but when commit() has returned true.
  // False: nothing of it is remembered either.
  void begin();
  bool commit();
  // The same device under another id, which it takes from whoever has it. Nothing has changed after
  // an error.
  boost::system::result<void> rename(Device& device, const std::string& id);
  // What a wrong server remembers of RegisterPeer alone.
  Device* put_without_key(const std::string& id);
  // From now on `connection` is the presence of `device`; 0: its datagrams are. Returns the
  // connection that was it until now, 0 for none.
  ConnectionId attach(Device& device, ConnectionId connection);
  // The device that this connection was the presence of is offline.
  void closed(ConnectionId connection);
  // Registered less than 30 s ago, or on a connection that lives. `device` may be null.
  bool online(const Device* device, net::Time now) const;

 private:
  using Owned = std::unique_ptr<Device>;
  struct HashOfId {
    using is_transparent = void;
    using is_avalanching = void;  // std::hash mixes all bits
    bool any_case;
    std::size_t operator()(std::string_view id) const;
    std::size_t operator()(const Owned& device) const { return (*this)(device->record.id()); }
  };
  struct SameId {
    using is_transparent = void;
    bool any_case;
    bool operator()(std::string_view a, std::string_view b) const;
    bool operator()(std::string_view a, const Owned& b) const { return (*this)(a, b->record.id()); }
    bool operator()(const Owned& a, std::string_view b) const { return (*this)(a->record.id(), b); }
    bool operator()(const Owned& a, const Owned& b) const { return (*this)(a, b->record.id()); }
  };
  void forget(const std::string& id);
  // Makes it if it is not there.
  Device& remember(const std::string& id);
  void note_failure(const char* what, const boost::system::error_code& error) const;

  PeerStore& store_;
  const Options& options_;
  const WrongPolicies& wrong_;
  boost::unordered_flat_set<Owned, HashOfId, SameId> devices_;
  std::unordered_map<ConnectionId, std::string> attached_;  // ids
  bool batch_ = false;                                      // between begin() and commit()
  std::vector<std::string> put_;                            // ids, since begin()
};

}  // namespace deskcheck::server
