// Ctrl-C for work that is not in a real world: asked between two steps; and when all is done.
#pragma once

#include <csignal>

namespace deskcheck::cli {

// While it lives SIGINT and SIGTERM wait to be asked for.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  // True from the first signal on.
  bool happened();

 private:
  sigset_t watched_{}, before_{};
  bool happened_ = false;
};

// From here to the end of the process they change nothing: what they ask for has been done.
// `timeout` sends its signal twice, and the second one may come late.
void ignore_interrupts();

}  // namespace deskcheck::cli
