// In-memory sockets. Every pending event is an Alarm that is a member of the socket it concerns;
// only datagrams on the way belong to the world.
#pragma once

#include "proto/net/network.hpp"
#include "proto/net/sim_executor.hpp"
#include "proto/net/sim_net.hpp"

#include <deque>

namespace deskcheck::net {

// The task whose wait this is; null if nobody waits.
inline const TaskNode* task_of(const Waiter& waiter) {
  if (!waiter.waiting()) return nullptr;
  const auto executor = waiter.executor();
  const auto* sim = executor.target<SimExecutor>();
  return sim ? sim->task() : nullptr;
}

class SimDatagramSocket final : public DatagramSocket {
 public:
  SimDatagramSocket(SimNet& net, Endpoint local);
  ~SimDatagramSocket() override { net_.datagram_sockets.remove(local_); }
  Endpoint local() const override { return local_; }
  void send(std::span<const Datagram> batch) override;
  bool take(std::vector<Datagram>& batch) override;
  void arrive(const Endpoint& from, const Endpoint& to, std::string bytes);
  const Waiter& reader() const { return reader_; }

 private:
  asio::any_io_executor executor() override { return net_.executor; }
  void wait_readable(Completion completion) override { reader_.start(std::move(completion)); }

  SimNet& net_;
  Endpoint local_;
  asio::ip::address reached_at_;  // of a wildcard: where the last datagram was sent to
  std::vector<Datagram> arrived_;
  Waiter reader_;
};

// One direction of a connection. Owned by both ends.
struct Pipe {
  enum class Mark { data, fin, reset };
  struct Segment {
    Time at;
    Mark mark;
    std::size_t size;
  };
  Pipe(SimNet& net, const Endpoint& from, const Endpoint& to);
  void send(Mark mark, std::size_t size);
  void send_reset();
  void arrive();
  void arrive_reset();
  void read();   // completes a waiting read if it can
  void write();  // completes a waiting write if it can
  std::size_t unread() const { return arrived - head; }
  void drop(std::size_t keep);  // forgets all bytes behind the first `keep`

  SimNet& sim;
  Endpoint from, to;
  Link link;
  std::string bytes;               // arrived and on the way
  std::size_t head = 0;            // already read
  std::size_t arrived = 0;         // readable up to here
  std::size_t read_so_far = 0;     // of all that was ever sent
  std::deque<Segment> on_the_way;  // streams do not reorder
  Time last{};
  bool fin_sent = false, fin_arrived = false, reset_sent = false, reset_arrived = false;
  bool receiver_closed = false;
  error_code pending;  // what the reset means to the receiver; told once, as a kernel does
  Pipe* reverse = nullptr;
  Waiter reader, writer;
  Buffers<asio::mutable_buffer> target;
  Buffers<asio::const_buffer> source;
  Alarm alarm;
};

// Each end has its own names for both endpoints: a NAT box may be between them.
struct Connection {
  Connection(SimNet& net, const Endpoint& client, const Endpoint& server, const Endpoint& reached,
             const Endpoint& seen)
      : up(net, client, server), down(net, reached, seen) {
    up.reverse = &down;
    down.reverse = &up;
  }
  Pipe up, down;
};

class SimStream final : public StreamEnd, public StreamHook {
 public:
  SimStream(SimNet& net, Endpoint local);
  // The accepted end, with the endpoints as the listener's family shows them.
  SimStream(SimNet& net, std::shared_ptr<Connection> accepted, Endpoint local, Endpoint remote);
  ~SimStream() override;
  asio::any_io_executor executor() override { return net_.executor; }
  Endpoint local() const override { return local_; }
  Endpoint remote() const override { return remote_; }
  void connect(Endpoint to, Completion completion) override;
  void read_some(Buffers<asio::mutable_buffer> into, Completion completion) override;
  void write_some(Buffers<asio::const_buffer> from, Completion completion) override;
  void shutdown_send() override;
  void reset() override;
  void add_waits(std::map<const TaskNode*, std::string>& waits) const override;

 private:
  void handshake();
  void answer_syn();
  void close_receiver();

  SimNet& net_;
  Endpoint local_, remote_;
  std::shared_ptr<Connection> connection_;
  Pipe* out_ = nullptr;
  Pipe* in_ = nullptr;
  Waiter connecting_;
  error_code refused_;
  bool answered_ = false, was_reset_ = false;
  Alarm alarm_;
};

class SimListener final : public Listener {
 public:
  SimListener(SimNet& net, Endpoint local);
  ~SimListener() override;
  Endpoint local() const override { return local_; }
  void arrive(std::shared_ptr<Connection> connection);
  const Waiter& acceptor() const { return acceptor_; }

 private:
  asio::any_io_executor executor() override { return net_.executor; }
  void wait_readable(Completion completion) override { acceptor_.start(std::move(completion)); }
  Result<std::unique_ptr<StreamEnd>> take() override;
  std::unique_ptr<SimStream> next();

  SimNet& net_;
  Endpoint local_;
  std::deque<std::shared_ptr<Connection>> backlog_;
  Waiter acceptor_;
};

[[noreturn]] void throw_cannot_bind(const char* transport, const Endpoint& local, error_code ec);

}  // namespace deskcheck::net
