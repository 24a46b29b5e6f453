// An HTTP exchange as values, wherever it came from: the HTTP port, or the tunnel over the
// rendezvous port. Decides nothing.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace deskcheck::server::api {

struct Request {
  std::string method;                                        // upper case
  std::string target;                                        // path and query, as sent
  std::vector<std::pair<std::string, std::string>> headers;  // name, value
  std::string body;
  boost::asio::ip::address from = {};  // the client's

  // The first header of that name, in any case; empty if there is none.
  std::string_view header(std::string_view name) const;
  // The target without its query.
  std::string_view path() const;
  // What follows the last slash of the path.
  std::string_view last_segment() const;
  // The value of the first member of the query that has this name, decoded; empty for one without
  // "=". Nothing if there is none.
  std::optional<std::string> query(std::string_view name) const;
};

// The body is never compressed.
struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

}  // namespace deskcheck::server::api
