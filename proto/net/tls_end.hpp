// One end of a TLS connection: OpenSSL between two memory buffers, fed from and emptied into the
// stream below. Private to proto/net.
#pragma once

#include "proto/net/network.hpp"
#include "proto/net/tls_openssl.hpp"

namespace deskcheck::net {

// Shared with the one read and the one write below that may be in flight: a wait of ours that is
// cut short by its deadline must not cut them short, because half a record would be lost.
class TlsSession : public std::enable_shared_from_this<TlsSession> {
 public:
  // `session` knows already which side it is.
  TlsSession(ByteStream below, SessionOwner session);

  void shake(Completion completion);
  void read(Buffers<asio::mutable_buffer> into, Completion completion);
  void write(Buffers<asio::const_buffer> from, Completion completion);
  void end_sending();
  void reset();
  void close();
  StreamEnd* below() const { return below_.operator->(); }

 private:
  void go_on();  // does whatever can be done now
  void try_shake();
  void try_read();
  void try_write();
  void encrypt();
  void flush();
  void listen();
  void heard(error_code ec, std::size_t size);
  void sent(error_code ec, std::size_t size);
  void say_goodbye();
  // Why OpenSSL's last call gave nothing; no error: it wants more from the peer.
  error_code why_not(int returned);

  mutable ByteStream below_;
  SessionOwner session_;
  BIO* incoming_;  // of the session
  BIO* outgoing_;
  std::string heard_;  // room of the read below
  std::string out_;    // records on their way
  std::size_t out_done_ = 0;
  bool listening_ = false, sending_ = false, closed_ = false;
  bool shaken_ = false, broken_ = false, ends_sending_ = false, fin_sent_ = false;
  error_code below_end_;  // why nothing more comes from below
  error_code read_end_;   // why nothing more comes out
  error_code write_end_;  // why nothing more goes out
  Waiter shaker_, reader_, writer_;
  Buffers<asio::mutable_buffer> into_;
  Buffers<asio::const_buffer> from_;
  std::size_t taken_ = 0;  // bytes of from_ that are in records already
};

class TlsStreamEnd final : public StreamEnd {
 public:
  TlsStreamEnd(ByteStream below, SessionOwner session);
  ~TlsStreamEnd() override;
  void shake(Completion completion) { session_->shake(std::move(completion)); }

  asio::any_io_executor executor() override { return session_->below()->executor(); }
  Endpoint local() const override { return session_->below()->local(); }
  Endpoint remote() const override { return session_->below()->remote(); }
  // It is connected already.
  void connect(Endpoint, Completion completion) override;
  void read_some(Buffers<asio::mutable_buffer> into, Completion completion) override;
  void write_some(Buffers<asio::const_buffer> from, Completion completion) override;
  void shutdown_send() override { session_->end_sending(); }
  void reset() override { session_->reset(); }

 private:
  std::shared_ptr<TlsSession> session_;
};

}  // namespace deskcheck::net
