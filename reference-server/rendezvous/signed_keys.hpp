// The signed keys of devices that were asked for before. A signature costs a tenth of a whole punch
// hole, and equal inputs give equal signatures (Ed25519), so those of busy devices are kept.
// Holds nothing that cannot be made again, and never more than kMost of it.
#pragma once

#include "proto/wire/identity.hpp"

#include <string>
#include <unordered_map>

namespace deskcheck::server {

class SignedKeys {
 public:
  static constexpr std::size_t kMost = 4096;  // devices; about 300 bytes each

  // What wire::sign_identity gives. Always called with the same signer.
  std::string sign(const std::string& id, const std::string& pk, const wire::KeyPair& signer) {
    if (kept_.size() >= kMost && !kept_.contains(id)) kept_.clear();
    Entry& entry = kept_[id];
    if (entry.pk != pk || entry.identity.empty()) {
      entry.pk = pk;
      entry.identity = wire::sign_identity(id, pk, signer);
    }
    return entry.identity;
  }
  std::size_t size() const { return kept_.size(); }

 private:
  struct Entry {
    std::string pk, identity;
  };
  std::unordered_map<std::string, Entry> kept_;
};

}  // namespace deskcheck::server
