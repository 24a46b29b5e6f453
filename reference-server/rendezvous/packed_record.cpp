#include "reference-server/rendezvous/packed_record.hpp"

#include <cstdint>
#include <cstring>

namespace deskcheck::server {

namespace {

// Seven bits per byte, the lowest first; all bytes but the last have the eighth bit. Nearly every
// length fits into one.
void append_length(std::string& block, std::size_t length) {
  for (; length >= 0x80; length >>= 7) block += static_cast<char>(0x80 | (length & 0x7F));
  block += static_cast<char>(length);
}

std::size_t read_length(const char*& at) {
  std::size_t length = 0;
  for (int shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(*at++);
    length |= static_cast<std::size_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return length;
  }
}

}  // namespace

PackedRecord::PackedRecord(const PeerRecord& record) {
  std::string block;
  for (const auto* part : {&record.id, &record.uuid, &record.pk, &record.address}) {
    append_length(block, part->size());
    block += *part;
  }
  block_ = std::make_unique_for_overwrite<char[]>(block.size());
  std::memcpy(block_.get(), block.data(), block.size());
}

std::string_view PackedRecord::part(int number) const {
  if (!block_) return {};
  const char* at = block_.get();
  for (int i = 0;; ++i) {
    const auto length = read_length(at);
    if (i == number) return {at, length};
    at += length;
  }
}

PeerRecord PackedRecord::unpacked() const {
  return {std::string(id()), std::string(uuid()), std::string(pk()), std::string(address())};
}

}  // namespace deskcheck::server
