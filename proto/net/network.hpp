// The network of a world: datagrams, listeners, byte streams. Virtual functions are the small part
// that each world implements; the calls that the product makes are written once, on top of them.
#pragma once

#include "proto/net/deadline.hpp"
#include "proto/net/endpoint.hpp"
#include "proto/net/random.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/role.hpp>

#include <array>
#include <span>
#include <string>
#include <vector>

namespace deskcheck::net {

struct Datagram {
  Endpoint peer;  // where it came from, or where it goes
  std::string bytes;
};

// A buffer sequence of bounded length by value: what is left out is simply not transferred this
// time.
template <class Buffer>
class Buffers {
 public:
  Buffers() = default;
  template <class Sequence>
  explicit Buffers(const Sequence& sequence) {
    auto last = asio::buffer_sequence_end(sequence);
    for (auto i = asio::buffer_sequence_begin(sequence); i != last && size_ < list_.size(); ++i)
      if (Buffer b = *i; b.size() != 0) list_[size_++] = b;
  }
  const Buffer* begin() const { return list_.data(); }
  const Buffer* end() const { return list_.data() + size_; }

 private:
  std::array<Buffer, 8> list_;
  std::size_t size_ = 0;
};

// Readiness style: wait, then take without blocking. It gives batches for free, and needs no
// handler that wraps another handler.
class DatagramSocket {
 public:
  virtual ~DatagramSocket() = default;
  virtual Endpoint local() const = 0;
  virtual void send(std::span<const Datagram> batch) = 0;  // best effort, as UDP is
  // Appends what has arrived to `batch`: at least one datagram, or an error.
  awaitable<Result<void>> receive(std::vector<Datagram>& batch, Deadline deadline);
  // The same without waiting; false if nothing has arrived.
  virtual bool take(std::vector<Datagram>& batch) = 0;

 protected:
  virtual asio::any_io_executor executor() = 0;
  virtual void wait_readable(Completion completion) = 0;

 private:
  int takes_in_a_row_ = 0;
};

// What a world implements for one end of a connection. The destructor closes it.
class StreamEnd {
 public:
  virtual ~StreamEnd() = default;
  virtual asio::any_io_executor executor() = 0;
  virtual Endpoint local() const = 0;
  virtual Endpoint remote() const = 0;
  virtual void connect(Endpoint to, Completion completion) = 0;
  virtual void read_some(Buffers<asio::mutable_buffer> into, Completion completion) = 0;
  virtual void write_some(Buffers<asio::const_buffer> from, Completion completion) = 0;
  virtual void shutdown_send() = 0;  // half-close: FIN after what was written
  // RST: the peer's reads and writes fail, and so do all later ones at this end (bad_descriptor).
  virtual void reset() = 0;
};

// An Asio AsyncReadStream and AsyncWriteStream; a concrete type, so Beast is compiled for one
// stream.
class ByteStream {
 public:
  using executor_type = asio::any_io_executor;
  ByteStream() = default;
  explicit ByteStream(std::unique_ptr<StreamEnd> end) : end_(std::move(end)) {}

  executor_type get_executor() { return end_->executor(); }
  StreamEnd* operator->() { return end_.get(); }
  void close() { end_.reset(); }

  template <class Sequence, class Token>
  auto async_read_some(const Sequence& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [](auto handler, StreamEnd* end, Buffers<asio::mutable_buffer> into) {
          end->read_some(into, Completion(std::move(handler), end->executor()));
        },
        token, end_.get(), Buffers<asio::mutable_buffer>(buffers));
  }
  template <class Sequence, class Token>
  auto async_write_some(const Sequence& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [](auto handler, StreamEnd* end, Buffers<asio::const_buffer> from) {
          end->write_some(from, Completion(std::move(handler), end->executor()));
        },
        token, end_.get(), Buffers<asio::const_buffer>(buffers));
  }

 private:
  std::unique_ptr<StreamEnd> end_;
};

// Beast's customisation points: how a WebSocket session ends its transport.
void teardown(boost::beast::role_type, ByteStream& stream, error_code& ec);
template <class Handler>
void async_teardown(boost::beast::role_type, ByteStream& stream, Handler&& handler) {
  stream->shutdown_send();
  post_completion(Completion(std::forward<Handler>(handler), stream.get_executor()), {});
}
inline void beast_close_socket(ByteStream& stream) { stream.close(); }

class Listener {
 public:
  virtual ~Listener() = default;
  virtual Endpoint local() const = 0;
  // The next connection. When the process is out of descriptors or memory it waits and goes on, for
  // such a shortage passes; every other failure is the result, timed_out at the deadline.
  awaitable<Result<ByteStream>> accept(Deadline deadline);

 protected:
  virtual asio::any_io_executor executor() = 0;
  virtual void wait_readable(Completion completion) = 0;
  // would_block: nobody is waiting to be accepted.
  virtual Result<std::unique_ptr<StreamEnd>> take() = 0;

 private:
  int takes_in_a_row_ = 0;
};

// Lets the kernel choose: no address, no port.
inline bool is_anything(const Endpoint& e) { return e.port == 0 && e.address.is_unspecified(); }

class Network {
 public:
  virtual ~Network() = default;
  // Port 0 takes a free one. Failing to bind is a start-up error: these throw system_error, whose
  // what() names the endpoint and the reason. "[::]" takes IPv4 too, as ::ffff:a.b.c.d.
  virtual std::unique_ptr<DatagramSocket> bind_udp(Endpoint local) = 0;
  virtual std::unique_ptr<Listener> listen(Endpoint local) = 0;
  // `from` is the own address; Endpoint() leaves the choice to the kernel. Every failure is a
  // value.
  awaitable<Result<ByteStream>> connect(Endpoint from, Endpoint to, Deadline deadline);

 protected:
  virtual Result<std::unique_ptr<StreamEnd>> open(Endpoint from, Endpoint to) = 0;
};

// All that product code may know about the outside.
struct World {
  asio::any_io_executor executor;
  Clock& clock;
  Network& network;
  Random random;
};

}  // namespace deskcheck::net
