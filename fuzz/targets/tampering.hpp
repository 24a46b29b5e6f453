// Bytes that do not arrive as they were sent.
#pragma once

#include "fuzz/inputs/inputs.pb.h"

#include <string>

namespace deskcheck::fuzz {

inline std::string tampered(std::string bytes, const Tampering& tampering) {
  if (!tampering.replacement().empty()) bytes = tampering.replacement();
  bytes.resize(bytes.size() - std::min<std::size_t>(bytes.size(), tampering.cut()));
  bytes += tampering.appended();
  if (tampering.flipped_bit() != 0 && !bytes.empty()) {
    const std::size_t bit = (tampering.flipped_bit() - 1) % (8 * bytes.size());
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ 1 << bit % 8);
  }
  return bytes;
}

}  // namespace deskcheck::fuzz
