// How much goes through one relayed session. Limits nothing.
#pragma once

#include "proto/net/endpoint.hpp"
#include "proto/net/time.hpp"

namespace deskcheck::server {

class RelayMeter {
 public:
  // `party`: the second one, by which the operator's console names the session.
  RelayMeter(net::Endpoint party, net::Time now)
      : party_(std::move(party)), began_(now), second_began_(now) {}

  void add(std::size_t bytes, net::Time now) {
    total_ += 8.0 * static_cast<double>(bytes);
    since_ += 8.0 * static_cast<double>(bytes);
    look(now);
  }

  struct Usage {
    net::Endpoint party;
    net::Duration age;
    double bits;                       // in all
    double highest, average, current;  // kb/s, 1 kb = 1000 bits; of whole seconds
  };
  Usage usage(net::Time now) {
    look(now);
    const auto age = now - began_;
    return {party_, age, total_, highest_, rate(total_, age), current_};
  }

 private:
  static double rate(double bits, net::Duration time) {
    return time <= net::Duration::zero()
               ? 0
               : bits / std::chrono::duration<double, std::milli>(time).count();
  }
  void look(net::Time now) {
    if (now - second_began_ < std::chrono::seconds(1)) return;
    current_ = rate(since_, now - second_began_);
    if (current_ > highest_) highest_ = current_;
    since_ = 0;
    second_began_ = now;
  }

  net::Endpoint party_;
  net::Time began_, second_began_;
  double total_ = 0, since_ = 0;  // bits
  double highest_ = 0, current_ = 0;
};

}  // namespace deskcheck::server
