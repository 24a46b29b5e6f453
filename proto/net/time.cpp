#include "proto/net/deadline.hpp"

#include <boost/asio/post.hpp>

namespace deskcheck::net {

void Clock::arm(Alarm& alarm, Time at) {
  alarm.unlink();
  if (at == Time::max()) return;  // never: must not hide that nothing else can happen
  alarm.at_ = at;
  alarm.sequence_ = ++armed_;
  queue_.insert(alarm);
  if (&*queue_.begin() == &alarm) first_changed();
}

void Clock::ring_first() {
  Alarm& alarm = *queue_.begin();
  alarm.unlink();  // first: ringing may arm it again
  alarm.ring_();   // and may destroy it: nothing may follow
}

void post_completion(Completion completion, error_code ec, std::size_t n) {
  auto executor = completion.get_executor();
  asio::post(executor, [c = std::move(completion), ec, n]() mutable { c(ec, n); });
}

void Waiter::start(Completion completion) {
  completion_ = std::move(completion);
  auto slot = completion_.get_cancellation_slot();
  if (!slot.is_connected()) return;
  slot.assign([this](asio::cancellation_type) { finish(asio::error::operation_aborted); });
}

void Waiter::finish(error_code ec, std::size_t n) {
  if (!completion_) return;
  Completion completion = std::move(completion_);
  // Asio's rule: no cancellation handler is left behind. Clearing destroys the lambda above while
  // it may be running, so nothing below may use its captures: `this` is a parameter here, which is
  // safe.
  if (auto slot = completion.get_cancellation_slot(); slot.is_connected()) slot.clear();
  post_completion(std::move(completion), ec, n);
}

Watchdog::Watchdog(Deadline deadline, asio::cancellation_slot parent)
    : parent_(parent), alarm_([this] {
        fired_ = true;
        signal_.emit(asio::cancellation_type::terminal);
      }) {
  if (parent_.is_connected())
    parent_.assign([this](asio::cancellation_type type) { signal_.emit(type); });
  deadline.clock->arm(alarm_, deadline.at);
}

awaitable<void> sleep_until(Clock& clock, Time at) {
  Waiter waiter;
  Alarm alarm([&waiter] { waiter.finish({}); });
  clock.arm(alarm, at);
  // The wait ends by the alarm, so this one wait of the product needs no deadline of its own.
  auto initiation = [&waiter](auto handler, asio::any_io_executor executor) {
    waiter.start(Completion(std::move(handler), executor));
  };
  auto executor = co_await asio::this_coro::executor;
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void(error_code, std::size_t)>(
      initiation, asio::use_awaitable, executor);
}

awaitable<void> sleep_for(Clock& clock, Duration duration) {
  return sleep_until(clock, in(clock, duration).at);
}

}  // namespace deskcheck::net
