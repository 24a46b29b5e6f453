// `deskcheck admin`: one order to a running reference server, over its admin API.
#include "cli/admin_actions.hpp"
#include "cli/admin_answer.hpp"
#include "cli/files.hpp"
#include "conformance/runner/result.hpp"
#include "proto/net/http_client.hpp"
#include "proto/net/real_world.hpp"
#include "proto/net/resolve.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace deskcheck::cli {

namespace {

namespace json = boost::json;
using conformance::ExitCode;

constexpr net::Duration kWithin = std::chrono::seconds(30);
constexpr std::size_t kLongestAnswer = std::size_t(512) << 20;

// One line for standard error, and the exit code that goes with it.
struct AdminError : std::runtime_error {
  AdminError(ExitCode c, const std::string& text) : std::runtime_error(text), code(c) {}
  ExitCode code;
};

class Server {
 public:
  Server(const std::string& url, const std::string& ca_file) : url_(url) {
    const auto place = net::parse_http_url(url);
    if (!place)
      throw UsageError("--api '" + url + "' is no URL of the API; write http://HOST:21114");
    place_ = *place;
    const auto address = net::resolve(place_.host);
    if (!address)
      throw AdminError(
          ExitCode::target_unreachable,
          fmt::format("{} cannot be reached: {}; is --api right?", url, address.error().message()));
    address_ = *address;
    if (place_.tls) trust(ca_file);
  }

  // The body of an answer that is none of an error.
  std::string ask(net::HttpCall call) {
    const auto reply = exchange(std::move(call));
    if (reply.status == 200) return reply.body;
    boost::system::error_code error;
    const auto body = json::parse(reply.body, error);
    const auto* object = error ? nullptr : body.if_object();
    const auto* text = object ? object->if_contains("error") : nullptr;
    const std::string why = text && text->is_string() ? std::string(text->get_string())
                                                      : fmt::format("status {}", reply.status);
    throw AdminError(ExitCode::unexpected_failures, fmt::format("{} refuses: {}", url_, why));
  }

 private:
  void trust(const std::string& ca_file) {
    if (ca_file.empty()) {
      trust_ = net::TlsTrust::system();
      return;
    }
    const auto certificates = read_document(ca_file, "certificates in PEM");
    try {
      trust_ = net::TlsTrust::system_and(certificates);
    } catch (const net::TlsError& error) {
      throw UsageError(fmt::format("--ca {}: {}", ca_file, error.what()));
    }
  }

  net::HttpReply exchange(net::HttpCall call) {
    call.trust = trust_;
    net::Result<net::HttpReply> reply = net::HttpReply();
    call.longest_answer = kLongestAnswer;
    net::RealWorld world(net::Random::system());
    const auto scenario = [&]() -> net::awaitable<void> {
      const auto deadline = net::in(world, kWithin);
      auto seam = world.world();
      auto heard = co_await net::call_http(seam, place_, address_, call, deadline);
      reply = std::move(heard);
    };
    world.run(scenario());
    if (!reply && net::is_untrusted(reply.error()))
      throw AdminError(ExitCode::target_unreachable,
                       fmt::format("{}: {}; name it, or its authority's, with --ca FILE", url_,
                                   reply.error().message()));
    if (!reply)
      throw AdminError(ExitCode::target_unreachable,
                       fmt::format("{} cannot be reached: {}; is the server running, and --api "
                                   "right?",
                                   url_, reply.error().message()));
    return *reply;
  }

  std::string url_;
  net::HttpPlace place_;
  boost::asio::ip::address address_;
  std::optional<net::TlsTrust> trust_;  // of https
};

json::object object_of(const std::string& body) {
  boost::system::error_code error;
  auto value = json::parse(body, error);
  if (error || !value.is_object())
    throw AdminError(ExitCode::unexpected_failures,
                     "the server's answer is no JSON object; is it a reference server?");
  return std::move(value.get_object());
}

net::HttpCall post(const std::string& target, const json::object& body) {
  net::HttpCall call;
  call.method = "POST";
  call.target = target;
  call.headers = {{"Content-Type", "application/json"}};
  call.body = json::serialize(body);
  return call;
}

std::string sign_in(Server& server, const AdminCommand& c) {
  const char* password = std::getenv(c.password_env.c_str());
  if (!password || *password == '\0')
    throw UsageError("the environment variable " + c.password_env +
                     " holds no password; set it, or name another one with --password-env");
  const auto answer = object_of(server.ask(
      post("/api/login", {{"type", "account"}, {"username", c.user}, {"password", password}})));
  const auto* token = answer.if_contains("access_token");
  if (!token || !token->is_string() || token->get_string().empty())
    throw AdminError(ExitCode::unexpected_failures,
                     c.user +
                         " cannot sign in with a password alone; name an administrator "
                         "without a second factor");
  return std::string(token->get_string());
}

void write_file(const std::string& name, const std::string& bytes) {
  std::ofstream file(name, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) throw UsageError("--output " + name + " cannot be written");
}

using Header = std::pair<std::string, std::string>;

// Of no other use than to leave no login behind.
void sign_out(Server& server, const Header& authorization) {
  auto call = post("/api/logout", {});
  call.headers.push_back(authorization);
  try {
    (void)server.ask(std::move(call));
  } catch (const AdminError&) {
    // It ends by itself one day.
  }
}

std::string answer_of(Server& server, const AdminCommand& c, const std::string& target,
                      const json::object& body) {
  const Header authorization("Authorization", "Bearer " + sign_in(server, c));
  const bool posts = std::string_view(c.action->method) == "POST";
  net::HttpCall call = posts ? post(target, body) : net::HttpCall();
  call.target = target;
  call.headers.push_back(authorization);
  std::string answer;
  std::optional<AdminError> failure;
  try {
    answer = server.ask(std::move(call));
  } catch (const AdminError& error) {
    failure = error;
  }
  sign_out(server, authorization);
  if (failure) throw AdminError(*failure);
  return answer;
}

void carry_out(const AdminCommand& c) {
  const auto target = target_of(c);
  const auto body = body_of(c);
  Server server(c.api, c.ca_file);
  const auto answer = answer_of(server, c, target, body);
  if (!c.output_file.empty())
    write_file(c.output_file, answer);
  else if (c.json)
    fmt::print("{}\n", answer);
  else
    fmt::print("{}", shown_answer(*c.action, object_of(answer)));
}

}  // namespace

int execute(const AdminCommand& c) {
  try {
    carry_out(c);
    return 0;
  } catch (const AdminError& error) {
    fmt::print(stderr, "deskcheck: {}\n", error.what());
    return static_cast<int>(error.code);
  }
}

}  // namespace deskcheck::cli
