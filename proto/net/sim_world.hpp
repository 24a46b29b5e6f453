// The simulated world: one thread, one event queue, virtual time. Equal seeds give equal runs.
#pragma once

#include "proto/net/network.hpp"
#include "proto/net/sim_executor.hpp"
#include "proto/net/task_group.hpp"

#include <boost/asio/io_context.hpp>

#include <map>

namespace deskcheck::net {

// How packets travel between two hosts.
struct Link {
  Duration latency = std::chrono::milliseconds(1);
  Duration jitter{};           // datagrams that draw different jitter overtake each other
  double loss = 0;             // datagrams only
  double duplicate = 0;        // datagrams only
  std::size_t max_read = 0;    // streams: a read returns 1..max_read bytes; 0 = all that is there
  std::size_t window = 65536;  // streams: bytes on the way before a write has to wait
};

// A hash over everything that happened, and the last events in words for a report.
// Sizes of stream segments, not their bytes: Beast masks WebSocket frames from a process-wide
// generator that cannot be seeded again. Payloads enter the hash where they are decoded.
class Trace {
 public:
  void note(Time at, std::string_view kind, const Endpoint& from, const Endpoint& to,
            std::string_view bytes);
  void note(Time at, std::string_view kind, std::uint64_t value);
  std::uint64_t hash() const { return hash_; }
  std::uint64_t events() const { return events_; }

 private:
  void mix(const void* data, std::size_t size);
  std::uint64_t hash_ = 0xcbf29ce484222325;
  std::uint64_t events_ = 0;
};

class SimDatagramSocket;
class SimListener;
class SimStream;
struct Pipe;

enum class Ending { finished, stuck, out_of_time };

class SimWorld final : public Clock, public Network {
 public:
  explicit SimWorld(std::uint64_t seed);
  ~SimWorld() override;

  Time now() const override { return now_; }
  std::unique_ptr<DatagramSocket> bind_udp(Endpoint local) override;
  std::unique_ptr<Listener> listen(Endpoint local) override;

  // Runs until `scenario` has ended. `stuck`: nothing can ever happen again, yet it has not ended;
  // `out_of_time`: it passed `horizon`. In both cases it is cancelled, so nothing is left behind.
  Ending run(awaitable<void> scenario, Duration horizon = std::chrono::hours(24 * 365));
  std::string stuck_report() const { return report_; }

  World world() { return {executor_, *this, *this, random_.fork("world")}; }
  Link& default_link() { return link_; }
  void set_link(const asio::ip::address& from, const asio::ip::address& to, Link link);
  const Trace& trace() const { return trace_; }
  Trace& trace() { return trace_; }

 private:
  friend class SimDatagramSocket;
  friend class SimListener;
  friend class SimStream;
  friend struct Pipe;
  Result<std::unique_ptr<StreamEnd>> open(Endpoint from, Endpoint to) override;
  Ending loop(TaskGroup& root, Time last);
  const Link& link(const Endpoint& from, const Endpoint& to) const;
  Time arrival(const Link& link);
  Endpoint with_port(Endpoint local);
  std::string describe_waits() const;

  // Runs one handler only: the whole simulation. Inside it Asio's memory recycling works.
  asio::io_context io_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE};
  ReadyQueue ready_;
  asio::any_io_executor executor_{SimExecutor(ready_, io_)};
  Time now_{};
  Random random_;
  Trace trace_;
  Link link_;
  std::map<std::pair<asio::ip::address, asio::ip::address>, Link> links_;
  // Ordered by endpoint, never by address in memory: iteration must be repeatable.
  std::map<Endpoint, SimDatagramSocket*> datagram_sockets_;
  std::map<Endpoint, SimListener*> listeners_;
  std::uint16_t next_port_ = 40000;
  std::string report_;
};

}  // namespace deskcheck::net
