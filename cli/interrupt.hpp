// Ctrl-C for work that is not in a real world: asked between two steps.
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

}  // namespace deskcheck::cli
