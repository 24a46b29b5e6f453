#include "proto/net/tls_end.hpp"

#include "proto/net/tls.hpp"
#include "proto/net/within.hpp"

#include <openssl/x509v3.h>

namespace deskcheck::net {

namespace {

constexpr std::size_t kReadBelow = 16 * 1024;
constexpr std::size_t kLargestWrite = 64 * 1024;
// Answers of TLS itself (key updates) to a peer that does not read them.
constexpr std::size_t kMostOwed = 256 * 1024;

}  // namespace

TlsSession::TlsSession(ByteStream below, SessionOwner session)
    : below_(std::move(below)),
      session_(std::move(session)),
      incoming_(BIO_new(BIO_s_mem())),
      outgoing_(BIO_new(BIO_s_mem())) {
  BIO_set_mem_eof_return(incoming_, -1);
  BIO_set_mem_eof_return(outgoing_, -1);
  SSL_set_bio(session_.get(), incoming_, outgoing_);
}

void TlsSession::shake(Completion completion) {
  shaker_.start(std::move(completion));
  go_on();
}

void TlsSession::read(Buffers<asio::mutable_buffer> into, Completion completion) {
  into_ = into;
  if (into.begin() == into.end()) return post_completion(std::move(completion), {});
  reader_.start(std::move(completion));
  go_on();
}

void TlsSession::write(Buffers<asio::const_buffer> from, Completion completion) {
  from_ = from;
  taken_ = 0;
  if (from.begin() == from.end()) return post_completion(std::move(completion), {});
  writer_.start(std::move(completion));
  go_on();
}

void TlsSession::go_on() {
  if (closed_) return;
  ERR_clear_error();
  if (shaker_.waiting()) try_shake();
  if (reader_.waiting()) try_read();
  if (writer_.waiting()) try_write();
  flush();
}

error_code TlsSession::why_not(int returned) {
  switch (SSL_get_error(session_.get(), returned)) {
    case SSL_ERROR_WANT_READ:
      return shaken_ && below_end_ == asio::error::eof ? truncated_error() : below_end_;
    case SSL_ERROR_ZERO_RETURN:
      return asio::error::eof;
    default:
      broken_ = true;
      return openssl_error(shaken_ ? nullptr : session_.get());
  }
}

void TlsSession::try_shake() {
  const int returned = SSL_do_handshake(session_.get());
  if (returned == 1) {
    shaken_ = true;
    return shaker_.finish({});
  }
  const auto error = why_not(returned);
  if (!error) return listen();
  flush();  // the alert goes out before whoever waits gives the connection up
  shaker_.finish(error);
}

void TlsSession::try_read() {
  if (read_end_) return reader_.finish(read_end_);
  const auto& room = *into_.begin();
  std::size_t size = 0;
  const int returned = SSL_read_ex(session_.get(), room.data(), room.size(), &size);
  if (returned == 1) return reader_.finish({}, size);
  read_end_ = why_not(returned);
  if (!read_end_ && BIO_ctrl_pending(outgoing_) > kMostOwed)
    read_end_ = asio::error::no_buffer_space;
  if (!read_end_) return listen();
  reader_.finish(read_end_);
}

void TlsSession::try_write() {
  // What an earlier write has left goes first.
  if (sending_ || !out_.empty() || taken_ > 0) return;
  if (write_end_) return writer_.finish(write_end_);
  if (ends_sending_) return writer_.finish(asio::error::broken_pipe);
  encrypt();
}

void TlsSession::encrypt() {
  std::string plain(std::min(asio::buffer_size(from_), kLargestWrite), '\0');
  asio::buffer_copy(asio::buffer(plain), from_);
  std::size_t size = 0;
  const int returned = SSL_write_ex(session_.get(), plain.data(), plain.size(), &size);
  if (returned == 1) {
    taken_ = size;
    return;
  }
  write_end_ = why_not(returned);
  if (!write_end_) write_end_ = asio::error::not_connected;  // before the handshake
  writer_.finish(write_end_);
}

void TlsSession::flush() {
  if (sending_) return;
  if (out_.empty()) {
    out_.resize(BIO_ctrl_pending(outgoing_));
    out_done_ = 0;
    if (!out_.empty()) BIO_read(outgoing_, out_.data(), static_cast<int>(out_.size()));
  }
  if (write_end_) {
    out_.clear();
    taken_ = 0;
    return writer_.finish(write_end_);
  }
  if (out_.empty()) {
    if (taken_ > 0) writer_.finish({}, std::exchange(taken_, 0));
    if (ends_sending_ && !std::exchange(fin_sent_, true)) below()->shutdown_send();
    return;
  }
  sending_ = true;
  const auto rest = asio::const_buffer(asio::buffer(out_)) + out_done_;
  auto done = [self = shared_from_this()](error_code ec, std::size_t size) {
    self->sent(ec, size);
  };
  below()->write_some(Buffers<asio::const_buffer>(rest),
                      Completion(std::move(done), below_.get_executor()));
}

void TlsSession::sent(error_code ec, std::size_t size) {
  sending_ = false;
  if (closed_) return;
  if (ec) write_end_ = ec;
  out_done_ += size;
  if (out_done_ == out_.size()) out_.clear();
  go_on();
}

void TlsSession::listen() {
  if (std::exchange(listening_, true)) return;
  heard_.resize(kReadBelow);
  auto done = [self = shared_from_this()](error_code ec, std::size_t size) {
    self->heard(ec, size);
  };
  below()->read_some(Buffers<asio::mutable_buffer>(asio::buffer(heard_)),
                     Completion(std::move(done), below_.get_executor()));
}

void TlsSession::heard(error_code ec, std::size_t size) {
  listening_ = false;
  if (closed_) return;
  if (ec) below_end_ = ec;
  if (size > 0) BIO_write(incoming_, heard_.data(), static_cast<int>(size));
  go_on();
}

void TlsSession::say_goodbye() {
  if (shaken_ && !broken_ && !write_end_) SSL_shutdown(session_.get());
  ERR_clear_error();
}

void TlsSession::end_sending() {
  if (std::exchange(ends_sending_, true)) return;
  say_goodbye();
  flush();
}

void TlsSession::reset() {
  read_end_ = write_end_ = asio::error::bad_descriptor;
  below()->reset();
}

// The goodbye is tried once: closing must not wait for a peer that does not read.
void TlsSession::close() {
  if (!std::exchange(ends_sending_, true)) say_goodbye();
  flush();
  closed_ = true;
  for (auto* waiter : {&shaker_, &reader_, &writer_})
    waiter->finish(asio::error::operation_aborted);
  below_.close();
}

TlsStreamEnd::TlsStreamEnd(ByteStream below, SessionOwner session)
    : session_(std::make_shared<TlsSession>(std::move(below), std::move(session))) {}
TlsStreamEnd::~TlsStreamEnd() { session_->close(); }

void TlsStreamEnd::connect(Endpoint, Completion completion) {
  post_completion(std::move(completion), asio::error::already_connected);
}
void TlsStreamEnd::read_some(Buffers<asio::mutable_buffer> into, Completion completion) {
  session_->read(into, std::move(completion));
}
void TlsStreamEnd::write_some(Buffers<asio::const_buffer> from, Completion completion) {
  session_->write(from, std::move(completion));
}

namespace {

awaitable<Result<ByteStream>> shaken(ByteStream below, SessionOwner session, Deadline deadline) {
  auto end = std::make_unique<TlsStreamEnd>(std::move(below), std::move(session));
  auto* const shaking = end.get();
  const auto start = [shaking](Completion completion) { shaking->shake(std::move(completion)); };
  auto done = co_await within(deadline, shaking->executor(), start);
  if (!done) co_return done.error();
  co_return ByteStream(std::move(end));
}

bool expects_host(SSL* session, const std::string& host) {
  error_code not_an_address;
  asio::ip::make_address(host, not_an_address);
  auto* wanted = SSL_get0_param(session);
  if (!not_an_address) return X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) == 1;
  X509_VERIFY_PARAM_set_hostflags(
      wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  return !host.empty() && SSL_set_tlsext_host_name(session, host.c_str()) == 1 &&
         X509_VERIFY_PARAM_set1_host(wanted, host.data(), host.size()) == 1;
}

}  // namespace

awaitable<Result<ByteStream>> tls_connect(ByteStream below, TlsTrust trust, std::string host,
                                          Deadline deadline) {
  SessionOwner session(SSL_new(trust.context()));
  if (!session || !expects_host(session.get(), host))
    co_return error_code(asio::error::invalid_argument);
  SSL_set_connect_state(session.get());
  co_return co_await shaken(std::move(below), std::move(session), deadline);
}

awaitable<Result<ByteStream>> tls_accept(ByteStream below, TlsServing serving, Deadline deadline) {
  SessionOwner session(SSL_new(serving.context()));
  if (!session) co_return error_code(asio::error::no_memory);
  SSL_set_accept_state(session.get());
  co_return co_await shaken(std::move(below), std::move(session), deadline);
}

}  // namespace deskcheck::net
