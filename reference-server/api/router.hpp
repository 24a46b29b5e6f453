// Which handler a request is for: by method and path, which is exact but for a last segment that
// may be anything. Answers 404 and 405 itself, HEAD like GET, and what browsers ask before they
// send something. Knows no endpoint.
#pragma once

#include "proto/net/time.hpp"
#include "reference-server/api/http.hpp"

#include <functional>
#include <map>
#include <set>

namespace deskcheck::server::api {

using Handler = std::function<Response(const Request&, net::Time now)>;

class Router {
 public:
  // A path that ends with "/{name}" is for every path with one more segment, which is not empty and
  // which the handler finds in the request.
  void add(std::string method, std::string path, Handler handler);
  // The route, "POST /api/ab/tags/{}", is answered as unknown ones are; one that does not exist
  // stays so. To be called when all are there.
  void forget(std::string_view route);
  // The body of an answer to HEAD is that of GET: whoever carries the answer leaves it out.
  Response on(const Request& request, net::Time now) const;
  // "POST /api/ab/tags/{}" for every handler, sorted; braces stand for any last segment.
  std::set<std::string> routes() const;

 private:
  using Methods = std::map<std::string, Handler, std::less<>>;
  using Table = std::map<std::string, Methods, std::less<>>;
  // Where the methods of a path are, and under what.
  std::pair<Table&, std::string> place(std::string_view path);
  const Methods* find(std::string_view path) const;

  Table routes_;
  Table prefixes_;  // with the last slash
};

}  // namespace deskcheck::server::api
