#include "reference-server/mail/smtp_place.hpp"

#include "proto/net/http_client.hpp"

#include <boost/asio/ip/address.hpp>

namespace deskcheck::server::mail {

// All but the scheme and the port that goes with it is as in the URL of an HTTP server.
std::optional<SmtpPlace> parse_smtp_url(std::string_view url) {
  SmtpPlace place;
  place.tls = url.starts_with("smtps://");
  if (!place.tls && !url.starts_with("smtp://")) return std::nullopt;
  url.remove_prefix(place.tls ? 8 : 7);
  const auto parts = net::parse_http_url("http://" + std::string(url));
  if (!parts || !parts->base.empty()) return std::nullopt;
  for (const char c : parts->host)
    if (c <= ' ' || c >= 0x7f) return std::nullopt;
  place.host = parts->host;
  const auto colon = url.rfind(':');
  const bool has_port = colon != url.npos && url.find(']', colon) == url.npos;
  place.port = has_port ? parts->port : place.tls ? 465 : 25;
  return place;
}

bool is_loopback(const SmtpPlace& place) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(place.host, error);
  return error ? place.host == "localhost" : address.is_loopback();
}

}  // namespace deskcheck::server::mail
