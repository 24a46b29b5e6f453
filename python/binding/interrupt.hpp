// Ctrl-C and the end of the interpreter, for calls that wait outside Python. Python tells only its
// main thread about a signal; here every thread hears of it that waits, or begins to soon after, so
// that a program with many of them ends at once.
#pragma once

#include <cstdint>
#include <functional>

namespace deskcheck::python {

// Lives as long as a thread may be without the interpreter lock; made and destroyed with it. Only
// with it: when the interpreter has ended, a thread that asks for the lock is killed, and C++ does
// not survive that. So the end of the interpreter waits for all of these.
class Outside {
 public:
  Outside();
  ~Outside();
  Outside(const Outside&) = delete;
  Outside& operator=(const Outside&) = delete;
};

// Does what ends by itself, soon, without the lock.
void without_lock(const std::function<void()>& work);

// Lives as long as one call waits.
class Blocking {
 public:
  // Throws pybind11::error_already_set (KeyboardInterrupt) when the interpreter is about to end.
  Blocking();

  // With the lock held. In the main thread: runs Python's signal handlers and throws what they
  // throw. In others: throws KeyboardInterrupt after a SIGINT that has Python's default handler,
  // and when one has ended the main thread.
  void check();

 private:
  Outside outside_;
  std::int64_t begun_;  // from here on a SIGINT concerns this call
};

// For the end of the interpreter: ends every call that waits and refuses new ones. With the lock
// held, which is released while it waits for them.
void end_blocking_calls();

}  // namespace deskcheck::python
