#include "bench/measures.hpp"
#include "bench/streams.hpp"
#include "proto/schema/rendezvous.pb.h"
#include "proto/wire/frame.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <memory>
#include <unordered_map>

namespace deskcheck::bench {

namespace {

void say_ready() {
  std::printf("{\"event\": \"ready\", \"pid\": %d}\n", ::getpid());
  std::fflush(stdout);
}

// One direction of a session: a pipe that the kernel moves pages through.
struct Direction {
  int from = -1, to = -1;
  std::array<Descriptor, 2> pipe;
  std::size_t held = 0;  // bytes in the pipe
};

class Splices {
 public:
  explicit Splices(const Load& load) : listener_(listen_at(load.host, load.relay)) {
    poll_.add(listener_.number(), EPOLLIN, 0);
  }

  [[noreturn]] void run() {
    for (;;)
      for (const auto& event : poll_.wait(1000)) {
        if (event.data.u64 == 0)
          accept();
        else
          go_on(static_cast<int>(event.data.u64));
      }
  }

 private:
  void accept() {
    Descriptor stream(
        ::accept4(listener_.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!stream) return;
    std::string& first = first_bytes_[stream.number()];
    first.clear();
    poll_.add(stream.number(), EPOLLIN | EPOLLOUT | EPOLLET,
              static_cast<std::uint64_t>(stream.number()));
    streams_[stream.number()] = std::move(stream);
  }

  void go_on(int stream) {
    if (const auto unpaired = first_bytes_.find(stream); unpaired != first_bytes_.end())
      return look_for_partner(stream, unpaired->second);
    const auto out = directions_.find(stream);
    if (out == directions_.end()) return;
    const int partner = out->second->to;
    if (move(*out->second) && move(*directions_.at(partner))) return;
    for (const int one : {stream, partner}) {
      directions_.erase(one);
      streams_.erase(one);
    }
  }

  // Exactly the first message is taken off the connection, one byte after the other: the ceiling is
  // about what comes after it.
  void look_for_partner(int stream, std::string& first) {
    wire::FrameDecoder decoder;
    decoder.feed(first);
    for (char byte = 0; ::recv(stream, &byte, 1, 0) == 1;) {
      first += byte;
      decoder.feed(std::string_view(&byte, 1));
      const auto payload = decoder.next();
      if (!payload || !*payload) continue;
      hbb::RendezvousMessage message;
      if (!message.ParseFromString(**payload)) return;
      first_bytes_.erase(stream);
      return pair(stream, message.request_relay().uuid());
    }
  }

  void pair(int stream, const std::string& uuid) {
    const auto [waiting, is_first] = waiting_.emplace(uuid, stream);
    if (is_first) return;
    const int partner = waiting->second;
    waiting_.erase(waiting);
    connect(stream, partner);
    connect(partner, stream);
    go_on(stream);
  }

  void connect(int from, int to) {
    auto direction = std::make_unique<Direction>();
    int ends[2];
    if (::pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0) fail("pipe2");
    (void)::fcntl(ends[0], F_SETPIPE_SZ, 256 * 1024);  // the kernel may allow less
    direction->pipe[0] = Descriptor(ends[0]);
    direction->pipe[1] = Descriptor(ends[1]);
    direction->from = from;
    direction->to = to;
    directions_[from] = std::move(direction);
  }

  // As far as it goes; false: the session is over.
  bool move(Direction& d) {
    constexpr std::size_t kMost = 1 << 20;
    for (;;) {
      const auto in = ::splice(d.from, nullptr, d.pipe[1].number(), nullptr, kMost,
                               SPLICE_F_NONBLOCK | SPLICE_F_MOVE);
      if (in == 0 || (in < 0 && errno != EAGAIN)) return false;
      if (in > 0) d.held += static_cast<std::size_t>(in);
      if (d.held == 0) return true;
      const auto out = ::splice(d.pipe[0].number(), nullptr, d.to, nullptr, d.held,
                                SPLICE_F_NONBLOCK | SPLICE_F_MOVE);
      if (out < 0) return errno == EAGAIN;
      d.held -= static_cast<std::size_t>(out);
    }
  }

  Descriptor listener_;
  Poll poll_;
  std::unordered_map<int, Descriptor> streams_;
  std::unordered_map<int, std::string> first_bytes_;  // of those that have not said who they are
  std::unordered_map<std::string, int> waiting_;
  std::unordered_map<int, std::unique_ptr<Direction>> directions_;
};

}  // namespace

void serve_fixed_answers(const Load& load) {
  constexpr std::size_t kBatch = 64, kLongest = 512;
  hbb::RendezvousMessage message;
  message.mutable_register_peer_response()->set_request_pk(false);
  std::string answer = message.SerializeAsString();

  const Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const sockaddr_in local = to_sockaddr(load.host, load.port);
  if (::bind(socket.number(), reinterpret_cast<const sockaddr*>(&local), sizeof local) != 0)
    fail("bind");
  const int size = 16 << 20;
  (void)::setsockopt(socket.number(), SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  static std::array<mmsghdr, kBatch> messages;
  static std::array<iovec, kBatch> in, out;
  static std::array<sockaddr_in, kBatch> peers;
  static std::array<std::array<char, kLongest>, kBatch> bytes;
  say_ready();
  for (;;) {
    for (std::size_t i = 0; i < kBatch; ++i) {
      in[i] = {bytes[i].data(), kLongest};
      messages[i].msg_hdr = {&peers[i], sizeof peers[i], &in[i], 1, nullptr, 0, 0};
    }
    const int count = ::recvmmsg(socket.number(), messages.data(), kBatch, MSG_WAITFORONE, nullptr);
    for (int i = 0; i < count; ++i) {
      const auto n = static_cast<std::size_t>(i);
      out[n] = {answer.data(), answer.size()};
      messages[n].msg_hdr.msg_iov = &out[n];
    }
    if (count > 0)
      (void)::sendmmsg(socket.number(), messages.data(), static_cast<unsigned>(count), 0);
  }
}

void serve_splices(const Load& load) {
  ::signal(SIGPIPE, SIG_IGN);
  Splices splices(load);
  say_ready();
  splices.run();
}

}  // namespace deskcheck::bench
