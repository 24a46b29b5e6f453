#include "python/binding/blocking.hpp"

#include "conformance/registry/usage_error.hpp"
#include "python/binding/interrupt.hpp"

#include <fmt/format.h>
#include <pybind11/pybind11.h>

#include <cmath>

namespace py = pybind11;

namespace deskcheck::python {

namespace {

using namespace std::chrono_literals;

constexpr auto kSlice = 50ms;  // how long Ctrl-C may go unnoticed

Task<void> end_and_forget(Stage& stage, std::shared_ptr<Party> party) {
  co_await party->finish();
  stage.remove(party);
}

}  // namespace

void wait_until(const std::function<bool()>& wait, const std::function<void()>& cancel) {
  Blocking blocking;
  blocking.check();  // calls that take no time must hear of it, too
  std::exception_ptr interruption;
  {
    const py::gil_scoped_release unlocked;
    while (!wait()) {
      if (interruption) continue;
      const py::gil_scoped_acquire locked;
      try {
        blocking.check();
      } catch (const py::error_already_set&) {
        interruption = std::current_exception();
        cancel();
      }
    }
  }
  if (interruption) std::rethrow_exception(interruption);
}

void perform(Stage& stage, Work work, std::shared_ptr<Party> party) {
  std::shared_ptr<Call> call;
  auto wait = [&] {
    if (!call) call = stage.begin(std::move(work), std::move(party));
    return call->ended_within(kSlice);
  };
  wait_until(wait, [&] { stage.cancel(call); });
  call->rethrow();
}

void dispose(Stage& stage, std::shared_ptr<Party> party) {
  stage.begin([&stage, party](Scene&) { return end_and_forget(stage, party); });
}

net::Duration to_duration(double seconds, const char* what) {
  constexpr double kLongest = 10 * 365 * 24 * 3600.0;
  if (!(seconds >= 0))
    throw conformance::UsageError(fmt::format("{} {}: give seconds, 0 or more", what, seconds));
  return std::chrono::duration_cast<net::Duration>(
      std::chrono::duration<double>(std::min(seconds, kLongest)));
}

double to_seconds(net::Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace deskcheck::python
