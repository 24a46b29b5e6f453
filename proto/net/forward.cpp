#include "proto/net/forward.hpp"

#include "proto/net/real_sockets.hpp"
#include "proto/net/within.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <utility>

namespace deskcheck::net {

namespace {

constexpr int kPipeSize = 256 * 1024;  // bytes; the kernel may allow less
constexpr std::size_t kMost = 1 << 20;
constexpr std::size_t kBuffer = 64 * 1024;

struct Pipe {
  int out = -1, in = -1;
};

error_code last_error() { return {errno, boost::system::system_category()}; }

// Pipes that are empty and wait to be used, of all connections of one world: few are in use at the
// same time.
class PipePool final : public asio::execution_context::service {
 public:
  static inline asio::execution_context::id id;
  explicit PipePool(asio::execution_context& context) : service(context) {
    // splice() to a connection that the peer has ended would otherwise end the process.
    struct sigaction now = {};
    if (::sigaction(SIGPIPE, nullptr, &now) == 0 && now.sa_handler == SIG_DFL)
      ::signal(SIGPIPE, SIG_IGN);
  }

  Result<Pipe> take() {
    if (!idle_.empty()) {
      const Pipe pipe = idle_.back();
      idle_.pop_back();
      return pipe;
    }
    int ends[2];
    if (::pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0) return last_error();
    ::fcntl(ends[0], F_SETPIPE_SZ, kPipeSize);
    return Pipe{ends[0], ends[1]};
  }
  void give_back(Pipe pipe) {
    if (idle_.size() < kMostIdle)
      idle_.push_back(pipe);
    else
      close(pipe);
  }
  static void close(Pipe pipe) {
    ::close(pipe.out);
    ::close(pipe.in);
  }

 private:
  static constexpr std::size_t kMostIdle = 16;
  void shutdown() override {
    for (const Pipe pipe : idle_) close(pipe);
    idle_.clear();
  }
  std::vector<Pipe> idle_;
};

RealStream* socket_of(ByteStream& stream) { return dynamic_cast<RealStream*>(stream.operator->()); }

bool would_block(error_code ec) {
  return ec == boost::system::errc::resource_unavailable_try_again ||
         ec == boost::system::errc::operation_would_block;
}

}  // namespace

struct Forward::Way {
  virtual ~Way() = default;
  virtual awaitable<Result<std::size_t>> some(Deadline deadline) = 0;
};

struct Forward::KernelWay final : Way {
  KernelWay(RealStream& f, RealStream& t)
      : from(f),
        to(t),
        pool(asio::use_service<PipePool>(asio::query(f.executor(), asio::execution::context))) {
    from.never_block();
    to.never_block();
  }
  ~KernelWay() override {
    if (pipe.in < 0) return;
    if (held == 0)
      pool.give_back(pipe);
    else
      PipePool::close(pipe);
  }

  awaitable<Result<std::size_t>> some(Deadline deadline) override {
    if (++in_a_row >= kFairShare) {
      co_await within(never(*deadline.clock), from.executor(), pass_turn);
      in_a_row = 0;
    }
    while (held == 0) {
      const auto taken = take();
      if (taken) {
        if (*taken == 0) co_return *taken;
        break;
      }
      if (!would_block(taken.error())) co_return taken.error();
      const auto ready = co_await wait(from, asio::ip::tcp::socket::wait_read, deadline);
      if (!ready) co_return ready.error();
    }
    for (;;) {
      const auto moved = hand_over();
      if (moved || !would_block(moved.error())) co_return moved;
      const auto ready = co_await wait(to, asio::ip::tcp::socket::wait_write, deadline);
      if (!ready) co_return ready.error();
    }
  }

  // Into the pipe, which is empty: bytes, 0 at the end, would_block. The pipe is given back then.
  Result<std::size_t> take() {
    if (pipe.in < 0) {
      const auto got = pool.take();
      if (!got) return got.error();
      pipe = *got;
    }
    const auto size = ::splice(from.descriptor(), nullptr, pipe.in, nullptr, kMost,
                               SPLICE_F_NONBLOCK | SPLICE_F_MOVE);
    if (size > 0) return held = static_cast<std::size_t>(size);
    const error_code ec = last_error();
    pool.give_back(std::exchange(pipe, Pipe()));
    if (size == 0) return std::size_t{0};
    return ec;
  }

  Result<std::size_t> hand_over() {
    const auto size = ::splice(pipe.out, nullptr, to.descriptor(), nullptr, held,
                               SPLICE_F_NONBLOCK | SPLICE_F_MOVE);
    if (size < 0) return last_error();
    held -= static_cast<std::size_t>(size);
    return static_cast<std::size_t>(size);
  }

  awaitable<Result<std::size_t>> wait(RealStream& stream, asio::ip::tcp::socket::wait_type what,
                                      Deadline deadline) {
    in_a_row = 0;
    const auto begin = [&stream, what](Completion c) { stream.wait(what, std::move(c)); };
    co_return co_await within(deadline, stream.executor(), begin);
  }

  RealStream& from;
  RealStream& to;
  PipePool& pool;
  Pipe pipe;
  std::size_t held = 0;
  int in_a_row = 0;
};

struct Forward::BufferWay final : Way {
  BufferWay(ByteStream& f, ByteStream& t) : from(f), to(t) {}

  awaitable<Result<std::size_t>> some(Deadline deadline) override {
    if (held == 0) {
      buffer.resize(kBuffer);
      const auto target = asio::buffer(buffer);
      const auto size = co_await from.async_read_some(target, deadline);
      if (!size && size.error() == asio::error::eof) co_return std::size_t{0};
      if (!size) co_return size.error();
      held = *size;
      begin = 0;
    }
    const auto source = asio::buffer(buffer.data() + begin, held);
    const auto size = co_await to.async_write_some(source, deadline);
    if (!size) co_return size.error();
    begin += *size;
    held -= *size;
    co_return *size;
  }

  ByteStream& from;
  ByteStream& to;
  std::string buffer;
  std::size_t begin = 0, held = 0;
};

Forward::Forward(ByteStream& from, ByteStream& to) {
  auto* source = socket_of(from);
  auto* target = socket_of(to);
  if (source && target)
    way_ = std::make_unique<KernelWay>(*source, *target);
  else
    way_ = std::make_unique<BufferWay>(from, to);
}

Forward::~Forward() = default;

awaitable<Result<std::size_t>> Forward::some(Deadline deadline) { return way_->some(deadline); }

}  // namespace deskcheck::net
