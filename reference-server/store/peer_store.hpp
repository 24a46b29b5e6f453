// Where registered devices are kept. What put() has acknowledged survives the end of the process.
#pragma once

#include <boost/system/result.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace deskcheck::server {

// A registered device as it is kept over restarts.
struct PeerRecord {
  std::string id;       // compared byte for byte
  std::string uuid;     // opaque
  std::string pk;       // Ed25519 public key, as sent
  std::string address;  // the IP of the last accepted RegisterPk, text form
};

class PeerStore {
 public:
  virtual ~PeerStore() = default;
  // Nothing if the id was never registered; an error if the storage fails.
  virtual boost::system::result<std::optional<PeerRecord>> find(std::string_view id) = 0;
  // Inserts or replaces. Durable when it returns without error.
  virtual boost::system::result<void> put(const PeerRecord& record) = 0;
  // From here on what put() has taken is durable only when commit() has returned without error;
  // after an error nothing of it may be there. Waiting for a disk once is much cheaper than once
  // for each. Nothing is renamed in between.
  virtual void begin() {}
  virtual boost::system::result<void> commit() { return {}; }
  // put(record), and `old_id` is unknown from now on: both or nothing. Durable when it returns
  // without error.
  virtual boost::system::result<void> rename(std::string_view old_id, const PeerRecord& record) = 0;
};

}  // namespace deskcheck::server
