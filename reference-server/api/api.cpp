#include "reference-server/api/api.hpp"

#include "proto/wire/keys.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/json.hpp>

namespace deskcheck::server::api {

namespace json = boost::json;

namespace {

constexpr std::string_view kBearer = "Bearer ";

Response answer(int status, const json::value& body) {
  Response response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json; charset=utf-8"}};
  response.body = json::serialize(body);
  return response;
}

Response wrong_method(const char* allowed) {
  auto response = failure(405, "Method not allowed");
  response.headers.emplace_back("Allow", allowed);
  return response;
}

std::string_view token(const Request& request) {
  const auto header = request.header("Authorization");
  return header.starts_with(kBearer) ? header.substr(kBearer.size()) : std::string_view();
}

// The text member of a JSON object; nothing if it is not there.
const json::string* text(const json::value& body, std::string_view name) {
  const auto* object = body.if_object();
  const auto* member = object ? object->if_contains(name) : nullptr;
  return member ? member->if_string() : nullptr;
}

std::string decoded(const json::string* base64) {
  const auto bytes = wire::from_base64(base64 ? std::string_view(*base64) : std::string_view());
  return bytes ? *bytes : std::string();
}

}  // namespace

Response failure(int status, std::string_view text) {
  return answer(status, json::object{{"error", text}});
}

std::string_view Request::header(std::string_view name) const {
  for (const auto& [other, value] : headers)
    if (boost::beast::iequals(other, name)) return value;
  return {};
}

std::string_view Request::path() const {
  return std::string_view(target).substr(0, target.find('?'));
}

Response Api::on(const Request& request) {
  if (!request.target.starts_with('/')) return failure(400, "The path has to begin with /");
  if (request.body.size() > needs_.longest_body) return failure(413, "The body is too long");
  const auto path = request.path();
  const auto& method = request.method;
  if (path == "/api/login-options") {
    if (method == "HEAD" || method == "GET") return login_options();
    return wrong_method("GET, HEAD");
  }
  if (path == "/api/ab") {
    if (method != "GET" && method != "POST") return wrong_method("GET, POST");
    if (!signed_in(request)) return failure(401, "Invalid token");
    return method == "GET" ? get_book(request) : put_book(request);
  }
  if (path == "/api/devices/deploy") {
    if (method != "POST") return wrong_method("POST");
    if (!signed_in(request)) return failure(401, "Invalid token");
    return deploy(request);
  }
  return failure(404, "Not found");
}

bool Api::signed_in(const Request& request) const {
  const auto value = token(request);
  return !value.empty() && needs_.signed_in(value);
}

// Nobody else's accounts can be used to sign in.
Response Api::login_options() const { return answer(200, json::array()); }

Response Api::get_book(const Request& request) const {
  const auto book = books_.find(token(request));
  return answer(200, json::object{{"data", book == books_.end() ? "{}" : book->second}});
}

// The text is kept as it is: it is the client's, with members that only the client knows.
Response Api::put_book(const Request& request) {
  boost::system::error_code error;
  const auto body = json::parse(request.body, error);
  const auto* data = error ? nullptr : text(body, "data");
  if (!data) return failure(400, "The member data has to be a text");
  books_.insert_or_assign(std::string(token(request)), std::string(*data));
  Response done;
  done.headers = {{"Content-Type", "application/json; charset=utf-8"}};
  return done;
}

Response Api::deploy(const Request& request) const {
  boost::system::error_code error;
  const auto body = json::parse(request.body, error);
  auto result = DeployResult::invalid_input;
  const auto* id = error ? nullptr : text(body, "id");
  if (id) {
    const Deployment deployment{std::string(*id), decoded(text(body, "uuid")),
                                decoded(text(body, "pk"))};
    if (!deployment.uuid.empty() && deployment.pk.size() == sizeof(wire::Bytes32))
      result = needs_.deploy(deployment);
  }
  if (result == DeployResult::failed) return failure(500, "The server cannot read its storage");
  constexpr const char* kWords[] = {"OK", "NOT_ENABLED", "INVALID_INPUT", "ID_TAKEN"};
  return answer(200, json::object{{"result", kWords[static_cast<int>(result)]}});
}

}  // namespace deskcheck::server::api
