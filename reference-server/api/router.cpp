#include "reference-server/api/router.hpp"

#include "reference-server/api/answers.hpp"

#include <algorithm>

namespace deskcheck::server::api {

namespace {

template <class Methods>
std::string allowed(const Methods& methods) {
  std::string list;
  for (const auto& [method, handler] : methods) {
    if (!handler) continue;
    list += (list.empty() ? "" : ", ") + method;
    if (method == "GET") list += ", HEAD";
  }
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

std::pair<Router::Table&, std::string> Router::place(std::string_view path) {
  const auto slash = path.rfind('/');
  if (path.find('{', slash) != slash + 1) return {routes_, std::string(path)};
  return {prefixes_, std::string(path.substr(0, slash + 1))};
}

void Router::add(std::string method, std::string path, Handler handler) {
  const auto [table, key] = place(path);
  table[key].insert_or_assign(std::move(method), std::move(handler));
}

void Router::forget(std::string_view route) {
  const auto space = route.find(' ');
  const auto [table, key] = place(route.substr(space + 1));
  const auto methods = table.find(key);
  if (methods == table.end()) return;
  const auto handler = methods->second.find(route.substr(0, space));
  if (handler == methods->second.end()) return;
  // What other methods of the path do must not make this one a 405.
  handler->second = nullptr;
  const auto gone = [](const auto& one) { return one.second == nullptr; };
  if (std::ranges::all_of(methods->second, gone)) table.erase(methods);
}

std::set<std::string> Router::routes() const {
  std::set<std::string> routes;
  const auto add = [&](const auto& of, std::string_view last) {
    for (const auto& [path, methods] : of)
      for (const auto& [method, handler] : methods)
        if (handler) routes.insert((method + ' ' + path).append(last));
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
  if (handler != methods.end())
    return handler->second ? handler->second(request, now) : failure(404, "Not found");
  if (request.method == "OPTIONS") return preflight(allowed(methods));
  auto response = failure(405, "Method not allowed");
  response.headers.emplace_back("Allow", allowed(methods));
  return response;
}

}  // namespace deskcheck::server::api
