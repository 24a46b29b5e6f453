#include "client-sim/channel/message_stream.hpp"

#include <boost/asio/write.hpp>

namespace deskcheck::sim {

namespace asio = boost::asio;

namespace {
constexpr std::size_t kReadSize = 64 * 1024;
}

Task<net::Result<MessageStream>> MessageStream::connect(net::World world, net::Endpoint from,
                                                        net::Endpoint to, Recorder recorder,
                                                        net::Deadline deadline) {
  auto stream = co_await world.network.connect(from, to, deadline);
  if (!stream) {
    TranscriptLine failed;
    failed.what = TranscriptLine::What::closed;
    failed.transport = Transport::tcp;
    failed.local = from;
    failed.remote = to;
    failed.text = "cannot connect: " + stream.error().message();
    recorder.record(std::move(failed));
    co_return stream.error();
  }
  co_return MessageStream(std::move(*stream), std::move(recorder));
}

MessageStream::MessageStream(net::ByteStream stream, Recorder recorder)
    : stream_(std::move(stream)),
      recorder_(std::move(recorder)),
      local_(stream_->local()),
      remote_(stream_->remote()) {
  recorder_.record(line(TranscriptLine::What::connected));
}

TranscriptLine MessageStream::line(TranscriptLine::What what) const {
  TranscriptLine line;
  line.what = what;
  line.transport = Transport::tcp;
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

Task<net::Result<void>> MessageStream::send(std::string payload, net::Deadline deadline) {
  recorder_.record(line(TranscriptLine::What::sent), payload);
  if (channel_) payload = channel_->seal(payload);
  auto frame = wire::encode_frame(payload);
  if (!frame) co_return frame.error();
  const std::string bytes = std::move(*frame);
  auto sent = co_await asio::async_write(stream_, asio::buffer(bytes), deadline);
  if (!sent) {
    ended(sent.error());
    co_return sent.error();
  }
  co_return net::Result<void>();
}

Task<net::Result<void>> MessageStream::send_bytes(std::string bytes, net::Deadline deadline) {
  auto raw = line(TranscriptLine::What::sent);
  raw.protocol = Protocol::raw;
  recorder_.record(std::move(raw), bytes);
  auto sent = co_await asio::async_write(stream_, asio::buffer(bytes), deadline);
  if (!sent) {
    ended(sent.error());
    co_return sent.error();
  }
  co_return net::Result<void>();
}

Task<net::Result<void>> MessageStream::fill(net::Deadline deadline) {
  std::string room(kReadSize, '\0');
  auto read = co_await stream_.async_read_some(asio::buffer(room), deadline);
  if (!read) {
    ended(read.error());
    co_return read.error();
  }
  frames_.feed(std::string_view(room).substr(0, *read));
  co_return net::Result<void>();
}

Task<net::Result<std::string>> MessageStream::receive(net::Deadline deadline) {
  for (;;) {
    auto frame = frames_.next();
    if (!frame) co_return frame.error();
    if (*frame) {
      std::string payload = std::move(**frame);
      if (channel_) {
        auto plain = channel_->open(payload);
        if (!plain) co_return plain.error();
        payload = std::move(*plain);
      }
      recorder_.record(line(TranscriptLine::What::received), payload);
      co_return payload;
    }
    auto filled = co_await fill(deadline);
    if (!filled) co_return filled.error();
  }
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

void MessageStream::shutdown_send() { stream_->shutdown_send(); }

void MessageStream::reset() {
  ended("reset by this side");
  stream_->reset();
}

void MessageStream::close() {
  ended("by this side");
  stream_.close();
}

}  // namespace deskcheck::sim
