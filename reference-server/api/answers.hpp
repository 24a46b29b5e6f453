// The shapes that answers have, whatever the route. Source: http-api.md sections 0.4 and 0.5.
#pragma once

#include "reference-server/api/http.hpp"

#include <boost/json.hpp>

namespace deskcheck::server::api {

constexpr const char* kJson = "application/json; charset=utf-8";
constexpr const char* kText = "text/plain; charset=utf-8";

Response json_answer(const boost::json::value& body);  // 200
Response text_answer(std::string_view body);           // 200
// 200 and zero bytes: what clients want to hear of a change that went well.
Response empty_answer();
// {"error": text}, as every failure is answered.
Response failure(int status, std::string_view text);
// What the storage did not let happen. Not a status of 500 and more: clients would send the request
// again at once, through the tunnel.
Response storage_failure();

}  // namespace deskcheck::server::api
