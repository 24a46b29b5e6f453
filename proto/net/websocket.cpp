#include "proto/net/websocket.hpp"

#include "proto/net/stream.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <algorithm>
#include <list>
#include <optional>

namespace deskcheck::net {

namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using Kind = WebSocketMessage::Kind;

constexpr std::size_t kLongestRequest = 16 * 1024;  // bytes; proxies add headers
// Pings and pongs that nobody has read yet; more are dropped, for a peer can send them at will.
constexpr std::size_t kMostControls = 64;

UpgradeRequest request_of(const http::request<http::empty_body>& request) {
  UpgradeRequest result;
  result.path = request.target();
  for (const auto& field : request)
    result.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  return result;
}

http::response<http::string_body> refusal(unsigned version) {
  http::response<http::string_body> response(http::status::bad_request, version);
  response.set(http::field::content_type, "text/plain");
  response.body() = "This port speaks WebSocket only.\n";
  response.keep_alive(false);
  response.prepare_payload();
  return response;
}

}  // namespace

std::string_view UpgradeRequest::header(std::string_view name) const {
  const auto found = std::find_if(headers.begin(), headers.end(), [name](const auto& header) {
    return beast::iequals(header.first, name);
  });
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

// Shared with the one read that may be in flight: a wait that is cut short by its deadline must not
// cut the read short, because Beast gives a stream up whose read was cancelled.
struct WebSocket::State : std::enable_shared_from_this<State> {
  State(ByteStream stream, std::size_t message_limit) : socket(std::move(stream)) {
    local = socket.next_layer()->local();
    remote = socket.next_layer()->remote();
    socket.read_message_max(message_limit);
    socket.control_callback([this](websocket::frame_type type, beast::string_view payload) {
      if (type == websocket::frame_type::close || controls++ >= kMostControls) return;
      arrived(
          {type == websocket::frame_type::ping ? Kind::ping : Kind::pong, std::string(payload)});
    });
  }

  void read() {
    reading = true;
    socket.async_read(incoming,
                      asio::bind_executor(
                          socket.get_executor(),
                          asio::bind_cancellation_slot(
                              stop.slot(), [self = shared_from_this()](error_code ec, std::size_t) {
                                self->finished(ec);
                              })));
  }

  void finished(error_code ec) {
    reading = false;
    if (ec) {
      ended = ec == websocket::error::closed ? error_code(asio::error::eof) : ec;
      return waiter.finish({});
    }
    const auto kind = socket.got_binary() ? Kind::binary : Kind::text;
    std::string bytes = beast::buffers_to_string(incoming.data());
    incoming.consume(incoming.size());
    arrived({kind, std::move(bytes)});
  }

  void arrived(WebSocketMessage message) {
    ready.push_back(std::move(message));
    waiter.finish({});
  }

  websocket::stream<ByteStream, false> socket;
  Endpoint local, remote;
  UpgradeRequest request;
  beast::flat_buffer incoming;
  std::list<WebSocketMessage> ready;  // an empty deque would take half a KiB
  std::size_t controls = 0;           // in `ready`, and those that were dropped
  std::optional<error_code> ended;
  bool reading = false;
  Waiter waiter;  // of the one who reads
  asio::cancellation_signal stop;
};

WebSocket::WebSocket(std::shared_ptr<State> state) : state_(std::move(state)) {}
WebSocket::WebSocket(WebSocket&&) noexcept = default;
WebSocket& WebSocket::operator=(WebSocket&& other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}
WebSocket::~WebSocket() {
  if (state_) state_->stop.emit(asio::cancellation_type::terminal);
}

const UpgradeRequest& WebSocket::request() const { return state_->request; }
Endpoint WebSocket::local() const { return state_->local; }
Endpoint WebSocket::remote() const { return state_->remote; }
void WebSocket::reset() { state_->socket.next_layer()->reset(); }

awaitable<Result<WebSocket>> WebSocket::accept(ByteStream stream, std::size_t message_limit,
                                               Deadline deadline) {
  beast::flat_buffer buffer(kLongestRequest);
  http::request_parser<http::empty_body> parser;
  parser.header_limit(kLongestRequest);
  auto read = co_await http::async_read_header(stream, buffer, parser, deadline);
  if (!read) co_return read.error();
  const auto request = parser.release();
  if (!websocket::is_upgrade(request)) {
    auto response = refusal(request.version());
    auto written = co_await http::async_write(stream, response, deadline);
    if (!written) co_return written.error();
    co_return error_code(websocket::error::no_connection_upgrade);
  }
  // An eager peer has sent more than its request.
  std::string early = beast::buffers_to_string(buffer.data());
  auto state =
      std::make_shared<State>(with_prefix(std::move(stream), std::move(early)), message_limit);
  state->request = request_of(request);
  auto accepted = co_await state->socket.async_accept(request, deadline);
  if (!accepted) co_return accepted.error();
  co_return WebSocket(std::move(state));
}

awaitable<Result<WebSocket>> WebSocket::connect(ByteStream stream, std::string host,
                                                std::string path, HttpHeaders headers,
                                                std::size_t message_limit, Deadline deadline) {
  auto state = std::make_shared<State>(std::move(stream), message_limit);
  state->socket.set_option(websocket::stream_base::decorator(
      [extra = std::move(headers)](websocket::request_type& request) {
        for (const auto& [name, value] : extra) request.set(name, value);
      }));
  auto shaken = co_await state->socket.async_handshake(host, path, deadline);
  if (!shaken) co_return shaken.error();
  co_return WebSocket(std::move(state));
}

awaitable<Result<WebSocketMessage>> WebSocket::read(Deadline deadline) {
  const auto state = state_;
  while (state->ready.empty()) {
    if (state->ended) co_return *state->ended;
    if (!state->reading) state->read();
    auto waited = co_await asio::async_initiate<Deadline, void(error_code, std::size_t)>(
        [](auto handler, State* s) {
          s->waiter.start(Completion(std::move(handler), s->socket.get_executor()));
        },
        deadline, state.get());
    if (!waited) co_return waited.error();
  }
  auto message = std::move(state->ready.front());
  state->ready.pop_front();
  if (state->ready.empty()) state->controls = 0;
  co_return std::move(message);
}

awaitable<Result<void>> WebSocket::write(WebSocketMessage message, Deadline deadline) {
  const auto state = state_;
  if (message.kind == Kind::ping || message.kind == Kind::pong) {
    const websocket::ping_data payload(message.bytes);
    if (message.kind == Kind::ping) co_return co_await state->socket.async_ping(payload, deadline);
    co_return co_await state->socket.async_pong(payload, deadline);
  }
  state->socket.binary(message.kind == Kind::binary);
  const auto view = asio::buffer(message.bytes);
  auto written = co_await state->socket.async_write(view, deadline);
  if (!written) co_return written.error();
  co_return Result<void>();
}

awaitable<Result<void>> WebSocket::close(Deadline deadline) {
  const auto state = state_;
  const websocket::close_reason reason(websocket::close_code::normal);
  auto closed = co_await state->socket.async_close(reason, deadline);
  if (!state->ended) state->ended = asio::error::eof;
  co_return closed;
}

}  // namespace deskcheck::net
