// Lets tasks wait until something observable has changed, without asking again and again.
#pragma once

#include "client-sim/channel/message_stream.hpp"

#include <list>

namespace deskcheck::sim {

class Changes {
 public:
  // Wakes everybody who waits now.
  void announce();
  // The next change; timed_out at the deadline. The object must outlive the wait.
  Task<net::Result<void>> next(net::Deadline deadline);

 private:
  std::list<net::Waiter> waiting_;
};

}  // namespace deskcheck::sim
