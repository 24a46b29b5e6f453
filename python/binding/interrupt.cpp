#include "python/binding/interrupt.hpp"

#include <pybind11/pybind11.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <ctime>
#include <mutex>
#include <optional>

namespace py = pybind11;

namespace deskcheck::python {

namespace {

// A signal handler has no other place to put what it has seen, and all threads share it.
std::atomic<std::int64_t> last_interrupt = INT64_MIN;
struct sigaction passed_on;

std::mutex mutex;
std::condition_variable all_returned;
int outside = 0;
std::atomic<bool> interpreter_ends = false;

// A thread may be between two calls at the moment of the signal, for a while on a busy machine.
// What begins later than that, or after the main thread has gone on with a call of its own, is new
// work.
constexpr std::int64_t kGrace = 10'000'000'000;
std::atomic<std::int64_t> main_went_on = INT64_MIN;

// Nanoseconds. May be called by a signal handler.
std::int64_t now() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

// Notes the time, and leaves the rest to whoever was responsible before.
void note(int number, siginfo_t* info, void* context) {
  last_interrupt = now();
  if (passed_on.sa_flags & SA_SIGINFO)
    passed_on.sa_sigaction(number, info, context);
  else
    passed_on.sa_handler(number);
}

// Stays from the first call that waits on: threads may be between two calls when the signal comes.
// Python's own table of handlers does not know of it.
void watch_signal() {
  struct sigaction present;
  sigaction(SIGINT, nullptr, &present);
  const bool has_function = (present.sa_flags & SA_SIGINFO) ||
                            (present.sa_handler != SIG_DFL && present.sa_handler != SIG_IGN);
  const bool ours = (present.sa_flags & SA_SIGINFO) && present.sa_sigaction == note;
  if (!has_function || ours) return;
  passed_on = present;
  struct sigaction action = present;
  action.sa_flags |= SA_SIGINFO;
  action.sa_sigaction = note;
  sigaction(SIGINT, &action, nullptr);
}

[[noreturn]] void throw_interrupt() {
  PyErr_SetNone(PyExc_KeyboardInterrupt);
  throw py::error_already_set();
}

py::object main_thread() { return py::module_::import("threading").attr("main_thread")(); }

bool in_main_thread() {
  return main_thread().attr("ident").cast<unsigned long>() == PyThread_get_thread_ident();
}

bool has_default_handler() {
  const auto signal = py::module_::import("signal");
  return signal.attr("getsignal")(SIGINT).is(signal.attr("default_int_handler"));
}

// The interpreter waits for the other threads now.
bool main_thread_was_interrupted() {
  if (main_thread().attr("is_alive")().cast<bool>()) return false;
  const auto last = py::getattr(py::module_::import("sys"), "last_type", py::none());
  return last.is(py::handle(PyExc_KeyboardInterrupt));
}

}  // namespace

Outside::Outside() {
  const std::lock_guard lock(mutex);
  ++outside;
}

Outside::~Outside() {
  const std::lock_guard lock(mutex);
  if (--outside == 0) all_returned.notify_all();
}

void without_lock(const std::function<void()>& work) {
  const Outside counted;
  std::optional<py::gil_scoped_release> unlocked;
  if (!interpreter_ends) unlocked.emplace();
  work();
}

Blocking::Blocking() : begun_(std::max(now() - kGrace, main_went_on.load())) {
  if (interpreter_ends) throw_interrupt();
  if (in_main_thread()) main_went_on = now();
  const std::lock_guard lock(mutex);
  watch_signal();
}

void Blocking::check() {
  if (interpreter_ends) throw_interrupt();
  if (PyErr_CheckSignals() != 0) throw py::error_already_set();
  if (in_main_thread()) return;
  if (last_interrupt > begun_ && has_default_handler()) throw_interrupt();
  if (main_thread_was_interrupted()) throw_interrupt();
}

void end_blocking_calls() {
  const py::gil_scoped_release unlocked;
  std::unique_lock lock(mutex);
  interpreter_ends = true;
  all_returned.wait_for(lock, std::chrono::seconds(60), [] { return outside == 0; });
}

}  // namespace deskcheck::python
