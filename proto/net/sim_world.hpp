// The simulated world: one thread, one event queue, virtual time. Equal seeds give equal runs.
//
// It looks like one Linux machine that owns every address: an address exists from the first time
// that something is bound to it, loopback always. What is sent to an address that does not exist,
// or to a UDP port that nobody holds, is lost in silence; a TCP port that nobody holds refuses. A
// wildcard takes what reaches its port at any address that exists; "[::]" sees IPv4 peers as
// ::ffff:a.b.c.d.
#pragma once

#include "proto/net/network.hpp"
#include "proto/net/sim_executor.hpp"
#include "proto/net/sim_link.hpp"
#include "proto/net/sim_trace.hpp"
#include "proto/net/task_group.hpp"

#include <boost/asio/io_context.hpp>

namespace deskcheck::net {

struct SimNet;

enum class Ending { finished, stuck, out_of_time };

class SimWorld final : public Clock, public Network {
 public:
  explicit SimWorld(std::uint64_t seed);
  explicit SimWorld(Random random);
  ~SimWorld() override;

  Time now() const override { return now_; }
  std::unique_ptr<DatagramSocket> bind_udp(Endpoint local) override;
  std::unique_ptr<Listener> listen(Endpoint local) override;

  // Runs until `scenario` has ended, and throws what it threw. `stuck`: nothing can ever happen
  // again, yet it has not ended; `out_of_time`: it passed `horizon`. In both cases it is cancelled,
  // so nothing is left behind. May be called again.
  Ending run(awaitable<void> scenario, Duration horizon = std::chrono::hours(24 * 365));
  // After `stuck` or `out_of_time`: every task with what it waited for, and the last events.
  std::string stuck_report() const { return report_; }

  World world() { return {executor_, *this, *this, random_.fork("world")}; }
  Link& default_link();
  // For packets from one address to the other, that direction only. Addresses are those which the
  // sender sees: its own, and the one it sends to (the public one of a NAT box).
  void set_link(const asio::ip::address& from, const asio::ip::address& to, Link link);
  // Lets an address exist before anything is bound to it: a wildcard can then be reached there.
  void add_host(const asio::ip::address& address);
  void add_nat(const Nat& nat);
  const Trace& trace() const;
  Trace& trace();

 private:
  Result<std::unique_ptr<StreamEnd>> open(Endpoint from, Endpoint to) override;
  Ending loop(TaskGroup& root, Time last);

  // Runs one handler only: the whole simulation. Inside it Asio's memory recycling works.
  asio::io_context io_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE};
  ReadyQueue ready_;
  asio::any_io_executor executor_{SimExecutor(ready_, io_)};
  Time now_{};
  Random random_;
  std::unique_ptr<SimNet> net_;
  std::string report_;
};

}  // namespace deskcheck::net
