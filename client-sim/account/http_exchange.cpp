#include "client-sim/account/http_exchange.hpp"

#include "client-sim/channel/redact.hpp"
#include "client-sim/channel/server_security.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/system/errc.hpp>

#include <algorithm>

namespace deskcheck::sim {

namespace http = boost::beast::http;

namespace {

constexpr std::size_t kLongestShown = 1000;  // bytes of a body in a conversation

std::string lower(std::string_view text) {
  std::string copy(text);
  std::ranges::transform(copy, copy.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  return copy;
}

std::string shown(std::string_view body) {
  if (body.empty()) return "no body";
  std::string text = without_secrets(body.substr(0, kLongestShown));
  if (body.size() > kLongestShown) text += "... (" + std::to_string(body.size()) + " bytes)";
  return text;
}

void note_question(const Recorder& recorder, const HttpQuestion& question, bool tunnel) {
  std::string text = "asks " + question.method + ' ' + question.path;
  if (tunnel) text += " through the tunnel";
  for (const auto& [name, value] : question.headers)
    text += "; " + name + ": " + without_secrets(name, value);
  recorder.note(text + "; " + shown(question.body));
}

void note_answer(const Recorder& recorder, const net::Result<HttpAnswer>& answer) {
  if (!answer) return recorder.note("hears nothing: " + answer.error().message());
  recorder.note("hears " + std::to_string(answer->status) + ' ' + answer->header("content-type") +
                "; " + shown(answer->body));
}

http::request<http::string_body> request_of(const ApiAccess& access, const HttpQuestion& question) {
  const auto& place = access.api.place;
  http::request<http::string_body> request;
  request.method_string(question.method);
  request.target(place.base + question.path);
  request.set(http::field::host, net::authority(place));
  request.set(http::field::accept, "*/*");
  for (const auto& [name, value] : question.headers) request.set(name, value);
  if (!question.body.empty()) request.content_length(question.body.size());
  request.body() = question.body;
  return request;
}

HttpAnswer answer_of(const http::response<http::string_body>& response) {
  HttpAnswer answer;
  answer.status = static_cast<int>(response.result_int());
  for (const auto& field : response)
    answer.headers.emplace_back(lower(field.name_string()), std::string(field.value()));
  answer.body = response.body();
  return answer;
}

hbb::RendezvousMessage tunnelled(const ApiAccess& access, const HttpQuestion& question) {
  hbb::RendezvousMessage message;
  auto& request = *message.mutable_http_proxy_request();
  request.set_method(question.method);
  request.set_path(access.api.place.base + question.path);
  for (const auto& [name, value] : question.headers) {
    auto& header = *request.add_headers();
    header.set_name(name);
    header.set_value(value);
  }
  request.set_body(question.body);
  return message;
}

HttpAnswer answer_of(const hbb::HttpProxyResponse& response) {
  HttpAnswer answer;
  answer.status = response.status();
  for (const auto& header : response.headers())
    answer.headers.emplace_back(lower(header.name()), header.value());
  answer.body = response.body();
  return answer;
}

Task<net::Result<net::ByteStream>> connect_to_api(net::World world, ApiAccess access,
                                                  net::Deadline deadline) {
  const net::Endpoint to{access.api.address, access.api.place.port};
  auto stream = co_await world.network.connect(access.home, to, deadline);
  if (!stream || !access.api.place.tls) co_return stream;
  net::TlsTrust trust = access.api.trust ? *access.api.trust : net::TlsTrust::system();
  auto secured = co_await net::tls_connect(std::move(*stream), std::move(trust),
                                           access.api.place.host, deadline);
  co_return secured;
}

// An offer that cannot be trusted ends the attempt; anything else as a first message does not.
Task<net::Result<HttpAnswer>> ask_secured(net::World world, ApiAccess access, HttpQuestion question,
                                          MessageStream* server, net::Deadline deadline) {
  net::Random random =
      world.random.fork("tunnel of " + access.id + ' ' +
                        std::to_string(world.clock.now().time_since_epoch().count()));
  auto secured = co_await secure_with_server(server, effective_key(access.key), &random, deadline);
  if (!secured) co_return secured.error();
  const auto message = tunnelled(access, question);
  auto sent = co_await server->send(message, deadline);
  if (!sent) co_return sent.error();
  auto heard = co_await server->receive_message(deadline);
  if (!heard) co_return heard.error();
  if (!heard->has_http_proxy_response() || !heard->http_proxy_response().error().empty())
    co_return make_error_code(boost::system::errc::bad_message);
  co_return answer_of(heard->http_proxy_response());
}

}  // namespace

std::optional<ApiServer> ApiServer::at(std::string url,
                                       std::optional<boost::asio::ip::address> address) {
  const auto place = net::parse_http_url(url);
  if (!place) return std::nullopt;
  ApiServer server;
  server.place = *place;
  boost::system::error_code error;
  server.address = address ? *address : boost::asio::ip::make_address(place->host, error);
  if (error) return std::nullopt;
  while (url.ends_with('/')) url.pop_back();
  server.url = std::move(url);
  return server;
}

std::string HttpAnswer::header(std::string_view name) const {
  std::string found;
  for (const auto& [key, value] : headers)
    if (key == name) found = value;
  return found;
}

Task<net::Result<HttpAnswer>> exchange(net::World world, ApiAccess access, HttpQuestion question,
                                       Recorder recorder, net::Deadline deadline) {
  note_question(recorder, question, false);
  auto stream = co_await connect_to_api(world, access, deadline);
  net::Result<HttpAnswer> answer = HttpAnswer();
  if (!stream) {
    answer = stream.error();
    note_answer(recorder, answer);
    co_return answer;
  }
  const auto request = request_of(access, question);
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(kLongestApiAnswer);
  parser.skip(question.method == "HEAD");
  // A server may answer before it has read everything: what it says counts.
  const auto written = co_await http::async_write(*stream, request, deadline);
  const auto read = co_await http::async_read(*stream, buffer, parser, deadline);
  if (read)
    answer = answer_of(parser.get());
  else
    answer = written ? read.error() : written.error();
  note_answer(recorder, answer);
  co_return answer;
}

Task<net::Result<HttpAnswer>> exchange_through_tunnel(net::World world, ApiAccess access,
                                                      HttpQuestion question, Recorder recorder,
                                                      net::Deadline deadline) {
  note_question(recorder, question, true);
  const auto connecting = at_most(deadline, kConnectTimeout);
  auto server = co_await MessageStream::connect(world, access.home, access.rendezvous, Recorder(),
                                                connecting);
  net::Result<HttpAnswer> answer = HttpAnswer();
  if (server)
    answer = co_await ask_secured(world, access, std::move(question), &*server, deadline);
  else
    answer = server.error();
  note_answer(recorder, answer);
  co_return answer;
}

}  // namespace deskcheck::sim
