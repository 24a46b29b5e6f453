#include "client-sim/account/http_stacks.hpp"

#include "proto/wire/keys.hpp"

#include <boost/system/errc.hpp>

namespace deskcheck::sim {

using namespace std::chrono_literals;

namespace {

// Dart's own stack had no limit before the head; nobody waits longer than this for a dialog.
constexpr net::Duration kDartPatience = 5min;
// reqwest's blocking client, by default.
constexpr net::Duration kUploadPatience = 30s;

}  // namespace

HttpStacks::HttpStacks(net::World world, ApiAccess access, Recorder recorder)
    : world_(std::move(world)), access_(std::move(access)), recorder_(std::move(recorder)) {}

std::string HttpStacks::uuid() const { return wire::to_base64(access_.uuid); }

void HttpStacks::move_to(ApiServer api) {
  access_.api = std::move(api);
  tls_worked_ = false;
}

bool HttpStacks::may_use_tunnel() const {
  return release().falls_back_to_tunnel() && access_.rendezvous.port != 0 &&
         !release().is_public(access_.api.url);
}

// As long as no call over HTTPS has worked, one that fails is tried with a second TLS library,
// which to the server is the same once more. client:src/common.rs:1470-1552
Task<net::Result<HttpAnswer>> HttpStacks::by_rust(HttpQuestion question, net::Duration patience) {
  auto heard =
      co_await exchange(world_, access_, question, recorder_, net::in(world_.clock, patience));
  const bool again = access_.api.place.tls && !tls_worked_ && release().tries_second_tls_library();
  if (!heard && again)
    heard = co_await exchange(world_, access_, std::move(question), recorder_,
                              net::in(world_.clock, patience));
  if (heard) tls_worked_ = true;
  co_return heard;
}

Task<net::Result<HttpAnswer>> HttpStacks::with_fallback(HttpQuestion question) {
  net::Result<HttpAnswer> heard = make_error_code(boost::system::errc::not_connected);
  const bool tunnel_only = access_.tunnel_only && may_use_tunnel();
  if (!tunnel_only) {
    heard = co_await by_rust(question, kRustPatience);
    if ((heard && heard->status < 500) || !may_use_tunnel()) co_return heard;
  }
  const auto patience = net::in(world_.clock, kTunnelPatience);
  auto tunnelled =
      co_await exchange_through_tunnel(world_, access_, std::move(question), recorder_, patience);
  if (tunnelled || tunnel_only) co_return tunnelled;
  co_return heard;
}

Task<net::Result<HttpAnswer>> HttpStacks::post(std::string path, std::string body) {
  HttpQuestion question("POST", std::move(path));
  question.headers.emplace_back("Content-Type", "application/json");
  question.body = std::move(body);
  auto heard = co_await with_fallback(std::move(question));
  co_return heard;
}

Task<net::Result<HttpAnswer>> HttpStacks::ask(HttpQuestion question) {
  auto heard = co_await with_fallback(std::move(question));
  co_return heard;
}

Task<net::Result<DartAnswer>> HttpStacks::from_dart(HttpQuestion question) {
  net::Result<HttpAnswer> heard = HttpAnswer();
  if (release().dart_calls_through_rust()) {
    heard = co_await with_fallback(std::move(question));
  } else {
    const auto patience = net::in(world_.clock, kDartPatience);
    heard = co_await exchange(world_, access_, std::move(question), recorder_, patience);
  }
  if (!heard) co_return heard.error();
  auto read = as_dart_reads(release(), *heard);
  if (!read) {
    recorder_.note("cannot read the answer: its text does not fit its content type");
    co_return make_error_code(boost::system::errc::illegal_byte_sequence);
  }
  co_return std::move(*read);
}

Task<net::Result<HttpAnswer>> HttpStacks::upload(std::string path, std::string body) {
  if (access_.api.place.tls && !tls_worked_ && release().tries_second_tls_library()) {
    HttpQuestion probe("HEAD", "/api/login-options");
    (void)co_await by_rust(std::move(probe), kUploadPatience);
  }
  HttpQuestion question("POST", std::move(path));
  question.body = std::move(body);
  const auto patience = net::in(world_.clock, kUploadPatience);
  auto heard = co_await exchange(world_, access_, std::move(question), recorder_, patience);
  co_return heard;
}

HttpHeaders json_headers(const std::string& token) {
  HttpHeaders headers;
  if (!token.empty()) headers.emplace_back("Authorization", "Bearer " + token);
  headers.emplace_back("Content-Type", "application/json");
  return headers;
}

HttpQuestion empty_post(const ClientRelease& release, std::string path, const std::string& token) {
  HttpQuestion question("POST", std::move(path));
  question.headers = json_headers(token);
  if (release.says_empty_body()) question.headers.emplace_back("Content-Length", "0");
  return question;
}

}  // namespace deskcheck::sim
