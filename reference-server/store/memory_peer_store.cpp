#include "reference-server/store/memory_peer_store.hpp"

namespace deskcheck::server {

boost::system::result<std::optional<PeerRecord>> MemoryPeerStore::find(std::string_view id) {
  auto found = records_.find(std::string(id));
  if (found == records_.end()) return std::optional<PeerRecord>();
  return std::optional<PeerRecord>(found->second);
}

boost::system::result<void> MemoryPeerStore::put(const PeerRecord& record) {
  records_.insert_or_assign(record.id, record);
  return {};
}

boost::system::result<void> MemoryPeerStore::rename(std::string_view old_id,
                                                    const PeerRecord& record) {
  records_.erase(std::string(old_id));
  return put(record);
}

}  // namespace deskcheck::server
