// In-memory sockets. Every pending event is an Alarm that is a member of the socket it concerns.
#pragma once

#include "proto/net/sim_world.hpp"

#include <deque>

namespace deskcheck::net {

class SimDatagramSocket final : public DatagramSocket {
 public:
  SimDatagramSocket(SimWorld& sim, Endpoint local);
  ~SimDatagramSocket() override;
  Endpoint local() const override { return local_; }
  void send(std::span<const Datagram> batch) override;
  bool take(std::vector<Datagram>& batch) override;
  bool waiting() const { return reader_.waiting(); }

 private:
  asio::any_io_executor executor() override { return sim_.executor_; }
  void wait_readable(Completion completion) override { reader_.start(std::move(completion)); }
  void arrive();

  SimWorld& sim_;
  Endpoint local_;
  std::multimap<Time, Datagram> on_the_way_;  // jitter reorders
  std::vector<Datagram> arrived_;
  Waiter reader_;
  Alarm alarm_;
};

// One direction of a connection. Owned by both ends.
struct Pipe {
  enum class Mark { data, fin, reset };
  struct Segment {
    Time at;
    Mark mark;
    std::size_t size;
  };
  Pipe(SimWorld& world, Endpoint a, Endpoint b);
  void send(Mark mark, std::size_t size);
  void arrive();
  void read();   // completes a waiting read if it can
  void write();  // completes a waiting write if it can
  void fail(error_code ec);

  SimWorld& sim;
  Endpoint from, to;
  Link link;
  std::string bytes;               // arrived and on the way
  std::size_t head = 0;            // already read
  std::size_t arrived = 0;         // readable up to here
  std::deque<Segment> on_the_way;  // streams do not reorder
  Time last{};
  bool fin_sent = false, fin_arrived = false, receiver_closed = false;
  error_code broken;  // reset, for both sides
  Pipe* reverse = nullptr;
  Waiter reader, writer;
  Buffers<asio::mutable_buffer> target;
  Buffers<asio::const_buffer> source;
  Alarm alarm;
};

struct Connection {
  Connection(SimWorld& sim, Endpoint client, Endpoint server)
      : up(sim, client, server), down(sim, server, client) {
    up.reverse = &down;
    down.reverse = &up;
  }
  Pipe up, down;
};

class SimStream final : public StreamEnd {
 public:
  SimStream(SimWorld& sim, Endpoint local);
  SimStream(SimWorld& sim, std::shared_ptr<Connection> accepted);
  ~SimStream() override;
  asio::any_io_executor executor() override { return sim_.executor_; }
  Endpoint local() const override { return local_; }
  Endpoint remote() const override { return remote_; }
  void connect(Endpoint to, Completion completion) override;
  void read_some(Buffers<asio::mutable_buffer> into, Completion completion) override;
  void write_some(Buffers<asio::const_buffer> from, Completion completion) override;
  void shutdown_send() override;
  void reset() override;

 private:
  void handshake();
  SimWorld& sim_;
  Endpoint local_, remote_;
  std::shared_ptr<Connection> connection_;
  Pipe* out_ = nullptr;
  Pipe* in_ = nullptr;
  Waiter connecting_;
  error_code refused_;
  bool answered_ = false;
  Alarm alarm_;
};

class SimListener final : public Listener {
 public:
  SimListener(SimWorld& sim, Endpoint local);
  ~SimListener() override;
  Endpoint local() const override { return local_; }
  bool waiting() const { return acceptor_.waiting(); }
  void arrive(std::shared_ptr<Connection> connection);

 private:
  asio::any_io_executor executor() override { return sim_.executor_; }
  void wait_readable(Completion completion) override { acceptor_.start(std::move(completion)); }
  Result<std::unique_ptr<StreamEnd>> take() override;

  SimWorld& sim_;
  Endpoint local_;
  std::deque<std::shared_ptr<Connection>> backlog_;
  Waiter acceptor_;
};

}  // namespace deskcheck::net
