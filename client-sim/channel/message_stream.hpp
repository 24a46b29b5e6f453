// One party's TCP connection: framed payloads, plain or encrypted, in either protocol. Also the raw
// bytes underneath, for those who want to be wrong on purpose.
#pragma once

#include "client-sim/channel/transcript.hpp"
#include "proto/net/network.hpp"
#include "proto/schema/members.hpp"
#include "proto/schema/rendezvous.pb.h"
#include "proto/schema/session.pb.h"
#include "proto/wire/frame.hpp"
#include "proto/wire/secure_channel.hpp"

#include <optional>

namespace deskcheck::sim {

template <class T>
using Task = boost::asio::awaitable<T>;

class MessageStream {
 public:
  // Port 0 in `from` takes a free one. connection_refused, timed_out, ...
  static Task<net::Result<MessageStream>> connect(net::World world, net::Endpoint from,
                                                  net::Endpoint to, Recorder recorder,
                                                  net::Deadline deadline);
  MessageStream(net::ByteStream stream, Recorder recorder);
  MessageStream(MessageStream&&) = default;
  MessageStream& operator=(MessageStream&&) = default;

  net::Endpoint local() const { return local_; }
  net::Endpoint remote() const { return remote_; }

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
  // No frame, no encryption.
  Task<net::Result<void>> send_bytes(std::string bytes, net::Deadline deadline);

  // The next payload. asio::error::eof at an orderly end, frame_too_long, bad_ciphertext,
  // timed_out.
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

  void shutdown_send();  // half close
  void reset();
  // Ends the connection; only local(), remote() and encrypted() may be asked afterwards.
  void close();

 private:
  TranscriptLine line(TranscriptLine::What what) const;
  void ended(const boost::system::error_code& why);
  void ended(std::string why);
  Task<net::Result<void>> fill(net::Deadline deadline);

  net::ByteStream stream_;
  Recorder recorder_;
  net::Endpoint local_, remote_;
  Protocol protocol_ = Protocol::rendezvous;
  wire::FrameDecoder frames_;
  std::optional<wire::SecureChannel> channel_;
  bool open_ = true;
};

}  // namespace deskcheck::sim
