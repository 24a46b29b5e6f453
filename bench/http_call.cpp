#include "bench/http_call.hpp"

#include "bench/http_answer.hpp"
#include "bench/streams.hpp"

#include <algorithm>
#include <stdexcept>

namespace deskcheck::bench {

namespace {

std::string request_of(const HttpCall& call) {
  std::string text = "POST " + call.target + " HTTP/1.1\r\nhost: localhost\r\n";
  if (!call.token.empty()) text += "authorization: Bearer " + call.token + "\r\n";
  text += "content-type: application/json\r\ncontent-length: " + std::to_string(call.body.size());
  return text + "\r\n\r\n" + call.body;
}

// The sizes of the chunks of an answer are no part of what it says.
std::string without_chunks(std::string_view head, std::string_view body) {
  if (head.find("chunked") == std::string_view::npos) return std::string(body);
  std::string text;
  while (!body.empty()) {
    const auto end = body.find("\r\n");
    if (end == std::string_view::npos) break;
    const auto size = std::stoul(std::string(body.substr(0, end)), nullptr, 16);
    if (size == 0) break;
    text += body.substr(end + 2, size);
    body.remove_prefix(std::min(body.size(), end + 2 + size + 2));
  }
  return text;
}

}  // namespace

std::string call_http(const Load& load, const HttpCall& call) {
  const auto server = to_sockaddr(load.host, load.api ? load.api : load.port - 2);
  const auto stream = connect_from(load.clients, server);
  if (!await_connection(stream) || !send_short(stream, request_of(call)))
    throw std::runtime_error(call.target + ": no connection");
  std::string received;
  char buffer[16 * 1024];
  for (;;) {
    const auto bytes = receive_blocking(stream, buffer);
    received += bytes;
    const auto answer = http_answer(received, bytes.empty());
    if (!answer.complete) continue;
    if (answer.status != 200)
      throw std::runtime_error(call.target + " is answered " + received.substr(0, 200));
    const auto head = std::string_view(received).substr(0, received.find("\r\n\r\n"));
    return without_chunks(head, answer.body);
  }
}

}  // namespace deskcheck::bench
