// Time as the product sees it. A Clock belongs to a world; there is no static now(), so nothing
// can read a wall clock by accident. Alarms are the only way to wait: sleeps, deadlines, packets in
// flight and simulated segments are all alarms in one queue, in both worlds.
#pragma once

#include <boost/intrusive/set.hpp>

#include <chrono>
#include <cstdint>
#include <functional>

namespace deskcheck::net {

struct WorldTime {
  using rep = std::int64_t;
  using period = std::nano;
  using duration = std::chrono::duration<rep, period>;
  using time_point = std::chrono::time_point<WorldTime>;
  static constexpr bool is_steady = true;
};
using Time = WorldTime::time_point;
using Duration = WorldTime::duration;

class Clock;

// Rings once. A member of whatever waits: it leaves the queue when it is destroyed, so a pending
// event can never refer to something dead. Not movable for the same reason.
class Alarm : public boost::intrusive::set_base_hook<
                  boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  explicit Alarm(std::function<void()> ring) : ring_(std::move(ring)) {}
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  bool armed() const { return is_linked(); }
  void disarm() { unlink(); }
  // Equal times ring in the order in which they were armed: that is what makes runs repeatable.
  friend bool operator<(const Alarm& a, const Alarm& b) {
    return a.at_ != b.at_ ? a.at_ < b.at_ : a.sequence_ < b.sequence_;
  }

 private:
  friend class Clock;
  std::function<void()> ring_;
  Time at_{};
  std::uint64_t sequence_ = 0;
};

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
  void arm(Alarm& alarm, Time at);

 protected:
  bool idle() const { return queue_.empty(); }
  Time next() const { return queue_.begin()->at_; }
  void ring_first();
  // The real clock moves its one kernel timer here.
  virtual void first_changed() {}

 private:
  boost::intrusive::set<Alarm, boost::intrusive::constant_time_size<false>> queue_;
  std::uint64_t armed_ = 0;
};

}  // namespace deskcheck::net
