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

constexpr auto kHandshakeWithin = std::chrono::seconds(15);
constexpr auto kRequestWithin = std::chrono::seconds(30);
constexpr auto kAnswerWithin = std::chrono::seconds(30);
constexpr auto kLinger = std::chrono::seconds(2);
constexpr std::string_view kProbed = "/api/login-options";
constexpr std::uint32_t kLongestHead = 16 * 1024;  // bytes
constexpr std::size_t kPiece = 64 * 1024;          // bytes, for each of which there is some time
constexpr std::uint64_t kSlowest = 64 * 1024;      // bytes in a second, of a body that comes

net::Duration time_for(std::uint64_t bytes) {
  return kRequestWithin + std::chrono::seconds(bytes / kSlowest);
}

http::response<http::string_body> response_of(const api::Response& answer) {
  http::response<http::string_body> response;
  response.result(static_cast<unsigned>(answer.status));
  for (const auto& [name, value] : answer.headers) response.set(name, value);
  response.content_length(answer.size());
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
  request.over_tls = real && request.header("X-Forwarded-Proto") == "https";
  return request;
}

net::awaitable<void> HttpShell::serve_connections(net::Listener& listener) {
  for (;;) {
    auto stream = co_await listener.accept(net::never(world_.clock));
    if (!stream) throw boost::system::system_error(stream.error(), "HTTP accept");
    tasks_.spawn("http", serve(std::move(*stream), false));
  }
}

net::awaitable<void> HttpShell::serve_tls_connections(net::Listener& listener,
                                                      net::TlsServing serving) {
  for (;;) {
    auto stream = co_await listener.accept(net::never(world_.clock));
    if (!stream) throw boost::system::system_error(stream.error(), "HTTPS accept");
    tasks_.spawn("https", serve_tls(std::move(*stream), serving));
  }
}

net::awaitable<void> HttpShell::serve_tls(net::ByteStream below, net::TlsServing serving) {
  const std::string peer = net::to_string(below->remote());
  const auto soon = net::in(world_.clock, kHandshakeWithin);
  auto stream = co_await net::tls_accept(std::move(below), std::move(serving), soon);
  if (stream) {
    co_await serve(std::move(*stream), true);
  } else if (options_.log) {
    // What clients do not say: "alert unknown ca" is one that does not believe the certificate.
    options_.log("HTTPS with " + peer + " has not begun: " + stream.error().message());
  }
}

// Each piece has its time: a long file may take longer than anybody wants to wait for silence.
net::awaitable<bool> HttpShell::send_pieces(net::ByteStream& stream, const api::Response& answer) {
  for (std::uint64_t begin = 0; begin < answer.size();) {
    auto bytes = answer.piece ? api::read_piece(*answer.piece, begin, kPiece)
                              : std::optional<std::string>(answer.body.substr(begin, kPiece));
    // The file has become shorter: only the end of the connection can tell.
    if (!bytes || bytes->empty()) co_return false;
    begin += bytes->size();
    const auto in_time = net::in(world_.clock, kAnswerWithin);
    auto written = co_await net::write_all(stream, std::move(*bytes), in_time);
    if (!written) co_return false;
  }
  co_return true;
}

net::awaitable<bool> HttpShell::send(net::ByteStream& stream, api::Response& answer,
                                     bool without_body, unsigned version, bool keep_alive) {
  auto response = response_of(answer);
  response.version(version);
  response.keep_alive(keep_alive);
  const bool download = answer.headers.size() > 1 && answer.headers[1].first == "Accept-Ranges";
  if (without_body && download && options_.faults.policies.download_head_has_no_length)
    response.erase(http::field::content_length);
  const bool at_once = !answer.piece && answer.body.size() <= kPiece;
  if (at_once && !without_body) response.body() = std::move(answer.body);
  const auto in_time = net::in(world_.clock, kAnswerWithin);
  auto written = co_await http::async_write(stream, response, in_time);
  if (!written) co_return false;
  if (at_once || without_body) co_return true;
  const bool sent = co_await send_pieces(stream, answer);
  co_return sent;
}

net::awaitable<void> HttpShell::serve(net::ByteStream stream, bool over_tls) {
  beast::flat_buffer buffer(kLongestHead + kPiece);
  for (bool more = true; more;) {
    http::request_parser<http::string_body> parser;
    parser.header_limit(kLongestHead);
    parser.body_limit(boost::none);
    const auto soon = net::in(world_.clock, kRequestWithin);
    auto read = co_await http::async_read_header(stream, buffer, parser, soon);
    if (!read) co_return;  // the end, silence, or something that is not HTTP
    const std::string_view target = parser.get().target();
    const std::uint64_t longest = api_.longest_body(target);
    const std::uint64_t announced = parser.content_length().value_or(0);
    bool too_long = announced > longest;
    parser.body_limit(longest);
    if (!too_long && !parser.is_done()) {
      const auto in_time = net::in(world_.clock, time_for(announced));
      read = co_await http::async_read(stream, buffer, parser, in_time);
      too_long = !read && read.error() == http::error::body_limit;
    }
    if (!read && !too_long) co_return;
    more = !too_long && parser.get().keep_alive();
    const auto version = parser.get().version();
    const bool head = parser.get().method() == http::verb::head;
    if (head && options_.faults.policies.head_ends_connection) co_return;
    if (head && !options_.abilities.head_probe && target.starts_with(kProbed)) co_return;
    const auto peer = wire::normalise_v4(stream->remote()).address;
    auto request = request_of(parser.release(), peer);
    request.over_tls = request.over_tls || over_tls;
    auto answer =
        too_long ? api::failure(413, "The body is too long") : api_.on(request, world_.clock.now());
    if (answer.elsewhere) answer = co_await outside_.complete(std::move(answer));
    const bool sent = co_await send(stream, answer, head, version, more);
    if (!sent) co_return;
  }
  co_await finish(world_.clock, stream);
}

}  // namespace deskcheck::server
