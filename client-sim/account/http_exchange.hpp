// One question to an HTTP API over a connection of its own, or through the tunnel of the rendezvous
// port, with just the headers that it is given. Redirects are answers like others, and no content
// coding is offered: where clients take gzip, these take plain text.
#pragma once

#include "client-sim/account/api_access.hpp"
#include "client-sim/channel/message_stream.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace deskcheck::sim {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpQuestion {
  std::string method = "GET";
  std::string path;  // below the base of the API, with the query
  HttpHeaders headers;
  std::string body;

  HttpQuestion() = default;
  HttpQuestion(std::string m, std::string p) : method(std::move(m)), path(std::move(p)) {}
};

struct HttpAnswer {
  int status = 0;
  HttpHeaders headers;  // names in lower case
  std::string body;

  HttpAnswer() = default;
  std::string header(std::string_view name) const;  // of the last such; empty if there is none
};

// The longest answer that is read, in bytes. Clients have no limit.
inline constexpr std::size_t kLongestApiAnswer = 32 << 20;

// A Content-Length is said only if there is a body, unless it is among the headers. Errors are
// those of connecting, of an answer that is none, and timed_out.
Task<net::Result<HttpAnswer>> exchange(net::World world, ApiAccess access, HttpQuestion question,
                                       Recorder recorder, net::Deadline deadline);

// The same as one message of the rendezvous protocol: connect, agree on a key, ask, hear exactly
// one message. bad_message if that is no answer, or one with an error.
// client:src/common.rs:1203-1257
Task<net::Result<HttpAnswer>> exchange_through_tunnel(net::World world, ApiAccess access,
                                                      HttpQuestion question, Recorder recorder,
                                                      net::Deadline deadline);

}  // namespace deskcheck::sim
