// OpenSSL's objects as owners, and its errors as ours. Private to proto/net.
#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <boost/system/error_code.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace deskcheck::net {

template <auto kFree>
struct OpenSslFree {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using BioOwner = std::unique_ptr<BIO, OpenSslFree<BIO_free_all>>;
using CertificateOwner = std::unique_ptr<X509, OpenSslFree<X509_free>>;
using KeyOwner = std::unique_ptr<EVP_PKEY, OpenSslFree<EVP_PKEY_free>>;
using SessionOwner = std::unique_ptr<SSL, OpenSslFree<SSL_free>>;

inline BioOwner bio_of(std::string_view bytes) {
  return BioOwner(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

// The first of OpenSSL's queued errors, in its words; empties the queue.
std::string openssl_reason();
// The same as a value. `session` (may be null): its verification result goes before.
boost::system::error_code openssl_error(const SSL* session);
boost::system::error_code truncated_error();

}  // namespace deskcheck::net
