#include "reference-server/api/answers.hpp"

namespace deskcheck::server::api {

namespace {

Response answer(int status, const char* type, std::string body) {
  Response response;
  response.status = status;
  response.headers = {{"Content-Type", type}};
  response.body = std::move(body);
  return response;
}

}  // namespace

Response json_answer(const boost::json::value& body) {
  return answer(200, kJson, boost::json::serialize(body));
}

Response text_answer(std::string_view body) { return answer(200, kText, std::string(body)); }

Response empty_answer() { return answer(200, kJson, ""); }

Response failure(int status, std::string_view text) {
  return answer(status, kJson, boost::json::serialize(boost::json::object{{"error", text}}));
}

Response storage_failure() { return failure(409, "The server cannot use its storage"); }

}  // namespace deskcheck::server::api
