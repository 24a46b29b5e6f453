#include "reference-server/api/router.hpp"

#include "reference-server/api/answers.hpp"

namespace deskcheck::server::api {

namespace {

template <class Methods>
std::string allowed(const Methods& methods) {
  std::string list;
  for (const auto& [method, handler] : methods) list += (list.empty() ? "" : ", ") + method;
  if (methods.contains("GET")) list += ", HEAD";
  return list;
}

// The answer to a browser that asks whether a page of another origin may send the request.
Response preflight(const std::string& methods) {
  Response response;
  response.headers = {{"Allow", methods},
                      {"Access-Control-Allow-Methods", methods},
                      {"Access-Control-Allow-Headers", "Authorization, Content-Type"},
                      {"Access-Control-Max-Age", "600"}};
  return response;
}

}  // namespace

void Router::add(std::string method, std::string path, Handler handler) {
  const auto slash = path.rfind('/');
  const bool any = path.find('{', slash) == slash + 1;
  auto& methods = any ? prefixes_[path.substr(0, slash + 1)] : routes_[path];
  methods.insert_or_assign(std::move(method), std::move(handler));
}

std::set<std::string> Router::routes() const {
  std::set<std::string> routes;
  const auto add = [&](const auto& of, std::string_view last) {
    for (const auto& [path, methods] : of)
      for (const auto& [method, handler] : methods)
        routes.insert((method + ' ' + path).append(last));
  };
  add(routes_, "");
  add(prefixes_, "{}");
  return routes;
}

const Router::Methods* Router::find(std::string_view path) const {
  const auto exact = routes_.find(path);
  if (exact != routes_.end()) return &exact->second;
  if (path.ends_with('/')) return nullptr;
  const auto prefix = prefixes_.find(path.substr(0, path.rfind('/') + 1));
  return prefix == prefixes_.end() ? nullptr : &prefix->second;
}

Response Router::on(const Request& request, net::Time now) const {
  if (!request.target.starts_with('/')) return failure(400, "The path has to begin with /");
  const auto* found = find(request.path());
  if (!found) return failure(404, "Not found");
  const auto& methods = *found;
  const auto handler = methods.find(request.method == "HEAD" ? "GET" : request.method);
  if (handler != methods.end()) return handler->second(request, now);
  if (request.method == "OPTIONS") return preflight(allowed(methods));
  auto response = failure(405, "Method not allowed");
  response.headers.emplace_back("Allow", allowed(methods));
  return response;
}

}  // namespace deskcheck::server::api
