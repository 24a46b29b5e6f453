// HttpProxyRequest: one HTTP exchange with the API of this server, for clients that cannot reach
// its HTTP port. rendezvous.md section 3.18.
#include "reference-server/rendezvous/rendezvous.hpp"
#include "reference-server/rendezvous/unfinished.hpp"

namespace deskcheck::server {

namespace {

constexpr std::size_t kSmall = 64 * 1024;  // bytes; what a wrong server lets through

// Nothing else is reached whatever the path says; a wrong server follows it to another host.
std::string without_host(const std::string& path) {
  const auto host = path.find("://");
  if (host == std::string::npos) return path;
  const auto slash = path.find('/', host + 3);
  return slash == std::string::npos ? "/" : path.substr(slash);
}

// A tunnelled answer is one message: files that are longer than it may be do not pass.
void load(api::Response& response, bool with_body, std::size_t most) {
  const auto bytes = response.size() <= most ? api::read_piece(*response.piece, 0, most)
                                             : std::optional<std::string>();
  if (with_body && !bytes) response = api::failure(413, "The file is too long for the tunnel");
  if (with_body && bytes) response.body = *bytes;
  response.piece.reset();
}

}  // namespace

Actions Rendezvous::on(const hbb::HttpProxyRequest& request, const Origin& from, net::Time now) {
  if (options_.profile == Profile::oss) return close(from);
  hbb::HttpProxyResponse refusal;
  if (!from.secured) {
    if (wrong_.plain_tunnel_request_waits) return {};
    refusal.set_error("The tunnel needs a secure channel");
  } else if (!options_.api) {
    if (!wrong_.tunnel_failure_has_no_error) refusal.set_error("This server has no HTTP API");
  } else {
    return exchange(request, from, now);
  }
  return answer_tunnel(from, std::move(refusal));
}

Actions Rendezvous::answer_tunnel(const Origin& from, hbb::HttpProxyResponse response) const {
  const bool unknown = response.status() == 404 || response.status() == 400;
  if (unknown && wrong_.tunnel_drops_unknown_routes) return close(from);
  Actions actions;
  if (wrong_.tunnel_says_something_first) {
    hbb::RendezvousMessage other;
    other.mutable_test_nat_response();
    actions.push_back(reply(from, std::move(other)));
  }
  hbb::RendezvousMessage message;
  *message.mutable_http_proxy_response() = std::move(response);
  actions.push_back(reply(from, std::move(message)));
  actions.push_back(CloseConnection{from.connection});
  return actions;
}

Actions Rendezvous::exchange(const hbb::HttpProxyRequest& request, const Origin& from,
                             net::Time now) {
  api::Request http;
  http.method = request.method();
  http.target = wrong_.tunnel_path_selects_host ? without_host(request.path()) : request.path();
  for (const auto& header : request.headers())
    if (!wrong_.tunnel_drops_headers) http.headers.emplace_back(header.name(), header.value());
  http.body = request.body();
  http.from = from.peer.address;
  if (wrong_.tunnel_hides_the_client) http.from = boost::asio::ip::address_v4::loopback();
  auto response = api_.on(http, now);
  const auto finish = [this, from, head = http.method == "HEAD",
                       asked = http.body.size()](api::Response final) {
    return answer_tunnel(from, tunnelled(std::move(final), head, asked));
  };
  if (!response.elsewhere) return finish(std::move(response));
  auto unfinished = std::make_shared<Unfinished>();
  unfinished->response = std::move(response);
  unfinished->then = finish;
  Actions actions;
  actions.push_back(AskElsewhere{std::move(unfinished)});
  return actions;
}

hbb::HttpProxyResponse Rendezvous::tunnelled(api::Response response, bool head,
                                             std::size_t asked) const {
  if (response.piece) load(response, !head, options_.limits.api_body);
  if (head) response.body.clear();
  hbb::HttpProxyResponse answer;
  if (wrong_.tunnel_hides_errors && response.status >= 400) {
    answer.set_error("HTTP " + std::to_string(response.status));
    return answer;
  }
  if (wrong_.tunnel_is_narrow && std::max(asked, response.body.size()) > kSmall) {
    answer.set_error("The body is too long");
    return answer;
  }
  answer.set_status(response.status);
  for (const auto& [name, value] : response.headers) {
    auto& header = *answer.add_headers();
    header.set_name(name);
    header.set_value(value);
  }
  answer.set_body(std::move(response.body));
  return answer;
}

}  // namespace deskcheck::server
