// One question to an HTTP API, directly or through the tunnel of the rendezvous port, and what
// comes back: the same words for both, so that they can be compared.
#pragma once

#include "conformance/lab/lab.hpp"

#include <string>
#include <utility>
#include <vector>

namespace deskcheck::conformance {

using HttpFields = std::vector<std::pair<std::string, std::string>>;

struct HttpQuestion {
  std::string method = "GET";
  std::string path;  // with the query
  HttpFields headers;
  std::string body;

  HttpQuestion() = default;
  HttpQuestion(std::string m, std::string p) : method(std::move(m)), path(std::move(p)) {}
};

struct HttpAnswer {
  int status = 0;
  HttpFields headers;  // names in lower case
  std::string body;

  HttpAnswer() = default;
  std::string header(std::string_view name) const;  // empty if there is none
};
std::ostream& operator<<(std::ostream& out, const HttpAnswer& answer);

// Over a new connection to the API of the target, at lab.target().api; blocked if it cannot be
// reached.
Task<Answer<HttpAnswer>> ask_directly(Lab& lab, HttpQuestion question, net::Deadline deadline);

// Over a new encrypted connection to the rendezvous port, as clients do: the next message.
Task<Answer<hbb::RendezvousMessage>> ask_tunnel(Lab& lab, HttpQuestion question,
                                                net::Deadline deadline);
hbb::HttpProxyRequest tunnelled(const HttpQuestion& question);
// What the tunnel brought, in the words of HTTP.
HttpAnswer answer_in(const hbb::HttpProxyResponse& response);

}  // namespace deskcheck::conformance
