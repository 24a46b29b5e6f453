#include "proto/net/tls.hpp"
#include "proto/net/tls_openssl.hpp"

#include <openssl/sslerr.h>
#include <openssl/x509_vfy.h>

namespace deskcheck::net {

namespace {

// OpenSSL's packed codes are above 2^23, so small numbers are ours.
constexpr int kTruncated = 1;
constexpr int kUnknown = 2;

class TlsCategory final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "tls"; }
  std::string message(int value) const override {
    if (value == kTruncated) return "the peer closed the connection without TLS's close_notify";
    const auto code = static_cast<unsigned long>(value);
    const char* reason = ERR_reason_error_string(code);
    if (!reason) return "TLS failed";
    std::string text = std::string("TLS: ") + reason;
    if (ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == SSL_R_WRONG_VERSION_NUMBER)
      text += " (the peer does not seem to speak TLS there)";
    return text;
  }
};

class VerifyCategory final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "tls certificate"; }
  std::string message(int value) const override {
    return std::string("its certificate is not trusted: ") + X509_verify_cert_error_string(value);
  }
};

const TlsCategory& tls_category() {
  static const TlsCategory category;
  return category;
}
const VerifyCategory& verify_category() {
  static const VerifyCategory category;
  return category;
}

}  // namespace

std::string openssl_reason() {
  const auto code = ERR_get_error();
  ERR_clear_error();
  const char* reason = code ? ERR_reason_error_string(code) : nullptr;
  return reason ? reason : "unknown reason";
}

boost::system::error_code openssl_error(const SSL* session) {
  const long verified = session ? SSL_get_verify_result(session) : X509_V_OK;
  const auto code = static_cast<int>(ERR_get_error() & 0x7fffffff);
  ERR_clear_error();
  if (verified != X509_V_OK) return {static_cast<int>(verified), verify_category()};
  return {code == 0 ? kUnknown : code, tls_category()};
}

boost::system::error_code truncated_error() { return {kTruncated, tls_category()}; }

bool is_untrusted(const error_code& error) { return error.category() == verify_category(); }
bool is_truncated(const error_code& error) { return error == truncated_error(); }

}  // namespace deskcheck::net
