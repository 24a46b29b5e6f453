#include "conformance/lab/http.hpp"

#include "client-sim/channel/redact.hpp"
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

constexpr std::size_t kLongestShown = 1000;  // bytes of a body in a conversation

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
  return place;
}

bool is_no_text(const std::string& body) {
  return std::any_of(body.begin(), body.end(), [](char c) {
    return c >= 0 && c < ' ' && c != '\t' && c != '\r' && c != '\n';
  });
}

std::string shown_body(const std::string& body) {
  if (is_no_text(body)) return show_bytes(sim::without_secrets(body));
  if (body.size() <= kLongestShown) return sim::without_secrets(body);
  return sim::without_secrets(body.substr(0, kLongestShown)) + "... (" +
         std::to_string(body.size()) + " bytes)";
}

void note_question(Lab& lab, const HttpQuestion& question) {
  std::string text = "asks " + question.method + ' ' + question.path;
  for (const auto& [name, value] : question.headers)
    text += "; " + name + ": " + sim::without_secrets(name, value);
  lab.recorder(question.party).note(text + "; " + shown_body(question.body));
}

void note_answer(Lab& lab, const HttpQuestion& question, const net::Result<HttpAnswer>& answer) {
  std::string text = "hears ";
  if (answer)
    text += std::to_string(answer->status) + ' ' + answer->header("content-type") + "; " +
            shown_body(answer->body);
  else
    text += "nothing: " + show_error(answer.error());
  lab.recorder(question.party).note(text);
}

http::request<http::string_body> request_of(const HttpQuestion& question, const ApiPlace& place) {
  http::request<http::string_body> request;
  request.method_string(question.method);
  request.target(place.base + question.path);
  request.set(http::field::host, place.host);
  for (const auto& [name, value] : question.headers) request.set(name, value);
  request.body() = question.body;
  request.prepare_payload();
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

}  // namespace

std::string HttpAnswer::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return {};
}

std::ostream& operator<<(std::ostream& out, const HttpAnswer& answer) {
  const std::string type = answer.header("content-type");
  out << answer.status << ' ' << (type.empty() ? "" : type + ' ');
  return out << show_bytes(sim::without_secrets(answer.body));
}

ApiPlace api_place(const Lab& lab) {
  if (lab.target().api.empty()) lab.not_applicable("the URL of the HTTP API is not known");
  const Place parts = place_of(lab.target().api);
  std::string host = parts.host;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const auto address = net::resolve(host);
  if (!address) lab.environment("the host of the API, " + host + ", cannot be resolved");
  ApiPlace place;
  place.at = {*address, parts.port};
  place.host = parts.host + ':' + std::to_string(parts.port);
  place.base = parts.base;
  return place;
}

Task<Answer<HttpAnswer>> ask_directly(Lab& lab, HttpQuestion question, net::Deadline deadline) {
  const ApiPlace place = api_place(lab);
  const net::Endpoint from = question.from ? *question.from : lab.home();
  note_question(lab, question);
  auto stream = co_await lab.world().network.connect(from, place.at, lab.within(5s));
  if (!stream) lab.require("connecting to the API", stream.error(), boost::system::error_code());
  const auto request = request_of(question, place);
  const std::string what = "the answer of the HTTP API";
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(kLongestAnswer);
  parser.skip(question.method == "HEAD");
  net::Result<HttpAnswer> answer = HttpAnswer();
  // A server may answer before it has read everything: what it says counts.
  const auto written = co_await http::async_write(*stream, request, deadline);
  const auto read = co_await http::async_read(*stream, buffer, parser, deadline);
  if (read)
    answer = answer_of(parser.get());
  else
    answer = written ? read.error() : written.error();
  note_answer(lab, question, answer);
  co_return lab.answer(std::move(answer), what);
}

Task<Answer<std::string>> exchange_bytes(Lab& lab, net::Endpoint from, std::string bytes,
                                         net::Deadline deadline) {
  const ApiPlace place = api_place(lab);
  auto stream = co_await lab.connect("client", from, place.at);
  stream.speak(sim::Protocol::raw);
  (void)co_await stream.send_bytes(std::move(bytes), deadline);
  std::string text;
  net::Result<std::string> heard = std::string();
  while (text.size() < kLongestAnswer) {
    auto more = co_await stream.receive_bytes(deadline);
    if (!more) {
      heard = more.error();
      break;
    }
    text += *more;
  }
  if (heard || heard.error() != boost::asio::error::timed_out) heard = std::move(text);
  co_return lab.answer(std::move(heard), "what comes until the connection ends");
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
  const net::Endpoint from = question.from ? *question.from : lab.home();
  auto stream = co_await lab.connect_over(Over::secure, question.party, from);
  const auto message = wrap<hbb::RendezvousMessage>(tunnelled(question));
  auto sent = co_await stream.send(message, deadline);
  if (!sent)
    lab.require("sending an http_proxy_request", sent.error(), boost::system::error_code());
  auto next = co_await stream.receive_message(deadline);
  co_return lab.answer(std::move(next), "the answer through the tunnel");
}

}  // namespace deskcheck::conformance
