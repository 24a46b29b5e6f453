#include "client-sim/channel/message_stream.hpp"

#include <boost/asio/write.hpp>

namespace deskcheck::sim {

namespace asio = boost::asio;

namespace {

using Kind = net::WebSocketMessage::Kind;

constexpr std::size_t kReadSize = 64 * 1024;

void record_failure(const Recorder& recorder, Transport transport, const net::Endpoint& from,
                    const net::Endpoint& to, const boost::system::error_code& why) {
  TranscriptLine failed;
  failed.what = TranscriptLine::What::closed;
  failed.transport = transport;
  failed.local = from;
  failed.remote = to;
  failed.text = "cannot connect: " + why.message();
  recorder.record(std::move(failed));
}

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::binary:
      return "binary";
    case Kind::text:
      return "text";
    case Kind::ping:
      return "ping";
    case Kind::pong:
      break;
  }
  return "pong";
}

}  // namespace

Task<net::Result<MessageStream>> MessageStream::connect(net::World world, net::Endpoint from,
                                                        net::Endpoint to, Recorder recorder,
                                                        net::Deadline deadline) {
  auto stream = co_await world.network.connect(from, to, deadline);
  if (!stream) {
    record_failure(recorder, Transport::tcp, from, to, stream.error());
    co_return stream.error();
  }
  co_return MessageStream(std::move(*stream), std::move(recorder));
}

Task<net::Result<MessageStream>> MessageStream::connect_websocket(net::World world,
                                                                  net::Endpoint from,
                                                                  net::Endpoint to, Upgrade upgrade,
                                                                  Recorder recorder,
                                                                  net::Deadline deadline) {
  auto stream = co_await world.network.connect(from, to, deadline);
  if (!stream) {
    record_failure(recorder, Transport::websocket, from, to, stream.error());
    co_return stream.error();
  }
  std::string host = to_string(to);
  auto socket = co_await net::WebSocket::connect(
      std::move(*stream), std::move(host), std::move(upgrade.path), std::move(upgrade.headers),
      kLongestWebSocketMessage, deadline);
  if (!socket) {
    record_failure(recorder, Transport::websocket, from, to, socket.error());
    co_return socket.error();
  }
  co_return MessageStream(std::move(*socket), std::move(recorder));
}

MessageStream::MessageStream(net::ByteStream stream, Recorder recorder)
    : stream_(std::move(stream)),
      recorder_(std::move(recorder)),
      local_(stream_->local()),
      remote_(stream_->remote()) {
  recorder_.record(line(TranscriptLine::What::connected));
}

MessageStream::MessageStream(net::WebSocket socket, Recorder recorder)
    : socket_(std::move(socket)),
      transport_(Transport::websocket),
      recorder_(std::move(recorder)),
      local_(socket_->local()),
      remote_(socket_->remote()) {
  recorder_.record(line(TranscriptLine::What::connected));
}

TranscriptLine MessageStream::line(TranscriptLine::What what) const {
  TranscriptLine line;
  line.what = what;
  line.transport = transport_;
  line.protocol = protocol_;
  line.encrypted = channel_.has_value();
  line.local = local_;
  line.remote = remote_;
  return line;
}

void MessageStream::ended(const boost::system::error_code& why) {
  if (why == asio::error::timed_out) return;
  ended(why == asio::error::eof ? "by the peer" : why.message());
}

void MessageStream::ended(std::string why) {
  if (!open_) return;
  open_ = false;
  auto end = line(TranscriptLine::What::closed);
  end.text = std::move(why);
  recorder_.record(std::move(end));
}

// --- sending -------------------------------------------------------------------------------------

Task<net::Result<void>> MessageStream::send(std::string payload, net::Deadline deadline) {
  recorder_.record(line(TranscriptLine::What::sent), payload);
  if (channel_) payload = channel_->seal(payload);
  return carry(std::move(payload), deadline);
}

Task<net::Result<void>> MessageStream::send_plain(std::string payload, net::Deadline deadline) {
  auto plain = line(TranscriptLine::What::sent);
  plain.encrypted = false;
  recorder_.record(std::move(plain), payload);
  return carry(std::move(payload), deadline);
}

Task<net::Result<void>> MessageStream::send_bytes(std::string bytes, net::Deadline deadline) {
  auto raw = line(TranscriptLine::What::sent);
  raw.protocol = Protocol::raw;
  recorder_.record(std::move(raw), bytes);
  if (!socket_) return write(std::move(bytes), deadline);
  return carry(std::move(bytes), deadline);
}

Task<net::Result<void>> MessageStream::send_any(net::WebSocketMessage message,
                                                net::Deadline deadline) {
  auto any = line(TranscriptLine::What::sent);
  any.protocol = Protocol::raw;
  any.text = to_string(message.kind);
  recorder_.record(std::move(any), message.bytes);
  return write_message(std::move(message), deadline);
}

Task<net::Result<void>> MessageStream::carry(std::string payload, net::Deadline deadline) {
  if (socket_) {
    net::WebSocketMessage message{Kind::binary, std::move(payload)};
    co_return co_await write_message(std::move(message), deadline);
  }
  auto frame = wire::encode_frame(payload);
  if (!frame) co_return frame.error();
  std::string bytes = std::move(*frame);
  co_return co_await write(std::move(bytes), deadline);
}

