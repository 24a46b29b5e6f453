#include "conformance/lab/http.hpp"

#include "client-sim/channel/redact.hpp"
#include "conformance/lab/matchers.hpp"
#include "conformance/lab/traces.hpp"
#include "proto/net/http_client.hpp"
#include "proto/net/resolve.hpp"
#include "proto/net/tls.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http.hpp>
#include <boost/system/errc.hpp>

#include <algorithm>

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

std::string without_secrets(const HttpQuestion& question, std::string text) {
  return question.secrets ? question.secrets->hide(std::move(text)) : text;
}

void note(Lab& lab, const HttpQuestion& question, std::string text) {
  lab.recorder(question.party).note(without_secrets(question, std::move(text)));
}

// Before it is cut, which may be in the middle of a secret.
std::string shown_body(const HttpQuestion& question, const std::string& body) {
  return shown_body(without_secrets(question, body));
}

void note_question(Lab& lab, const HttpQuestion& question) {
  std::string text = "asks " + question.method + ' ' + question.path;
  for (const auto& [name, value] : question.headers)
    text += "; " + name + ": " + sim::without_secrets(name, value);
  note(lab, question, text + "; " + shown_body(question, question.body));
}

void note_answer(Lab& lab, const HttpQuestion& question, const net::Result<HttpAnswer>& answer) {
  std::string text = "hears ";
  if (answer)
    text += std::to_string(answer->status) + ' ' + answer->header("content-type") + "; " +
            (question.secret_answer ? "what is secret" : shown_body(question, answer->body));
  else
    text += "nothing: " + show_error(answer.error());
  note(lab, question, std::move(text));
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
  const auto parts = net::parse_http_url(lab.target().api);
  if (!parts) lab.environment("'" + lab.target().api + "' is no URL of an API");
  const auto address = net::resolve(parts->host);
  if (!address) lab.environment("the host of the API, " + parts->host + ", cannot be resolved");
  ApiPlace place;
  place.at = {*address, parts->port};
  place.tls = parts->tls;
  place.name = parts->host;
  place.host = net::authority(*parts);
  place.base = parts->base;
  return place;
}

namespace {

constexpr net::Duration kConnectWithin = 5s;

net::TlsTrust trust_of(const Lab& lab) {
  try {
    return net::TlsTrust::system_and(lab.target().api_certificates);
  } catch (const net::TlsError& error) {
    lab.environment(std::string("the certificates to trust for the API: ") + error.what());
  }
}

Task<net::ByteStream> open_api(Lab& lab, const ApiPlace& place, net::Endpoint from) {
  auto stream = co_await lab.world().network.connect(from, place.at, lab.within(kConnectWithin));
  if (!stream) lab.require("connecting to the API", stream.error(), boost::system::error_code());
  if (!place.tls) co_return std::move(*stream);
  const net::TlsTrust trust = trust_of(lab);
  auto secured =
      co_await net::tls_connect(std::move(*stream), trust, place.name, lab.within(kConnectWithin));
  if (secured) co_return std::move(*secured);
  const auto error = secured.error();
  if (net::is_untrusted(error))
    lab.environment("the API at " + place.host + ": " + error.message() +
                    "; name its certificate, or its authority's, with --api-ca or 'api-ca'");
  lab.require("TLS with the API", error, boost::system::error_code());
  co_return net::ByteStream();  // never: it is blocked
}

}  // namespace

Task<Answer<HttpAnswer>> ask_directly(Lab& lab, HttpQuestion question, net::Deadline deadline) {
  const ApiPlace place = api_place(lab);
  const net::Endpoint from = question.from ? *question.from : lab.home();
  note_question(lab, question);
  auto stream = co_await open_api(lab, place, from);
  const auto request = request_of(question, place);
  const std::string what = "the answer of the HTTP API";
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(kLongestAnswer);
  parser.skip(question.method == "HEAD");
  net::Result<HttpAnswer> answer = HttpAnswer();
  // A server may answer before it has read everything: what it says counts.
  const auto written = co_await http::async_write(stream, request, deadline);
  const auto read = co_await http::async_read(stream, buffer, parser, deadline);
  if (read)
    answer = answer_of(parser.get());
  else
    answer = written ? read.error() : written.error();
  note_answer(lab, question, answer);
  count_traces(lab, question, answer);
  co_return lab.answer(std::move(answer), what);
}

Task<sim::MessageStream> connect_to_api(Lab& lab, std::string party, net::Endpoint from) {
  const ApiPlace place = api_place(lab);
  if (!place.tls) co_return co_await lab.connect(std::move(party), from, place.at);
  auto stream = co_await open_api(lab, place, from);
  co_return sim::MessageStream(std::move(stream), lab.recorder(std::move(party)));
}

Task<Answer<std::string>> exchange_bytes(Lab& lab, net::Endpoint from, std::string bytes,
                                         net::Deadline deadline) {
  auto stream = co_await connect_to_api(lab, "client", from);
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

net::Result<HttpAnswer> answer_through_tunnel(const hbb::RendezvousMessage& heard) {
  if (!heard.has_http_proxy_response() || !heard.http_proxy_response().error().empty())
    return make_error_code(boost::system::errc::bad_message);
  return answer_in(heard.http_proxy_response());
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
  const auto answer = next ? answer_through_tunnel(*next) : net::Result<HttpAnswer>(next.error());
  count_traces(lab, question, answer);
  co_return lab.answer(std::move(next), "the answer through the tunnel");
}

}  // namespace deskcheck::conformance
