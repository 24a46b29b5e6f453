// Randomness of a world. A seeded source repeats a run; the system's source makes keys that last.
// std:: distributions differ between libraries, so ranges are made here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace deskcheck::net {

class Random {
 public:
  // Equal seeds give equal draws, on every machine.
  explicit Random(std::uint64_t seed) : state_(seed) {}
  // The kernel's generator: unpredictable, for keys and tokens of a server that is used for real.
  static Random system();

  std::uint64_t next();
  // 0 ... n-1; 0 when n is 0.
  std::uint64_t below(std::uint64_t n) { return n == 0 ? 0 : next() % n; }
  bool chance(double p) { return p > 0 && static_cast<double>(next() >> 11) * 0x1p-53 < p; }
  // `n` random bytes.
  std::string bytes(std::size_t n);

  // An independent source for a named user: one more draw in one place does not move the others.
  Random fork(std::string_view name) const;

 private:
  std::uint64_t state_ = 0;
  bool system_ = false;
};

}  // namespace deskcheck::net
