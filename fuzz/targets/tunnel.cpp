// The HTTP API through the rendezvous port: any series of requests is answered as the HTTP port
// answers it, whatever path and headers say.
#include "fuzz/engine/target.hpp"
#include "fuzz/inputs/inputs.pb.h"
#include "reference-server/rendezvous/rendezvous.hpp"
#include "reference-server/store/memory_api_store.hpp"
#include "reference-server/store/memory_peer_store.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>

namespace deskcheck::fuzz {

namespace {

namespace api = server::api;

constexpr std::size_t kLongestBody = 32 * 1024;  // bytes; low, so that a short input reaches it
constexpr std::size_t kLongestAnswer = 8 * kLongestBody;  // a text of control characters, escaped

server::Options options_of(const TunnelInput& input) {
  server::Options options;
  options.api = !input.no_api();
  options.deploy_mode = input.deploy_mode();
  options.tokens = {"token-of-one", "token-of-two"};
  options.script_tokens = {"token-of-scripts"};
  options.password_cost = server::PasswordCost::minimal;
  server::AccountFixture alice;
  alice.name = "alice";
  alice.password = "of-alice";
  server::AccountFixture carol;
  carol.name = "carol";
  carol.password = "of-carol";
  carol.administrator = true;
  options.accounts = {alice, carol};
  options.admin_from = {server::AddressRange::parse("10.0.0.0/8").value()};
  options.limits.api_body = kLongestBody;
  options.identity = wire::key_pair_from_seed({});
  options.downloads["client.exe"] = "0123456789";
  return options;
}

// Two servers that have heard the same: one through the tunnel, one at its HTTP port.
class Twins {
 public:
  explicit Twins(const TunnelInput& input) : options_(options_of(input)) {}

  void step(const TunnelStep& step) {
    auto request = step.request();
    request.mutable_body()->append(std::size_t{1024} * (step.padding_kib() % 128), ' ');
    if (step.signed_in() && !logins_.empty()) sign(request);
    server::Origin from;
    from.transport = server::Transport::tcp;
    from.peer = net::endpoint("10.0.0.1", 4000);
    from.connection = ++last_connection_;
    from.secured = !step.plain();
    hbb::RendezvousMessage message;
    *message.mutable_http_proxy_request() = on_the_way(request);
    check(request, from, tunnel_.on(message, from, net::Time{}));
  }

 private:
  // Planted: a token is carried only in a header that is called just "Authorization".
  static hbb::HttpProxyRequest on_the_way(hbb::HttpProxyRequest request) {
    if (!planted()) return request;
    for (auto& header : *request.mutable_headers())
      if (header.name() != "Authorization" && header.value().starts_with("Bearer token-of-"))
        header.clear_value();
    return request;
  }

  void sign(hbb::HttpProxyRequest& request) const {
    auto& headers = *request.mutable_headers();
    for (auto& header : headers)
      if (boost::beast::iequals(header.name(), "Authorization")) header.clear_name();
    auto& header = *headers.Add();
    header.set_name("Authorization");
    header.set_value("Bearer " + logins_.back().token);
  }

  void check(const hbb::HttpProxyRequest& request, const server::Origin& from,
             const server::Actions& actions) {
    require(actions.size() == 2, "an exchange is one answer and the end of its connection");
    const auto* close = std::get_if<server::CloseConnection>(&actions[1]);
    require(close && close->connection == from.connection, "an exchange ends its connection");
    const auto* frame = std::get_if<server::SendFrame>(&actions[0]);
    require(frame && frame->to == from.connection && frame->message.has_http_proxy_response(),
            "the answer goes to who asked");
    const auto& answer = frame->message.http_proxy_response();
    require(answer.ByteSizeLong() <= kLongestAnswer, "answers have a limit");
    if (!from.secured || !options_.api)
      return require(!answer.error().empty() && answer.status() == 0 && answer.body().empty(),
                     "what the tunnel refuses is an error and nothing else");
    require(answer.error().empty(), "what the API answers is no error of the tunnel");
    check_answer(request, from, answer);
  }

