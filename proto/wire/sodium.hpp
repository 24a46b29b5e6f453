// Internal to proto/wire: libsodium made ready, and our strings as the bytes that it takes.
// Its own random generator must never be used here: keys come from net::Random.
#pragma once

#include <sodium.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace deskcheck::wire {

// Before any other call into libsodium; cheap and harmless when repeated, from any thread.
inline void ready_sodium() {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be initialised");
}

inline const unsigned char* octets(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
inline unsigned char* octets(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

}  // namespace deskcheck::wire
