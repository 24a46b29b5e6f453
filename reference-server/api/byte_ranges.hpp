// What is answered with bytes that are there as a whole: all of them, or the part that Range asks
// for. Source: RFC 9110, sections 14.2 to 14.4.
#pragma once

#include "reference-server/api/http.hpp"
#include "reference-server/store/recording_store.hpp"

namespace deskcheck::server::api {

// 200, 206 or 416. Several parts at once, and a Range that depends on a version, are answered with
// the whole: there are no versions.
Response bytes_answer(const Request& request, StoredBytes stored);

}  // namespace deskcheck::server::api
