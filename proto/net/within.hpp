// How the calls of the seam wait for what a world begins. Private to proto/net.
#pragma once

#include "proto/net/completion.hpp"
#include "proto/net/deadline.hpp"

namespace deskcheck::net {

// Any `void start(Completion)` as an operation that takes a deadline.
template <class Start>
awaitable<Result<std::size_t>> within(Deadline deadline, asio::any_io_executor executor,
                                      Start start) {
  return asio::async_initiate<Deadline, void(error_code, std::size_t)>(
      [](auto handler, asio::any_io_executor fallback, Start begin) {
        begin(Completion(std::move(handler), fallback));
      },
      deadline, std::move(executor), std::move(start));
}

// Takes in a row without waiting, after which others get their turn: under a flood something has
// always arrived, and a loop that never waits would starve alarms, signals and all other tasks.
constexpr int kFairShare = 16;

inline void pass_turn(Completion completion) { post_completion(std::move(completion), {}); }

}  // namespace deskcheck::net
