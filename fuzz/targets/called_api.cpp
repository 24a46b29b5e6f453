#include "fuzz/targets/called_api.hpp"

#include "fuzz/targets/called_server.hpp"
#include "proto/net/stream.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <string_view>

namespace deskcheck::fuzz {

namespace {

namespace http = boost::beast::http;
namespace json = boost::json;

constexpr std::string_view kOpen[] = {"/api/heartbeat",
                                      "/api/sysinfo",
                                      "/api/audit",
                                      "/api/record",
                                      "/api/switch-grant",
                                      "/api/oidc",
                                      "/lic/web/api/plugin-sign"};
constexpr std::string_view kClosed[] = {"/api/currentUser",
                                        "/api/logout",
                                        "/api/ab",
                                        "/api/users",
                                        "/api/peers",
                                        "/api/devices",
                                        "/api/device-group/accessible"};

template <class Routes>
bool is_one(const Routes& routes, std::string_view path) {
  return std::ranges::any_of(routes, [&](auto route) {
    return path.starts_with(route) &&
           (path.size() == route.size() ||
            std::string_view("/?_").find(path[route.size()]) != std::string_view::npos);
  });
}

std::string error(const char* text) { return json::serialize(json::object{{"error", text}}); }

RightHttpAnswer login(const std::string& body) {
  boost::system::error_code broken;
  const auto asked = json::parse(body, broken);
  const auto* object = asked.if_object();
  const auto* password = object ? object->if_contains("password") : nullptr;
  if (!password || *password != json::string(kPassword)) return {200, error("Wrong credentials")};
  return {200,
          json::serialize(json::object{{"access_token", kToken},
                                       {"type", "access_token"},
                                       {"user", {{"name", kUser}, {"info", json::object()}}}})};
}

const char* type_of(HttpReply::Kind kind) {
  switch (kind) {
    case HttpReply::HTML:
      return "Content-Type: text/html\r\n";
    case HttpReply::TEXT:
      return "Content-Type: text/plain\r\n";
    case HttpReply::UNSAID:
      return "";
    default:
      return "Content-Type: application/json\r\n";
  }
}

int status_of(const HttpReply& reply) {
  if (reply.status() == HttpReply::OK) return 200;
  return std::clamp<int>(reply.status(), 100, 999);
}

std::string in_bytes(int status, const std::string& headers, const std::string& body,
                     bool with_body) {
  return "HTTP/1.1 " + std::to_string(status) + " Status\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" +
         (with_body ? body : "");
}

bool is_markup(std::string_view body) {
  const auto begin = body.find_first_not_of(" \t\r\n");
  return begin != body.npos && body[begin] == '<';
}

std::string echo_of(const http::request<http::string_body>& request) {
  std::string text;
  for (const auto& field : request)
    text += std::string(field.name_string()) + ": " + std::string(field.value()) + ' ';
  return text + request.body();
}

}  // namespace

RightHttpAnswer right_http_answer(const std::string&, const std::string& target,
                                  const std::string& token, const std::string& body) {
  const std::string path = target.substr(0, target.find('?'));
  if (path.find("deskcheck-asks") != path.npos) return {404, error("Not found")};
  if (path == "/api/login-options") return {200, "[]"};
  if (path == kDownload) return {200, "MZ"};
  if (path == "/api/login") return login(body);
  if (body == "{") return {400, error("No JSON")};
  if (is_one(kOpen, path)) return {200, "{}"};
  if (!is_one(kClosed, path)) return {404, error("Not found")};
  if (token != kToken) return {401, error("Log in")};
  if (path == "/api/ab/personal") return {200, json::serialize(json::object{{"guid", kBook}})};
  return {200, R"({"total":0,"data":[]})"};
}

// One question of a connection.
Task<void> CalledServer::serve_http(Place at, net::ByteStream stream) {
  boost::beast::flat_buffer buffer;
  http::request_parser<http::string_body> parser;
  const auto read = co_await http::async_read(stream, buffer, parser, soon());
  if (!read) co_return;
  const auto& request = parser.get();
  HttpHeard heard;
  heard.method = std::string(request.method_string());
  heard.target = std::string(request.target());
  const std::string authorization(request[http::field::authorization]);
  if (authorization.starts_with("Bearer ")) heard.token = authorization.substr(7);
  heard.body = request.body();
  const auto* script = next_reply(at, ScriptedReply::HTTP, heard.path());
  std::string headers = input_.date().empty() ? "" : "Date: " + input_.date() + "\r\n";
  std::string bytes;
  const bool with_body = heard.method != "HEAD";
  if (script) {
    co_await net::sleep_for(world_.clock, script->wait_ms() % 10'000 * 1ms);
    const auto& reply = script->http();
    std::string body = reply.body();
    if (reply.echoes()) body += echo_of(request);
    heard.status = status_of(reply);
    heard.page = reply.kind() == HttpReply::HTML || is_markup(body);
    heard.raw = !reply.raw().empty();
    headers += type_of(reply.kind());
    if (!reply.location().empty()) headers += "Location: " + reply.location() + "\r\n";
    if (script->has_http()) bytes = in_bytes(heard.status, headers, body, with_body);
    if (heard.raw) bytes = reply.raw();
  } else {
    const auto right = right_http_answer(heard.method, heard.target, heard.token, heard.body);
    heard.status = right.status;
    headers += "Content-Type: application/json\r\n";
    bytes = in_bytes(right.status, headers, right.body, with_body);
  }
  if (bytes.empty()) heard.status = 0;
  if (!bytes.empty()) said.anything.insert(at);
  if (heard.raw) say_raw(at);
  said.http.push_back(std::move(heard));
  if (script && script->ending() == ScriptedReply::CUTS) {
    stream->reset();
    co_return;
  }
  (void)co_await net::write_all(stream, std::move(bytes), soon());
  const bool silent = script && !script->has_http();
  if (silent && script->ending() == ScriptedReply::STAYS)
    co_await net::sleep_for(world_.clock, 20s);
}

}  // namespace deskcheck::fuzz
