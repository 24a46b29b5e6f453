// What an identity provider says of itself: OpenID Connect Discovery 1.0, sections 3 and 4.
#pragma once

#include <boost/system/result.hpp>

#include <string>
#include <string_view>

namespace deskcheck::server::oidc {

// A value, or why there is none: the end of a sentence.
template <class T>
using Judged = boost::system::result<T, std::string>;

struct Metadata {
  std::string issuer;
  std::string authorization_endpoint, token_endpoint, jwks_uri;
  std::string userinfo_endpoint;  // empty: there is none
  // How the secret of the client is sent: in the form, or in the header.
  bool secret_in_form = false;
  // Every redirect names the issuer: RFC 9207.
  bool redirects_name_issuer = false;

  Metadata() = default;
};

// Where the document of an issuer is.
std::string discovery_url(std::string_view issuer);
// The document has to be of this very issuer, and a provider with https:// has nothing else.
Judged<Metadata> parse_metadata(std::string_view document, std::string_view issuer);

}  // namespace deskcheck::server::oidc
