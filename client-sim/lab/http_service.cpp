#include "client-sim/lab/http_service.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace deskcheck::sim {

using namespace std::chrono_literals;
namespace http = boost::beast::http;

namespace {

constexpr std::size_t kLongestBody = 64 << 10;  // bytes
constexpr net::Duration kPatience = 30s;        // between questions on a connection
constexpr int kQuestions = 100;                 // on one connection

http::response<http::string_body> as_http(const HttpResponse& answer) {
  http::response<http::string_body> response;
  response.result(static_cast<unsigned>(answer.status));
  response.set(http::field::content_type, answer.content_type);
  response.set(http::field::cache_control, "no-store");
  if (!answer.location.empty()) response.set(http::field::location, answer.location);
  response.body() = answer.body;
  response.prepare_payload();
  return response;
}

HttpRequest as_ours(const http::request<http::string_body>& request) {
  HttpRequest ours;
  ours.method = std::string(request.method_string());
  ours.target = std::string(request.target());
  ours.authorization = std::string(request[http::field::authorization]);
  ours.body = request.body();
  return ours;
}

}  // namespace

HttpService::HttpService(net::World world, net::Endpoint at, Handler handler)
    : world_(world),
      listener_(world.network.listen(at)),
      handler_(std::move(handler)),
      tasks_(world.executor) {}

HttpService::~HttpService() = default;

void HttpService::start() { tasks_.spawn("http service", accept()); }

net::awaitable<void> HttpService::stop() {
  tasks_.cancel();
  co_await tasks_.join();
}

net::awaitable<void> HttpService::accept() {
  for (;;) {
    auto stream = co_await listener_->accept(net::never(world_.clock));
    if (!stream) co_return;
    tasks_.spawn("http connection", serve(std::move(*stream)));
  }
}

net::awaitable<void> HttpService::serve(net::ByteStream stream) {
  boost::beast::flat_buffer buffer;
  for (int i = 0; i < kQuestions; ++i) {
    http::request_parser<http::string_body> parser;
    parser.body_limit(kLongestBody);
    const auto deadline = net::in(world_.clock, kPatience);
    const auto read = co_await http::async_read(stream, buffer, parser, deadline);
    if (!read) co_return;
    const HttpRequest request = as_ours(parser.get());
    const HttpResponse answer = handler_(request);
    if (answer.delay > net::Duration::zero()) co_await net::sleep_for(world_.clock, answer.delay);
    if (answer.silent) co_return;
    auto response = as_http(answer);
    response.keep_alive(parser.get().keep_alive());
    if (parser.get().method() == http::verb::head) response.body().clear();
    const auto sending = net::in(world_.clock, kPatience);
    const auto written = co_await http::async_write(stream, response, sending);
    if (!written || !response.keep_alive()) co_return;
  }
}

}  // namespace deskcheck::sim
