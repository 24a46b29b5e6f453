// The real world: the same interfaces on Asio sockets and the steady clock. One thread, no threads
// of its own.
#pragma once

#include "proto/net/network.hpp"
#include "proto/net/task_group.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

namespace deskcheck::net {

class ReceiveRoom;

class RealWorld final : public Clock, public Network {
 public:
  explicit RealWorld(std::uint64_t seed);
  // RealWorld(Random::system()): for a server that is used for real.
  explicit RealWorld(Random random);
  ~RealWorld() override;

  Time now() const override;
  // The calendar time of a time of this world, as the system's clock tells now.
  std::chrono::sys_seconds calendar(Time time) const;
  std::unique_ptr<DatagramSocket> bind_udp(Endpoint local) override;
  std::unique_ptr<Listener> listen(Endpoint local) override;

  // Returns when `scenario` has ended, and throws what it threw. May be called again.
  void run(awaitable<void> scenario);
  // Calls `callback` once, inside run, for the first SIGINT or SIGTERM. What comes within half a
  // second is the same request: timeout(1) and a terminal with a wrapper signal twice. The next one
  // ends the process as if nobody had asked. Pending interest does not keep run from returning.
  void on_signal(std::function<void()> callback);
  World world() { return {io_.get_executor(), *this, *this, random_.fork("world")}; }

 private:
  Result<std::unique_ptr<StreamEnd>> open(Endpoint from, Endpoint to) override;
  void first_changed() override;
  void ring_due();

  asio::io_context io_{1};
  Random random_;
  std::unique_ptr<ReceiveRoom> room_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  asio::steady_timer timer_{io_};  // the only one: it stands for the first alarm in the queue
  bool timer_running_ = false;
  asio::signal_set signals_{io_};
  Alarm impatience_{[this] { signals_.clear(); }};  // back to the system's handlers
};

}  // namespace deskcheck::net
