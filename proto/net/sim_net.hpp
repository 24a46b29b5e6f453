// The network of a simulated world as its sockets see it. Private to the simulated world.
#pragma once

#include "proto/net/completion.hpp"
#include "proto/net/random.hpp"
#include "proto/net/sim_binds.hpp"
#include "proto/net/sim_trace.hpp"
#include "proto/net/task_tree.hpp"

#include <boost/intrusive/list.hpp>

namespace deskcheck::net {

class SimDatagramSocket;
class SimListener;
struct SimNet;

// Datagrams on the way. They belong to the world, not to a socket: who gets one is decided when it
// arrives.
class Flights {
 public:
  explicit Flights(SimNet& net);
  void add(Time at, const Endpoint& from, const Endpoint& to, std::string bytes);

 private:
  struct Flight {
    Time at;
    std::uint64_t sequence;  // equal times: in the order of sending
    Endpoint from, to;
    std::string bytes;
    friend bool operator<(const Flight& a, const Flight& b) {  // for a heap: the first is largest
      return a.at != b.at ? a.at > b.at : a.sequence > b.sequence;
    }
  };
  void land();
  void deliver(Flight& flight);

  SimNet& net_;
  std::vector<Flight> heap_;
  std::uint64_t sequence_ = 0;
  Alarm alarm_;
};

// For the stuck report.
class StreamHook : public boost::intrusive::list_base_hook<
                       boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  virtual ~StreamHook() = default;
  virtual void add_waits(std::map<const TaskNode*, std::string>& waits) const = 0;
};

struct SimNet {
  SimNet(Clock& world_clock, asio::any_io_executor world_executor, Random seeded)
      : clock(world_clock), executor(std::move(world_executor)), random(seeded), flights(*this) {}

  const Link& link_between(const Endpoint& from, const Endpoint& to) const;
  Time arrival(const Link& link);  // of a packet that leaves now
  // What the datagrams of this pair are late by, every time.
  Duration flow_delay(const Link& link, const Endpoint& from, const Endpoint& to);

  Clock& clock;
  asio::any_io_executor executor;
  Random random;
  Trace trace;
  Link link;
  std::map<std::pair<asio::ip::address, asio::ip::address>, Link> links;
  std::map<std::pair<Endpoint, Endpoint>, Duration> flow_delays;
  Routes routes;
  Binds<SimDatagramSocket> datagram_sockets;
  Binds<SimListener> listeners;
  boost::intrusive::list<StreamHook, boost::intrusive::constant_time_size<false>> streams;
  Flights flights;
};

// What every task waits for, and what happened last.
std::string describe_waits(const SimNet& net, const TaskNode& root, const std::string& headline);

}  // namespace deskcheck::net
