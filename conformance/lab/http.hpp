// One question to an HTTP API, directly or through the tunnel of the rendezvous port, and what
// comes back: the same words for both, so that they can be compared.
#pragma once

#include "client-sim/channel/secrets.hpp"
#include "conformance/lab/lab.hpp"

#include <memory>
#include <optional>
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
  std::string party = "client";       // who asks, for the conversation
  std::optional<net::Endpoint> from;  // nothing: from a new address
  // What the conversation leaves out besides what is secret by its name; null: nothing.
  std::shared_ptr<const sim::Secrets> secrets;
  bool secret_answer = false;  // the conversation does not show its body

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

// Where the API of the target is.
struct ApiPlace {
  net::Endpoint at;
  bool tls = false;
  std::string name;  // of the host, as its certificate has it
  std::string host;  // as a Host header says it
  std::string base;  // what stands before every path; mostly empty

  ApiPlace() = default;
};
// Not applicable if it is not known.
ApiPlace api_place(const Lab& lab);

// Over a new connection to the API of the target; blocked if it cannot be reached.
Task<Answer<HttpAnswer>> ask_directly(Lab& lab, HttpQuestion question, net::Deadline deadline);

// A new connection to the API, over TLS if it wants that; blocked if there is none. A certificate
// that is not trusted is the environment's fault: the suite has not been told whom to believe.
Task<sim::MessageStream> connect_to_api(Lab& lab, std::string party, net::Endpoint from);

// Any bytes over a new connection to the API: everything that comes until it ends, and that is at
// most 16 MiB. timed_out if the server does not end it, whatever came before.
Task<Answer<std::string>> exchange_bytes(Lab& lab, net::Endpoint from, std::string bytes,
                                         net::Deadline deadline);

// Over a new encrypted connection to the rendezvous port, as clients do: the next message.
Task<Answer<hbb::RendezvousMessage>> ask_tunnel(Lab& lab, HttpQuestion question,
                                                net::Deadline deadline);
hbb::HttpProxyRequest tunnelled(const HttpQuestion& question);
// What the tunnel brought, in the words of HTTP; bad_message if it brought something else.
net::Result<HttpAnswer> answer_through_tunnel(const hbb::RendezvousMessage& heard);
HttpAnswer answer_in(const hbb::HttpProxyResponse& response);

}  // namespace deskcheck::conformance
