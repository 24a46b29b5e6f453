// The real world: the same interfaces on Asio sockets and the steady clock.
#pragma once

#include "proto/net/network.hpp"
#include "proto/net/task_group.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace deskcheck::net {

class RealWorld final : public Clock, public Network {
 public:
  explicit RealWorld(std::uint64_t seed);

  Time now() const override;
  std::unique_ptr<DatagramSocket> bind_udp(Endpoint local) override;
  std::unique_ptr<Listener> listen(Endpoint local) override;

  void run(awaitable<void> scenario);
  World world() { return {io_.get_executor(), *this, *this, random_.fork("world")}; }

 private:
  std::unique_ptr<StreamEnd> open(Endpoint from) override;
  void first_changed() override;
  void ring_due();

  asio::io_context io_{1};
  Random random_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  asio::steady_timer timer_{io_};  // the only one: it stands for the first alarm in the queue
  bool timer_running_ = false;
};

}  // namespace deskcheck::net
