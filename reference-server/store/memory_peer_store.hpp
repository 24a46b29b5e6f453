// A store for tests and for servers that need to remember nothing: it lives as long as its owner,
// so a server that is started again on it knows its devices.
#pragma once

#include "reference-server/store/peer_store.hpp"

#include <unordered_map>

namespace deskcheck::server {

class MemoryPeerStore final : public PeerStore {
 public:
  boost::system::result<std::optional<PeerRecord>> find(std::string_view id) override;
  boost::system::result<void> put(const PeerRecord& record) override;
  boost::system::result<void> rename(std::string_view old_id, const PeerRecord& record) override;

 private:
  std::unordered_map<std::string, PeerRecord> records_;
};

}  // namespace deskcheck::server
