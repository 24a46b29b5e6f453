// Deadline is the only completion token of the product: an operation without a time limit does not
// compile. It turns any Asio or Beast operation into an awaitable<result<...>>: the error is a
// value, expiry is error::timed_out. Cancellation of the task is not a result but an exception: a
// cancelled case must unwind, else it would go on and record the aborted wait as the server's
// failure.
//     result<size_t> n = co_await http::async_read(stream, buffer, request, in(clock, 5s));
#pragma once

#include "proto/net/completion.hpp"
#include "proto/net/time.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/result.hpp>

namespace deskcheck::net {

template <class T>
using Result = boost::system::result<T>;
using asio::awaitable;

struct Deadline {
  Clock* clock;
  Time at;
};
inline Deadline in(Clock& clock, Duration d) {
  return {&clock, d == Duration::max() ? Time::max() : clock.now() + d};  // max: never
}
// For servers, which may wait for ever: their task group ends them.
inline Deadline never(Clock& clock) { return {&clock, Time::max()}; }

// Lives in the frame of one wait: cancels it at the deadline or when the task is cancelled.
class Watchdog {
 public:
  Watchdog(Deadline deadline, asio::cancellation_slot parent);
  ~Watchdog() { parent_.clear(); }
  asio::cancellation_slot slot() { return signal_.slot(); }
  // Only an operation that really was cut short has timed out; one that won the race has not.
  error_code judge(error_code ec) const {
    return fired_ && ec == asio::error::operation_aborted ? asio::error::timed_out : ec;
  }

 private:
  asio::cancellation_slot parent_;
  asio::cancellation_signal signal_;
  bool fired_ = false;
  Alarm alarm_;
};

// End when the time has come; throw system_error(operation_aborted) when the task is cancelled.
// Time::max() and Duration::max() never come: such a sleep ends by cancellation only, and a
// simulated world in which nothing else can happen counts it as stuck.
awaitable<void> sleep_until(Clock& clock, Time at);
awaitable<void> sleep_for(Clock& clock, Duration duration);

}  // namespace deskcheck::net

template <class... Ts>
class boost::asio::async_result<deskcheck::net::Deadline, void(boost::system::error_code, Ts...)> {
  static_assert(sizeof...(Ts) <= 1);
  using Value = std::tuple_element_t<0, std::tuple<Ts..., void>>;

 public:
  using return_type = awaitable<deskcheck::net::Result<Value>>;

  // A coroutine: everything is taken by value, as in Asio's own use_awaitable.
  template <class Initiation, class... Args>
  static return_type initiate(Initiation initiation, deskcheck::net::Deadline deadline,
                              Args... args) {
    auto state = co_await this_coro::cancellation_state;
    const bool throws = co_await this_coro::throw_if_cancelled();
    deskcheck::net::Watchdog watchdog(deadline, state.slot());
    auto token = as_tuple(bind_cancellation_slot(watchdog.slot(), use_awaitable));
    auto done = co_await async_initiate<decltype(token), void(boost::system::error_code, Ts...)>(
        std::move(initiation), token, std::move(args)...);
    if (throws && state.cancelled() != cancellation_type::none)
      throw boost::system::system_error(error::operation_aborted);
    if (auto ec = watchdog.judge(std::get<0>(done))) co_return ec;
    if constexpr (sizeof...(Ts) == 0) {
      co_return deskcheck::net::Result<void>();
    } else {
      co_return std::get<1>(std::move(done));
    }
  }
};
