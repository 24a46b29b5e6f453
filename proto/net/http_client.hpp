// One request of HTTP/1.1, and its answer: for tools that talk to a server now and then. No
// redirects, a connection for each request.
#pragma once

#include "proto/net/network.hpp"
#include "proto/net/tls.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace deskcheck::net {

// "http://HOST[:PORT][/BASE]" or https; the port is 80 or 443 if there is none.
struct HttpPlace {
  std::string host;  // a name or a literal, without brackets
  std::uint16_t port = 80;
  bool tls = false;
  std::string base;  // of all paths, without a slash at its end

  HttpPlace() = default;
};
// Nothing unless the text is such a URL.
std::optional<HttpPlace> parse_http_url(std::string_view url);

struct HttpCall {
  std::string method = "GET";
  std::string target;  // below the base; begins with a slash
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::size_t longest_answer = 16 << 20;  // bytes
  std::optional<TlsTrust> trust;          // of https; nothing: the system's, read for this call

  HttpCall() = default;
};

struct HttpReply {
  int status = 0;
  std::string body;

  HttpReply() = default;
};

// "HOST:PORT" as the Host header has it.
std::string authority(const HttpPlace& place);

// Errors are those of the network, of TLS (is_untrusted tells why not), of an answer that is none,
// and timed_out.
awaitable<Result<HttpReply>> call_http(World world, HttpPlace place,
                                       boost::asio::ip::address address, HttpCall call,
                                       Deadline deadline);

// "a b" is "a%20b", for a segment of a path or a value of a query.
std::string percent_encoded(std::string_view text);

}  // namespace deskcheck::net
