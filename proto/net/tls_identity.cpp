#include "proto/net/tls.hpp"
#include "proto/net/tls_openssl.hpp"

#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

#include <cstdlib>
#include <vector>

namespace deskcheck::net {

namespace {

std::shared_ptr<ssl_ctx_st> new_context(const SSL_METHOD* method) {
  std::shared_ptr<ssl_ctx_st> context(SSL_CTX_new(method), SSL_CTX_free);
  if (!context) throw TlsError("OpenSSL cannot be used: " + openssl_reason());
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  // No tickets: a connection is one conversation, and what is sent after the handshake without
  // being asked for turns the close of a client that reads nothing into a reset.
  SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_num_tickets(context.get(), 0);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return context;
}

bool is_end_of_pem() {
  const auto code = ERR_peek_last_error();
  return ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
}

std::vector<CertificateOwner> certificates_of(std::string_view pem) {
  ERR_clear_error();
  const auto source = bio_of(pem);
  std::vector<CertificateOwner> certificates;
  while (auto* one = PEM_read_bio_X509(source.get(), nullptr, nullptr, nullptr))
    certificates.emplace_back(one);
  if (!is_end_of_pem())
    throw TlsError("certificate " + std::to_string(certificates.size() + 1) +
                   " cannot be read: " + openssl_reason());
  ERR_clear_error();
  if (certificates.empty())
    throw TlsError("there is no certificate; write it as PEM: -----BEGIN CERTIFICATE-----");
  return certificates;
}

// The machine's file of certificates, where OpenSSL looks for it; empty if there is none. Read
// once: it takes some hundredths of a second, and is the same as long as the process lives.
const std::vector<CertificateOwner>& file_of_the_system() {
  static const auto certificates = [] {
    const char* chosen = std::getenv(X509_get_default_cert_file_env());
    const BioOwner source(BIO_new_file(chosen ? chosen : X509_get_default_cert_file(), "r"));
    std::vector<CertificateOwner> all;
    while (auto* one =
               source ? PEM_read_bio_X509_AUX(source.get(), nullptr, nullptr, nullptr) : nullptr)
      all.emplace_back(one);
    ERR_clear_error();
    return all;
  }();
  return certificates;
}

// Asked for a password by a key that has one: there is nobody to type it.
int no_password(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

KeyOwner private_key_of(std::string_view pem) {
  ERR_clear_error();
  const auto source = bio_of(pem);
  bool asked = false;
  KeyOwner key(PEM_read_bio_PrivateKey(source.get(), nullptr, no_password, &asked));
  if (key) return key;
  if (asked)
    throw TlsError(
        "the private key is protected by a password; write it without: openssl pkey -in KEY -out "
        "PLAIN");
  if (pem.find("PRIVATE KEY-----") == pem.npos) {
    ERR_clear_error();
    throw TlsError("there is no private key; write it as PEM: -----BEGIN PRIVATE KEY-----");
  }
  throw TlsError("the private key cannot be read: " + openssl_reason());
}

std::string iso_time(const ASN1_TIME* time) {
  std::tm parts{};
  char text[32] = "";
  if (ASN1_TIME_to_tm(time, &parts) == 1)
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

}  // namespace

TlsTrust::TlsTrust(bool system, std::string_view pem) : context_(new_context(TLS_client_method())) {
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  auto* store = SSL_CTX_get_cert_store(context_.get());
  // Whatever was given is believed, also a certificate that somebody else has signed.
  X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
  if (system) {
    SSL_CTX_set_default_verify_dir(context_.get());  // looks there when it needs one
    for (const auto& certificate : file_of_the_system())
      X509_STORE_add_cert(store, certificate.get());
  }
  if (!pem.empty() || !system)
    for (const auto& certificate : certificates_of(pem))
      X509_STORE_add_cert(store, certificate.get());
  ERR_clear_error();  // a system without certificates believes nobody, and that is an answer
}

TlsTrust TlsTrust::system() { return {true, {}}; }
TlsTrust TlsTrust::only(std::string_view pem) { return {false, pem}; }
TlsTrust TlsTrust::system_and(std::string_view pem) { return {true, pem}; }

TlsServing::TlsServing(std::string_view certificates, std::string_view private_key)
    : context_(new_context(TLS_server_method())) {
  const auto chain = certificates_of(certificates);
  const auto key = private_key_of(private_key);
  auto* own = chain.front().get();
  if (X509_check_private_key(own, key.get()) != 1) {
    ERR_clear_error();
    throw TlsError("the private key does not belong to the first certificate");
  }
  if (SSL_CTX_use_certificate(context_.get(), own) != 1 ||
      SSL_CTX_use_PrivateKey(context_.get(), key.get()) != 1)
    throw TlsError("the certificate cannot be used: " + openssl_reason());
  for (std::size_t i = 1; i < chain.size(); ++i)
    if (SSL_CTX_add1_chain_cert(context_.get(), chain[i].get()) != 1)
      throw TlsError("certificate " + std::to_string(i + 1) +
                     " cannot be used: " + openssl_reason());
  expires_ = iso_time(X509_get0_notAfter(own));
  expired_ = X509_cmp_current_time(X509_get0_notAfter(own)) < 0;
}

}  // namespace deskcheck::net
