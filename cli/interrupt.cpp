#include "cli/interrupt.hpp"

#include <ctime>

namespace deskcheck::cli {

Interrupt::Interrupt() {
  sigemptyset(&watched_);
  sigaddset(&watched_, SIGINT);
  sigaddset(&watched_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &watched_, &before_);
}

Interrupt::~Interrupt() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

void ignore_interrupts() {
  sigset_t both{};
  sigemptyset(&both);
  sigaddset(&both, SIGINT);
  sigaddset(&both, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &both, nullptr);
}

bool Interrupt::happened() {
  const timespec at_once{};
  if (sigtimedwait(&watched_, nullptr, &at_once) > 0) happened_ = true;
  return happened_;
}

}  // namespace deskcheck::cli
