// Controllers that ask for devices, one after the other by the clock: a device that is registered
// is found and heard from. A controller asks again after 3 s of silence and gives up after 18 s, as
// real clients do.
#pragma once

#include "bench/measures.hpp"
#include "bench/messages.hpp"
#include "bench/statistics.hpp"
#include "bench/streams.hpp"
#include "proto/wire/frame.hpp"

#include <map>

namespace deskcheck::bench {

class SoakCalls {
 public:
  explicit SoakCalls(const Load& load);

  // A controller of its own asks for this device; nothing happens while another one does.
  void begin(int device);
  // The device was sent a push: it answers on a new connection.
  void answer(int device, const hbb::PunchHole& push);
  // Goes on with all calls. To be called often.
  void tick();

  std::int64_t done = 0;
  std::int64_t repeated = 0;  // requests
  std::int64_t lost = 0;      // no answer, or the end of a connection
  std::int64_t refused = 0;   // the server says that the device is not there

 private:
  struct Call {
    Descriptor controller, device;
    bool asked = false;
    int repeats = 0;
    Nanoseconds begun = 0;
    wire::FrameDecoder answer;
    std::string punch_hole_sent;
  };
  bool ask(int device, Call& call);
  // False: the call is over.
  bool handle(int device, Call& call, bool of_device);
  bool take_answer(int device, Call& call);
  bool is_patient(int device, Call& call, Nanoseconds when);
  bool lose(int device, const char* how);

  const Load& load_;
  const sockaddr_in server_;
  Poll poll_;
  std::map<int, Call> calls_;  // by device
};

}  // namespace deskcheck::bench
