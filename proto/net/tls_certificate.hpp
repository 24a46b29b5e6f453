// Makes certificates for servers that live as long as a test or a run: nothing that expires has to
// be kept in a repository.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace deskcheck::net {

struct CertificateWish {
  std::vector<std::string> hosts;  // names and addresses that it is for
  // From now; negative: in the past. The wall clock's, because verification uses that as well.
  std::chrono::seconds from = -std::chrono::hours(24);
  std::chrono::seconds until = std::chrono::hours(24 * 30);

  CertificateWish() = default;
};

struct MadeCertificate {
  std::string
      certificate;  // PEM; it vouches for itself, so whoever believes it believes the server
  std::string private_key;  // PEM

  MadeCertificate() = default;
};

// Ed25519: its signatures have one length, so simulated runs do not differ in it.
MadeCertificate make_certificate(const CertificateWish& wish);

}  // namespace deskcheck::net
