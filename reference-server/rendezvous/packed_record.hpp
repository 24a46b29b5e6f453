// A PeerRecord as memory keeps it, once for each of very many devices: one block of exactly the
// bytes that it needs. Four strings of their own would take three times as much.
#pragma once

#include "reference-server/store/peer_store.hpp"

#include <memory>

namespace deskcheck::server {

class PackedRecord {
 public:
  PackedRecord() = default;  // every part is empty
  explicit PackedRecord(const PeerRecord& record);

  // Valid as long as this record is not assigned to.
  std::string_view id() const { return part(0); }
  std::string_view uuid() const { return part(1); }
  std::string_view pk() const { return part(2); }
  std::string_view address() const { return part(3); }
  PeerRecord unpacked() const;

 private:
  std::string_view part(int number) const;

  std::unique_ptr<char[]> block_;  // each part's length, then its bytes
};

}  // namespace deskcheck::server