Task<net::Result<void>> MessageStream::write(std::string bytes, net::Deadline deadline) {
  auto sent = co_await asio::async_write(stream_, asio::buffer(bytes), deadline);
  if (!sent) {
    ended(sent.error());
    co_return sent.error();
  }
  co_return net::Result<void>();
}

Task<net::Result<void>> MessageStream::write_message(net::WebSocketMessage message,
                                                     net::Deadline deadline) {
  auto sent = co_await socket_->write(std::move(message), deadline);
  if (!sent) ended(sent.error());
  co_return sent;
}

// --- receiving -----------------------------------------------------------------------------------

Task<net::Result<net::WebSocketMessage>> MessageStream::read_message(net::Deadline deadline) {
  auto message = co_await socket_->read(deadline);
  if (!message) ended(message.error());
  co_return message;
}

// More bytes for the decoder; those of a WebSocket are whole payloads, of which only the bytes are
// asked for.
Task<net::Result<void>> MessageStream::fill(net::Deadline deadline) {
  if (socket_) {
    auto message = co_await read_message(deadline);
    if (!message) co_return message.error();
    frames_.feed(message->bytes);
    co_return net::Result<void>();
  }
  std::string room(kReadSize, '\0');
  auto read = co_await stream_.async_read_some(asio::buffer(room), deadline);
  if (!read) {
    ended(read.error());
    co_return read.error();
  }
  frames_.feed(std::string_view(room).substr(0, *read));
  co_return net::Result<void>();
}

Task<net::Result<MessageStream::Carried>> MessageStream::next_frame(net::Deadline deadline) {
  for (;;) {
    auto frame = frames_.next();
    if (!frame) co_return frame.error();
    if (*frame) co_return Carried(std::move(**frame), true);
    auto filled = co_await fill(deadline);
    if (!filled) co_return filled.error();
  }
}

Task<net::Result<MessageStream::Carried>> MessageStream::next_message(net::Deadline deadline) {
  for (;;) {
    auto message = co_await read_message(deadline);
    if (!message) co_return message.error();
    if (message->kind == Kind::binary) co_return Carried(std::move(message->bytes), true);
    if (message->kind == Kind::text) co_return Carried(std::move(message->bytes), false);
  }
}

Task<net::Result<std::string>> MessageStream::receive(net::Deadline deadline) {
  auto next = socket_ ? next_message(deadline) : next_frame(deadline);
  auto carried = co_await std::move(next);
  if (!carried) co_return carried.error();
  std::string payload = std::move(carried->first);
  if (channel_ && carried->second) {
    auto plain = channel_->open(payload);
    if (!plain) co_return plain.error();
    payload = std::move(*plain);
  }
  recorder_.record(line(TranscriptLine::What::received), payload);
  co_return payload;
}

Task<net::Result<net::WebSocketMessage>> MessageStream::receive_any(net::Deadline deadline) {
  auto message = co_await read_message(deadline);
  if (!message) co_return message.error();
  auto any = line(TranscriptLine::What::received);
  if (message->kind != Kind::binary) {
    any.protocol = Protocol::raw;
    any.text = to_string(message->kind);
  }
  recorder_.record(std::move(any), message->bytes);
  co_return message;
}

Task<net::Result<std::string>> MessageStream::receive_bytes(net::Deadline deadline) {
  std::string bytes = frames_.take_rest();
  if (bytes.empty()) {
    auto filled = co_await fill(deadline);
    if (!filled) co_return filled.error();
    bytes = frames_.take_rest();
  }
  auto raw = line(TranscriptLine::What::received);
  raw.protocol = Protocol::raw;
  recorder_.record(std::move(raw), bytes);
  co_return bytes;
}

Task<net::Result<std::string>> MessageStream::receive_exactly(std::size_t count,
                                                              net::Deadline deadline) {
  std::string all;
  while (all.size() < count) {
    auto more = co_await receive_bytes(deadline);
    if (!more) co_return more.error();
    all += *more;
  }
  frames_.feed(std::string_view(all).substr(count));
  all.resize(count);
  co_return all;
}

// --- the end -------------------------------------------------------------------------------------

Task<net::Result<void>> MessageStream::closed(net::Deadline deadline) {
  for (;;) {
    auto filled = co_await fill(deadline);
    if (filled) {
      (void)frames_.take_rest();
      continue;
    }
    if (filled.error() == asio::error::timed_out) co_return filled.error();
    co_return net::Result<void>();
  }
}

Task<net::Result<void>> MessageStream::finish(net::Deadline deadline) {
  if (!socket_) {
    shutdown_send();
    co_return co_await closed(deadline);
  }
  auto done = co_await socket_->close(deadline);
  if (!done && done.error() == asio::error::timed_out) co_return done.error();
  ended("by this side");
  co_return net::Result<void>();
}

void MessageStream::shutdown_send() {
  if (!socket_) stream_->shutdown_send();
}

void MessageStream::reset() {
  ended("reset by this side");
  if (socket_)
    socket_->reset();
  else
    stream_->reset();
}

void MessageStream::close() {
  ended("by this side");
  stream_.close();
  socket_.reset();
}

}  // namespace deskcheck::sim
