#include "reference-server/http_shell.hpp"

#include "proto/net/stream.hpp"
#include "proto/wire/address.hpp"
#include "reference-server/real_address.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace deskcheck::server {

namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr auto kRequestWithin = std::chrono::seconds(30);
constexpr auto kAnswerWithin = std::chrono::seconds(30);
constexpr auto kLinger = std::chrono::seconds(2);
constexpr std::uint32_t kLongestHead = 16 * 1024;  // bytes

http::response<http::string_body> response_of(api::Response&& answer, bool without_body) {
  http::response<http::string_body> response;
  response.result(static_cast<unsigned>(answer.status));
  for (const auto& [name, value] : answer.headers) response.set(name, value);
  response.content_length(answer.body.size());
  if (!without_body) response.body() = std::move(answer.body);
  return response;
}

// Tells the peer that nothing more comes, and drops what it still sends: a reset would overtake the
// answer.
net::awaitable<void> finish(net::Clock& clock, net::ByteStream& stream) {
  stream->shutdown_send();
  const auto deadline = net::in(clock, kLinger);
  for (;;) {
    auto dropped = co_await net::read_some(stream, 16 * 1024, deadline);
    if (!dropped) co_return;
  }
}

}  // namespace

api::Request HttpShell::request_of(http::request<http::string_body>&& message,
                                   const boost::asio::ip::address& peer) const {
  api::Request request;
  request.method = message.method_string();
  request.target = message.target();
  for (const auto& field : message)
    request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  request.body = std::move(message.body());
  request.from = peer;
  if (options_.trusted_proxies.empty()) return request;
  const net::UpgradeRequest headers{request.target, request.headers};
  const auto real =
      address_behind(peer, headers, options_.trusted_proxies, options_.faults.policies);
  request.from = real.value_or(peer);
  return request;
}

net::awaitable<void> HttpShell::serve_connections(net::Listener& listener) {
  for (;;) {
    auto stream = co_await listener.accept(net::never(world_.clock));
    if (!stream) throw boost::system::system_error(stream.error(), "HTTP accept");
    tasks_.spawn("http", serve(std::move(*stream)));
  }
}

net::awaitable<void> HttpShell::serve(net::ByteStream stream) {
  beast::flat_buffer buffer(kLongestHead + options_.limits.api_body);
  for (bool more = true; more;) {
    http::request_parser<http::string_body> parser;
    parser.header_limit(kLongestHead);
    parser.body_limit(options_.limits.api_body);
    const auto soon = net::in(world_.clock, kRequestWithin);
    auto read = co_await http::async_read(stream, buffer, parser, soon);
    const bool too_long = !read && read.error() == http::error::body_limit;
    if (!read && !too_long) co_return;  // the end, silence, or something that is not HTTP
    more = !too_long && parser.get().keep_alive();
    const auto version = parser.get().version();
    const bool head = parser.get().method() == http::verb::head;
    if (head && options_.faults.policies.head_ends_connection) co_return;
    const auto peer = wire::normalise_v4(stream->remote()).address;
    auto answer = too_long ? api::failure(413, "The body is too long")
                           : api_.on(request_of(parser.release(), peer), world_.clock.now());
    auto response = response_of(std::move(answer), head);
    response.version(version);
    response.keep_alive(more);
    const auto in_time = net::in(world_.clock, kAnswerWithin);
    auto written = co_await http::async_write(stream, response, in_time);
    if (!written) co_return;
  }
  co_await finish(world_.clock, stream);
}

}  // namespace deskcheck::server
