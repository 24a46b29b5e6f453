// TLS 1.2 and 1.3 over a byte stream of either world, both sides of it: what comes out is a byte
// stream again. Decides whom a client believes; knows no protocol above it, and no files.
//
// How a connection ends: shutdown_send() sends close_notify and then FIN, and the other direction
// goes on, as RFC 8446 6.1 has it. Destroying the stream sends close_notify as well. A peer that
// just closes, without close_notify, is an error (is_truncated) and not eof: anybody between
// the two can close a connection, so an answer that ends with it (no Content-Length) must not count
// as whole. Those whose length is known are read before that and lose nothing; this is what the
// HTTP stacks of clients (rustls, OpenSSL 3) do.
#pragma once

#include "proto/net/network.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace deskcheck::net {

// What is wrong with certificates or keys that somebody gave us: one line, without the file's name.
struct TlsError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Certificates that a client believes. Reading those of the system takes a while: made once, and
// cheap to copy.
class TlsTrust {
 public:
  static TlsTrust system();  // of the machine, as OpenSSL finds them (SSL_CERT_FILE, SSL_CERT_DIR)
  // `pem`: one or more certificates; each is believed, whether it is an authority's or a server's
  // own. These throw TlsError.
  static TlsTrust only(std::string_view pem);
  static TlsTrust system_and(std::string_view pem);

  ssl_ctx_st* context() const { return context_.get(); }

 private:
  TlsTrust(bool system, std::string_view pem);
  std::shared_ptr<ssl_ctx_st> context_;
};

// What a server shows and signs with.
class TlsServing {
 public:
  // `certificates`: PEM, the server's own and then those that vouch for it. `private_key`: PEM,
  // without a password. Throws TlsError: nothing in them, not readable, not belonging together.
  TlsServing(std::string_view certificates, std::string_view private_key);

  const std::string& expires() const { return expires_; }  // UTC: "2026-11-25T13:22:54Z"
  bool expired() const { return expired_; }                // when it was read

  ssl_ctx_st* context() const { return context_.get(); }

 private:
  std::shared_ptr<ssl_ctx_st> context_;
  std::string expires_;
  bool expired_ = false;
};

// Both take `below` over, and wait until the other side has shown what it can. Errors: those of the
// stream below, timed_out, eof if the peer went away, and TLS's own, whose message() says what
// OpenSSL says.
// `host`: a name or an address without brackets; the certificate has to be for it.
awaitable<Result<ByteStream>> tls_connect(ByteStream below, TlsTrust trust, std::string host,
                                          Deadline deadline);
awaitable<Result<ByteStream>> tls_accept(ByteStream below, TlsServing serving, Deadline deadline);

// The peer's certificate is not believed: unknown issuer, wrong name, expired.
bool is_untrusted(const error_code& error);
// The peer closed the connection without saying so by TLS.
bool is_truncated(const error_code& error);

}  // namespace deskcheck::net
