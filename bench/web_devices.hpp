// Devices on a WebSocket at P+2: they register once, echo the server's heartbeats, and are there as
// long as the connection lives (rendezvous.md section 3.3). Just enough of RFC 6455 for that.
#pragma once

#include "bench/measures.hpp"
#include "bench/messages.hpp"
#include "bench/statistics.hpp"
#include "bench/streams.hpp"

#include <vector>

namespace deskcheck::bench {

class WebDevices {
 public:
  enum class Wish { to_register, to_connect };  // what makes a device ready
  WebDevices(const Load& load, Wish wish);

  // Begins with some more, takes what has come. Waits for it, at most so long. To be called often.
  void tick(int patience_ms);
  std::int64_t ready() const { return ready_; }
  // Ready, lost or refused.
  bool all_settled() const { return settled_ == static_cast<std::int64_t>(devices_.size()); }

  std::int64_t lost = 0;        // the connection has ended, or its heartbeats have
  std::int64_t refused = 0;     // not registered
  std::int64_t heartbeats = 0;  // echoed

 private:
  enum class State { apart, connecting, upgrading, registering, ready, over };
  struct Device {
    Descriptor stream;
    State state = State::apart;
    std::string received;
    Nanoseconds heard = 0;     // the last time
    Nanoseconds patience = 0;  // how long it may be silent
  };
  Device& at(std::size_t number) { return devices_[number]; }
  void begin(std::size_t number);
  void handle(std::size_t number);
  bool connected(std::size_t number);
  bool hear(std::size_t number);
  bool upgraded(std::size_t number);
  bool take_messages(std::size_t number);
  bool take(std::size_t number, unsigned opcode, std::string_view payload);
  bool take_answer(Device& device, std::string_view payload);
  void settle(Device& device, State state);
  void look_for_silence();

  const Load& load_;
  const sockaddr_in server_;
  const Wish wish_;
  Poll poll_;
  std::vector<Device> devices_;
  std::size_t begun_ = 0;
  std::int64_t settled_ = 0, ready_ = 0;
  Nanoseconds looked_ = 0;
};

}  // namespace deskcheck::bench
