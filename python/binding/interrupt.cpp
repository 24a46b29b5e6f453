#include "python/binding/interrupt.hpp"

#include <pybind11/pybind11.h>

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <mutex>

namespace py = pybind11;

namespace deskcheck::python {

namespace {

// A signal handler has no other place to put what it has seen, and all threads share it.
std::atomic<unsigned> interrupts = 0;
struct sigaction passed_on;

std::mutex mutex;
std::condition_variable all_returned;
int waiting = 0;
std::atomic<bool> interpreter_ends = false;

// Counts, and leaves the rest to whoever was responsible before.
void count(int number, siginfo_t* info, void* context) {
  ++interrupts;
  if (passed_on.sa_flags & SA_SIGINFO)
    passed_on.sa_sigaction(number, info, context);
  else
    passed_on.sa_handler(number);
}

bool is_ours(const struct sigaction& action) {
  return (action.sa_flags & SA_SIGINFO) && action.sa_sigaction == count;
}

void begin_counting() {
  struct sigaction now;
  sigaction(SIGINT, nullptr, &now);
  const bool has_handler =
      (now.sa_flags & SA_SIGINFO) || (now.sa_handler != SIG_DFL && now.sa_handler != SIG_IGN);
  if (!has_handler || is_ours(now)) return;
  passed_on = now;
  struct sigaction ours = now;
  ours.sa_flags |= SA_SIGINFO;
  ours.sa_sigaction = count;
  sigaction(SIGINT, &ours, nullptr);
}

void end_counting() {
  struct sigaction now;
  sigaction(SIGINT, nullptr, &now);
  if (is_ours(now)) sigaction(SIGINT, &passed_on, nullptr);  // else somebody has changed it since
}

[[noreturn]] void throw_interrupt() {
  PyErr_SetNone(PyExc_KeyboardInterrupt);
  throw py::error_already_set();
}

bool in_main_thread() {
  const auto main = py::module_::import("threading").attr("main_thread")();
  return main.attr("ident").cast<unsigned long>() == PyThread_get_thread_ident();
}

bool has_default_handler() {
  const auto signal = py::module_::import("signal");
  return signal.attr("getsignal")(SIGINT).is(signal.attr("default_int_handler"));
}

}  // namespace

Blocking::Blocking() : seen_(interrupts) {
  const std::lock_guard lock(mutex);
  if (interpreter_ends) throw_interrupt();
  if (waiting++ == 0) begin_counting();
}

Blocking::~Blocking() {
  const std::lock_guard lock(mutex);
  if (--waiting > 0) return;
  end_counting();
  all_returned.notify_all();
}

void Blocking::check() {
  if (interpreter_ends) throw_interrupt();
  if (PyErr_CheckSignals() != 0) throw py::error_already_set();
  if (seen_ == interrupts) return;
  seen_ = interrupts;
  if (!in_main_thread() && has_default_handler()) throw_interrupt();
}

void end_blocking_calls() {
  const py::gil_scoped_release unlocked;
  std::unique_lock lock(mutex);
  interpreter_ends = true;
  all_returned.wait_for(lock, std::chrono::seconds(10), [] { return waiting == 0; });
}

}  // namespace deskcheck::python
