#include "proto/net/random.hpp"

#include <sys/random.h>

#include <cstring>
#include <exception>

namespace deskcheck::net {

Random Random::system() {
  Random random(0);
  random.system_ = true;
  return random;
}

std::uint64_t Random::next() {
  if (system_) {
    std::uint64_t value = 0;
    if (::getrandom(&value, sizeof value, 0) != sizeof value) std::terminate();
    return value;
  }
  std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);  // splitmix64
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

std::string Random::bytes(std::size_t n) {
  std::string text(n, '\0');
  for (std::size_t i = 0; i < n; i += sizeof(std::uint64_t)) {
    const std::uint64_t value = next();
    std::memcpy(text.data() + i, &value, n - i < sizeof value ? n - i : sizeof value);
  }
  return text;
}

Random Random::fork(std::string_view name) const {
  if (system_) return system();
  std::uint64_t h = state_ ^ 0xcbf29ce484222325;
  for (char c : name) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return Random(h);
}

}  // namespace deskcheck::net