  void check_answer(const hbb::HttpProxyRequest& request, const server::Origin& from,
                    const hbb::HttpProxyResponse& answer) {
    api::Request http;
    http.method = request.method();
    http.target = request.path();
    for (const auto& header : request.headers())
      http.headers.emplace_back(header.name(), header.value());
    http.body = request.body();
    http.from = from.peer.address;
    auto expected = port_.api().on(http, net::Time{});
    if (http.method == "HEAD") expected.body.clear();  // which whoever carries it does
    bool same = answer.status() == expected.status && answer.body() == expected.body &&
                answer.headers_size() == static_cast<int>(expected.headers.size());
    for (int i = 0; same && i < answer.headers_size(); ++i) {
      const auto& [name, value] = expected.headers[static_cast<std::size_t>(i)];
      same = answer.headers(i).name() == name && answer.headers(i).value() == value;
    }
    require(same, "tunnel and HTTP port answer alike");
    require(answer.status() >= 200 && answer.status() < 600, "an answer has a status of HTTP");
    if (request.body().size() > kLongestBody * (http.path() == "/api/record" ? 4 : 1))
      require(answer.status() == 413, "bodies have a limit");
    else if (!request.path().starts_with('/'))
      require(answer.status() == 400, "a path selects no other host");
    if (answer.status() != 200) return;
    if (http.path() == "/api/login") note_login(http.body, answer.body());
    if (http.path().starts_with("/api/admin/"))
      require(is_administrator(http), "administration is for administrators");
    else if (!is_open(http.path()))
      require(has_token(http), "accounts are for those who are signed in");
  }

  void note_login(const std::string& question, const std::string& answer) {
    boost::system::error_code ec;
    const auto asked = boost::json::parse(question, ec);
    const auto told = boost::json::parse(answer, ec);
    const auto* token = told.is_object() ? told.as_object().if_contains("access_token") : nullptr;
    if (!token || !token->is_string()) return;
    const auto* name = asked.is_object() ? asked.as_object().if_contains("username") : nullptr;
    logins_.push_back({std::string(token->as_string()), name && *name == "carol"});
  }

  // Devices have no account, and whoever signs in has no token yet.
  static bool is_open(std::string_view path) {
    return path == "/api/login-options" || path == "/api/login" || path == "/api/heartbeat" ||
           path == "/api/sysinfo" || path == "/api/sysinfo_ver" || path == "/api/audit/conn" ||
           path == "/api/audit/file" || path == "/api/audit/alarm" || path == "/api/record" ||
           path == "/downloads/client.exe" || path == "/api/switch-grant" ||
           path == "/lic/web/api/plugin-sign";
  }
  // Schemes are told in any case (RFC 9110, 11.1).
  bool has_token(const api::Request& request) const {
    const auto header = request.header("Authorization");
    if (!boost::beast::iequals(header.substr(0, 7), "Bearer ")) return false;
    const bool for_scripts = request.path().starts_with("/api/devices/");
    return std::ranges::count(options_.tokens, header.substr(7)) != 0 || login_of(request) ||
           (for_scripts && std::ranges::count(options_.script_tokens, header.substr(7)) != 0);
  }
  bool is_administrator(const api::Request& request) const {
    const auto* login = login_of(request);
    return login && login->administrator;
  }

  struct Login {
    std::string token;
    bool administrator;
  };
  const Login* login_of(const api::Request& request) const {
    const auto header = request.header("Authorization");
    if (!boost::beast::iequals(header.substr(0, 7), "Bearer ")) return nullptr;
    const auto found = std::ranges::find(logins_, header.substr(7), &Login::token);
    return found == logins_.end() ? nullptr : &*found;
  }

  server::Options options_;
  std::vector<Login> logins_;  // since the beginning, whether they still hold or not
  server::MemoryPeerStore tunnel_store_, port_store_;
  server::MemoryApiStore tunnel_accounts_, port_accounts_;
  server::Rendezvous tunnel_{options_, tunnel_store_, tunnel_accounts_, net::Random(1)};
  server::Rendezvous port_{options_, port_store_, port_accounts_, net::Random(1)};
  server::ConnectionId last_connection_ = 0;
};

}  // namespace

std::unique_ptr<google::protobuf::Message> new_input() { return std::make_unique<TunnelInput>(); }

void one_input(std::string_view bytes) {
  TunnelInput input;
  if (!parse(bytes, input)) return;
  Twins twins(input);
  for (const auto& step : input.steps()) twins.step(step);
}

}  // namespace deskcheck::fuzz
