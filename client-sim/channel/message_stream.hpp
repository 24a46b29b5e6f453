// One party's connection: payloads, plain or encrypted, in either protocol. It is a TCP connection
// with frames, or a WebSocket with a Binary message per payload. Also the raw bytes underneath, for
// those who want to be wrong on purpose.
#pragma once

#include "client-sim/channel/transcript.hpp"
#include "proto/net/network.hpp"
#include "proto/net/websocket.hpp"
#include "proto/schema/members.hpp"
#include "proto/schema/rendezvous.pb.h"
#include "proto/schema/session.pb.h"
#include "proto/wire/frame.hpp"
#include "proto/wire/secure_channel.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace deskcheck::sim {

template <class T>
using Task = boost::asio::awaitable<T>;

// What a WebSocket's HTTP request says.
struct Upgrade {
  std::string path = "/";  // what clients ask for at an IP address
  std::vector<std::pair<std::string, std::string>> headers;

  Upgrade() = default;
};

class MessageStream {
 public:
  // Clients set no limit of their own; this is their library's, in bytes.
  static constexpr std::size_t kLongestWebSocketMessage = 64 * 1024 * 1024;

  // Port 0 in `from` takes a free one. connection_refused, timed_out, ...
  static Task<net::Result<MessageStream>> connect(net::World world, net::Endpoint from,
                                                  net::Endpoint to, Recorder recorder,
                                                  net::Deadline deadline);
  // upgrade_declined if the server answers with anything but 101.
  static Task<net::Result<MessageStream>> connect_websocket(net::World world, net::Endpoint from,
                                                            net::Endpoint to, Upgrade upgrade,
                                                            Recorder recorder,
                                                            net::Deadline deadline);
  MessageStream(net::ByteStream stream, Recorder recorder);
  MessageStream(net::WebSocket socket, Recorder recorder);
  MessageStream(MessageStream&&) = default;
  MessageStream& operator=(MessageStream&&) = default;

  net::Endpoint local() const { return local_; }
  net::Endpoint remote() const { return remote_; }
  bool is_websocket() const { return transport_ == Transport::websocket; }

  // How payloads are shown and parsed from here on: a relay connection starts as rendezvous and
  // becomes a session.
  void speak(Protocol protocol) { protocol_ = protocol; }
  // From here on payloads are encrypted in both directions.
  void encrypt(const wire::StreamKey& key) { channel_.emplace(key); }
  bool encrypted() const { return channel_.has_value(); }

  Task<net::Result<void>> send(std::string payload, net::Deadline deadline);
  Task<net::Result<void>> send(const google::protobuf::MessageLite& message,
                               net::Deadline deadline) {
    return send(message.SerializeAsString(), deadline);
  }
  // A payload that is not encrypted even if others are; what clients send as heartbeat is an empty
  // one.
  Task<net::Result<void>> send_plain(std::string payload, net::Deadline deadline);
  // No frame, no encryption; on a WebSocket one Binary message.
  Task<net::Result<void>> send_bytes(std::string bytes, net::Deadline deadline);

  // The next payload. asio::error::eof at an orderly end, frame_too_long, bad_ciphertext,
  // timed_out. On a WebSocket Text counts, never encrypted, and Ping and Pong do not, as clients
  // read it. client libs/hbb_common src/websocket.rs:277-314.
  Task<net::Result<std::string>> receive(net::Deadline deadline);
  // Bytes as they come, at least one; what was already buffered comes first.
  Task<net::Result<std::string>> receive_bytes(net::Deadline deadline);
  // Exactly `count` bytes.
  Task<net::Result<std::string>> receive_exactly(std::size_t count, net::Deadline deadline);
  // Ends with success when the peer ends or resets the connection; anything received is dropped.
  Task<net::Result<void>> closed(net::Deadline deadline);

  // The next payload as an envelope; not_a_message if it does not parse.
  template <class Envelope = hbb::RendezvousMessage>
  Task<net::Result<Envelope>> receive_message(net::Deadline deadline) {
    auto payload = co_await receive(deadline);
    if (!payload) co_return payload.error();
    Envelope envelope;
    if (!envelope.ParseFromString(*payload)) co_return wire::Error::not_a_message;
    co_return envelope;
  }
  // Scans until a message with this member.
  template <class Member, class Envelope = hbb::RendezvousMessage>
  Task<net::Result<Member>> next(net::Deadline deadline) {
    for (;;) {
      auto envelope = co_await receive_message<Envelope>(deadline);
      if (!envelope) co_return envelope.error();
      if (const auto* member = get_if<Member>(*envelope)) co_return *member;
    }
  }

  // --- WebSocket only: messages of every kind ---
  Task<net::Result<void>> send_any(net::WebSocketMessage message, net::Deadline deadline);
  Task<net::Result<net::WebSocketMessage>> receive_any(net::Deadline deadline);

  void shutdown_send();  // half close; TCP only
  // Ends this side in order, then waits until the peer has ended the other: it has read everything
  // by then. What it still sends is dropped. timed_out.
  Task<net::Result<void>> finish(net::Deadline deadline);
  void reset();
  // Ends the connection; only local(), remote() and encrypted() may be asked afterwards.
  void close();

 private:
  TranscriptLine line(TranscriptLine::What what) const;
  void ended(const boost::system::error_code& why);
  void ended(std::string why);
  Task<net::Result<void>> carry(std::string payload, net::Deadline deadline);
  Task<net::Result<void>> write(std::string bytes, net::Deadline deadline);
  Task<net::Result<void>> write_message(net::WebSocketMessage message, net::Deadline deadline);
  Task<net::Result<net::WebSocketMessage>> read_message(net::Deadline deadline);
  Task<net::Result<void>> fill(net::Deadline deadline);
  // A payload as it came, and whether it may be encrypted.
  using Carried = std::pair<std::string, bool>;
  Task<net::Result<Carried>> next_frame(net::Deadline deadline);
  Task<net::Result<Carried>> next_message(net::Deadline deadline);

  net::ByteStream stream_;
  std::optional<net::WebSocket> socket_;
  Transport transport_ = Transport::tcp;
  Recorder recorder_;
  net::Endpoint local_, remote_;
  Protocol protocol_ = Protocol::rendezvous;
  wire::FrameDecoder frames_;
  std::optional<wire::SecureChannel> channel_;
  bool open_ = true;
};

}  // namespace deskcheck::sim
