#include "cli/serve_tls.hpp"

#include "cli/files.hpp"
#include "proto/net/tls.hpp"
#include "reference-server/options.hpp"

#include <fmt/format.h>

namespace deskcheck::cli {

CLI::Option* add_tls_flags(CLI::App& app, ServeCommand& c) {
  auto* certificate =
      app.add_option("--tls-certificate", c.tls_certificate,
                     "Serves the HTTP API over HTTPS, too: the server's certificate and those that "
                     "vouch for it, a file in PEM");
  auto* key = app.add_option("--tls-key", c.tls_key, "Its private key, in PEM, without a password");
  auto* port = app.add_option("--https-port", c.https_port, "The port of it; 0: a free one");
  certificate->needs(key)->needs(port);
  key->needs(certificate);
  port->needs(certificate);
  return certificate;
}

void choose_tls(const ServeCommand& c, server::Options& options) {
  if (c.tls_certificate.empty()) return;
  server::TlsIdentity identity;
  identity.certificates = read_document(c.tls_certificate, "a certificate in PEM");
  identity.private_key = read_document(c.tls_key, "its private key in PEM");
  try {
    const net::TlsServing serving(identity.certificates, identity.private_key);
    if (serving.expired())
      fmt::print(stderr,
                 "deskcheck: the certificate of --tls-certificate {} has expired on {}; clients "
                 "refuse it until there is a new one\n",
                 c.tls_certificate, serving.expires());
  } catch (const net::TlsError& error) {
    throw UsageError(fmt::format("--tls-certificate {}, --tls-key {}: {}", c.tls_certificate,
                                 c.tls_key, error.what()));
  }
  options.tls = std::move(identity);
  options.https_port = c.https_port;
}

}  // namespace deskcheck::cli
