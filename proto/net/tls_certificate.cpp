#include "proto/net/tls_certificate.hpp"

#include "proto/net/tls.hpp"
#include "proto/net/tls_openssl.hpp"

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <boost/asio/ip/address.hpp>

namespace deskcheck::net {

namespace {

void made(bool well) {
  if (!well) throw TlsError("no certificate can be made: " + openssl_reason());
}

template <class Write>
std::string pem_of(Write write) {
  const BioOwner sink(BIO_new(BIO_s_mem()));
  made(write(sink.get()) == 1);
  char* data = nullptr;
  const auto size = BIO_get_mem_data(sink.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

void add_extension(X509* certificate, int name, const std::string& value) {
  auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, name, value.c_str());
  made(extension != nullptr);
  const bool well = X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  made(well);
}

std::string alternative_names(const std::vector<std::string>& hosts) {
  std::string list;
  for (const auto& host : hosts) {
    boost::system::error_code not_an_address;
    boost::asio::ip::make_address(host, not_an_address);
    list += (list.empty() ? "" : ",") + std::string(not_an_address ? "DNS:" : "IP:") + host;
  }
  return list;
}

}  // namespace

MadeCertificate make_certificate(const CertificateWish& wish) {
  const KeyOwner key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  const CertificateOwner certificate(X509_new());
  made(key && certificate);
  auto* x509 = certificate.get();
  std::uint32_t serial = 0;
  made(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1);
  serial = (serial & 0x3fffffff) | 0x40000000;  // always four bytes
  X509_set_version(x509, X509_VERSION_3);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), serial);
  X509_gmtime_adj(X509_getm_notBefore(x509), wish.from.count());
  X509_gmtime_adj(X509_getm_notAfter(x509), wish.until.count());
  made(X509_set_pubkey(x509, key.get()) == 1);
  auto* name = X509_get_subject_name(x509);
  const std::string common = "deskcheck " + std::to_string(serial);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(common.c_str()), -1, -1, 0);
  X509_set_issuer_name(x509, name);
  if (!wish.hosts.empty()) add_extension(x509, NID_subject_alt_name, alternative_names(wish.hosts));
  made(X509_sign(x509, key.get(), nullptr) > 0);
  MadeCertificate result;
  result.certificate = pem_of([&](BIO* sink) { return PEM_write_bio_X509(sink, x509); });
  result.private_key = pem_of([&](BIO* sink) {
    return PEM_write_bio_PrivateKey(sink, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  return result;
}

}  // namespace deskcheck::net
