#include "proto/net/http_client.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <charconv>

namespace deskcheck::net {

namespace http = boost::beast::http;

std::optional<HttpPlace> parse_http_url(std::string_view url) {
  constexpr std::string_view kPlain = "http://", kTls = "https://";
  HttpPlace place;
  place.tls = url.starts_with(kTls);
  if (!place.tls && !url.starts_with(kPlain)) return std::nullopt;
  url.remove_prefix((place.tls ? kTls : kPlain).size());
  if (place.tls) place.port = 443;
  const auto slash = std::min(url.find('/'), url.size());
  place.base = url.substr(slash);
  while (place.base.ends_with('/')) place.base.pop_back();
  url = url.substr(0, slash);
  const auto colon = url.rfind(':');
  if (colon != url.npos && url.find(']', colon) == url.npos) {
    const auto digits = url.substr(colon + 1);
    const auto read = std::from_chars(digits.begin(), digits.end(), place.port);
    if (read.ec != std::errc() || read.ptr != digits.end() || place.port == 0) return std::nullopt;
    url = url.substr(0, colon);
  }
  if (url.starts_with('[') && url.ends_with(']')) url = url.substr(1, url.size() - 2);
  place.host = url;
  if (url.empty() || url.find_first_of("@?# ") != url.npos) return std::nullopt;
  return place;
}

std::string authority(const HttpPlace& place) {
  const bool is_v6 = place.host.find(':') != std::string::npos;
  return (is_v6 ? '[' + place.host + ']' : place.host) + ':' + std::to_string(place.port);
}

namespace {

awaitable<Result<ByteStream>> connected_to(World world, const HttpPlace& place,
                                           boost::asio::ip::address address,
                                           std::optional<TlsTrust> trust, Deadline deadline) {
  const Endpoint to{address, place.port};
  const Endpoint from{address.is_v4() ? boost::asio::ip::address(boost::asio::ip::address_v4::any())
                                      : boost::asio::ip::address_v6::any(),
                      0};
  auto stream = co_await world.network.connect(from, to, deadline);
  if (!stream || !place.tls) co_return stream;
  if (!trust) trust = TlsTrust::system();
  co_return co_await tls_connect(std::move(*stream), *trust, place.host, deadline);
}

}  // namespace

awaitable<Result<HttpReply>> call_http(World world, HttpPlace place,
                                       boost::asio::ip::address address, HttpCall call,
                                       Deadline deadline) {
  auto stream = co_await connected_to(world, place, address, call.trust, deadline);
  if (!stream) co_return stream.error();
  http::request<http::string_body> request;
  request.method_string(call.method);
  request.target(place.base + call.target);
  request.set(http::field::host, authority(place));
  for (const auto& [name, value] : call.headers) request.set(name, value);
  request.body() = std::move(call.body);
  request.keep_alive(false);
  request.prepare_payload();
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(call.longest_answer);
  parser.skip(call.method == "HEAD");
  // A server may answer before it has read everything: what it says counts.
  const auto written = co_await http::async_write(*stream, request, deadline);
  const auto read = co_await http::async_read(*stream, buffer, parser, deadline);
  if (!read) co_return written ? read.error() : written.error();
  HttpReply reply;
  reply.status = static_cast<int>(parser.get().result_int());
  reply.body = std::move(parser.get().body());
  co_return reply;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (kPlain.find(c) != kPlain.npos)
      encoded += c;
    else
      encoded += {'%', kHex[byte >> 4], kHex[byte & 15]};
  }
  return encoded;
}

}  // namespace deskcheck::net
