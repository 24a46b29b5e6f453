// Ctrl-C and the end of the interpreter, for calls that wait outside Python. Python tells only its
// main thread about a signal; here every thread that waits hears of it, so that a program with many
// of them ends at once.
#pragma once

namespace deskcheck::python {

// Lives as long as one call waits. Made and destroyed with the interpreter lock held.
class Blocking {
 public:
  // Throws pybind11::error_already_set (KeyboardInterrupt) when the interpreter is about to end: a
  // thread must not wait outside Python then.
  Blocking();
  ~Blocking();
  Blocking(const Blocking&) = delete;
  Blocking& operator=(const Blocking&) = delete;

  // With the lock held. In the main thread: runs Python's signal handlers and throws what they
  // throw. In others: throws KeyboardInterrupt after a SIGINT that has Python's default handler.
  void check();

 private:
  unsigned seen_;
};

// For the end of the interpreter: ends every call that waits and refuses new ones. With the lock
// held, which is released while it waits for them.
void end_blocking_calls();

}  // namespace deskcheck::python
