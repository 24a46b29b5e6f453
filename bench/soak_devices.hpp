// Devices that register over UDP and stay registered as a real client does: RegisterPeer one
// interval after the last answer, again after 3 s without an answer, RegisterPk when the server
// asks for it (client src/rendezvous_mediator.rs:209-327). Their times are spread evenly.
#pragma once

#include "bench/measures.hpp"
#include "bench/messages.hpp"
#include "bench/statistics.hpp"

#include <functional>
#include <queue>
#include <vector>

namespace deskcheck::bench {

class SoakDevices {
 public:
  // `on_push`: a device was sent a PunchHole.
  SoakDevices(const Load& load, std::function<void(int, const hbb::PunchHole&)> on_push);

  // Takes what has come, sends what is due. To be called often.
  void tick();
  bool registered(int device) const { return at(device).registered; }
  int registered() const { return registered_; }

  std::int64_t answered = 0;   // RegisterPeer: known
  std::int64_t repeated = 0;   // requests without an answer within 3 s; sent again
  std::int64_t given_up = 0;   // four in a row: the client tells its user that it is offline
  std::int64_t forgotten = 0;  // a registered device was asked for its key again
  std::int64_t refused = 0;    // RegisterPk: not OK
  std::int64_t wrong = 0;      // something else

 private:
  struct Device {
    Nanoseconds alarm = 0;
    bool registered = false, waiting = false;
    int failures = 0;  // in a row
  };
  struct Alarm {
    Nanoseconds at;
    int device;
    bool operator>(const Alarm& other) const { return at > other.at; }
  };
  Device& at(int device) { return devices_[static_cast<std::size_t>(device)]; }
  const Device& at(int device) const { return devices_[static_cast<std::size_t>(device)]; }
  void wake(int device, Nanoseconds when);
  // The device's own moment in every interval, the next one after `when`.
  Nanoseconds slot(int device, Nanoseconds when) const;
  void due(int device, Nanoseconds when);
  void take(int device, const hbb::RendezvousMessage& message, Nanoseconds when);
  void flush();

  const Load& load_;
  const std::function<void(int, const hbb::PunchHole&)> on_push_;
  const Nanoseconds begun_, interval_;
  Datagrams socket_;
  std::vector<Device> devices_;
  std::priority_queue<Alarm, std::vector<Alarm>, std::greater<>> alarms_;
  std::vector<std::string> texts_;  // to be sent, with their senders
  std::vector<int> senders_;
  int registering_ = 0, registered_ = 0;
};

}  // namespace deskcheck::bench
