// A token bucket: what may pass, and how long the rest has to wait. Knows no clock, waits for
// nothing.
#pragma once

#include "proto/net/time.hpp"

#include <algorithm>

namespace deskcheck::server {

class TokenBucket {
 public:
  // In Mb/s of 1048576 bits. What passes at once is a tenth of a second's worth.
  explicit TokenBucket(double rate) : rate_(rate), tokens_(room()) {}

  void set_rate(double rate) {
    rate_ = rate;
    tokens_ = std::min(tokens_, room());
  }
  double rate() const { return rate_; }
  // Lets `bytes` pass, after the time that it returns: who takes more than there is leaves a debt.
  net::Duration take(std::size_t bytes, net::Time now) {
    const std::chrono::duration<double> passed = now - last_;
    last_ = now;
    tokens_ = std::min(tokens_ + passed.count() * per_second(), room());
    tokens_ -= 8.0 * static_cast<double>(bytes);
    if (tokens_ >= 0) return net::Duration::zero();
    const std::chrono::duration<double> wait(std::min(-tokens_ / per_second(), kLongest));
    return std::chrono::duration_cast<net::Duration>(wait);
  }

 private:
  static constexpr double kLongest = 86400;  // seconds
  double per_second() const { return rate_ * 1024 * 1024; }
  double room() const { return per_second() / 10; }

  double rate_;
  double tokens_;  // bits
  net::Time last_{};
};

}  // namespace deskcheck::server
