#include "conformance/lab/http.hpp"

#include "conformance/lab/matchers.hpp"
#include "proto/net/resolve.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <charconv>

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace http = boost::beast::http;

namespace {

constexpr std::size_t kLongestAnswer = 16 << 20;  // bytes

std::string lower(std::string_view text) {
  std::string copy(text);
  std::transform(copy.begin(), copy.end(), copy.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return copy;
}

// "http://host:port/base" taken apart; the port is 80 if there is none.
struct Place {
  std::string host, base;
  std::uint16_t port = 80;
};

Place place_of(std::string_view url) {
  url.remove_prefix(std::string_view("http://").size());
  Place place;
  const auto slash = std::min(url.find('/'), url.size());
  place.base = url.substr(slash);
  url = url.substr(0, slash);
  const auto colon = url.rfind(':');
  const bool has_port = colon != url.npos && url.find(']', colon) == url.npos;
  if (has_port) std::from_chars(url.data() + colon + 1, url.data() + url.size(), place.port);
  place.host = url.substr(0, has_port ? colon : url.npos);
  if (place.host.starts_with('[') && place.host.ends_with(']'))
    place.host = place.host.substr(1, place.host.size() - 2);
  return place;
}

net::Endpoint endpoint_of(const Lab& lab, const Place& place) {
  const auto address = net::resolve(place.host);
  if (!address) lab.environment("the host of the API, " + place.host + ", cannot be resolved");
  return {*address, place.port};
}

HttpAnswer answer_of(const http::response<http::string_body>& response) {
  HttpAnswer answer;
  answer.status = static_cast<int>(response.result_int());
  for (const auto& field : response)
    answer.headers.emplace_back(lower(field.name_string()), std::string(field.value()));
  answer.body = response.body();
  return answer;
}

}  // namespace

std::string HttpAnswer::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return {};
}

std::ostream& operator<<(std::ostream& out, const HttpAnswer& answer) {
  return out << answer.status << ' ' << show_bytes(answer.body);
}

Task<Answer<HttpAnswer>> ask_directly(Lab& lab, HttpQuestion question, net::Deadline deadline) {
  const Place place = place_of(lab.target().api);
  const auto from = lab.home();
  auto stream = co_await lab.world().network.connect(from, endpoint_of(lab, place), lab.within(5s));
  if (!stream) lab.require("connecting to the API", stream.error(), boost::system::error_code());
  http::request<http::string_body> request;
  request.method_string(question.method);
  request.target(place.base + question.path);
  request.set(http::field::host, place.host + ':' + std::to_string(place.port));
  for (const auto& [name, value] : question.headers) request.set(name, value);
  request.body() = question.body;
  request.prepare_payload();
  const std::string what = "the answer of the HTTP API";
  auto written = co_await http::async_write(*stream, request, deadline);
  if (!written) {
    net::Result<HttpAnswer> nothing = written.error();
    co_return lab.answer(std::move(nothing), what);
  }
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(kLongestAnswer);
  auto read = co_await http::async_read(*stream, buffer, parser, deadline);
  net::Result<HttpAnswer> answer = HttpAnswer();
  if (read)
    answer = answer_of(parser.get());
  else
    answer = read.error();
  co_return lab.answer(std::move(answer), what);
}

hbb::HttpProxyRequest tunnelled(const HttpQuestion& question) {
  hbb::HttpProxyRequest request;
  request.set_method(question.method);
  request.set_path(question.path);
  for (const auto& [name, value] : question.headers) {
    auto& header = *request.add_headers();
    header.set_name(name);
    header.set_value(value);
  }
  request.set_body(question.body);
  return request;
}

HttpAnswer answer_in(const hbb::HttpProxyResponse& response) {
  HttpAnswer answer;
  answer.status = response.status();
  for (const auto& header : response.headers())
    answer.headers.emplace_back(lower(header.name()), header.value());
  answer.body = response.body();
  return answer;
}

Task<Answer<hbb::RendezvousMessage>> ask_tunnel(Lab& lab, HttpQuestion question,
                                                net::Deadline deadline) {
  auto stream = co_await lab.connect_over(Over::secure, "client", lab.home());
  const auto message = wrap<hbb::RendezvousMessage>(tunnelled(question));
  auto sent = co_await stream.send(message, deadline);
  if (!sent)
    lab.require("sending an http_proxy_request", sent.error(), boost::system::error_code());
  auto next = co_await stream.receive_message(deadline);
  co_return lab.answer(std::move(next), "the answer through the tunnel");
}

}  // namespace deskcheck::conformance
