// Whether the server has the routes that proto/api/console-api.openapi.yaml names, and no others.
#include "proto/document/document.hpp"
#include "reference-server/api/api_desk.hpp"

#include <gmock/gmock.h>
#include <boost/beast/core/string.hpp>

#include <fstream>

namespace deskcheck::server::api {
namespace {

// For browsers that come back from an identity provider. Where they do is every server's own
// choice.
constexpr const char* kForBrowsers = "GET /api/oidc/callback";

std::string document_text() {
  std::ifstream file(DESKCHECK_OPENAPI, std::ios::binary);
  EXPECT_TRUE(file) << DESKCHECK_OPENAPI;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// "/api/ab/tags/{guid}" with braces that are empty.
std::string without_name(std::string_view path) {
  const auto brace = path.find('{');
  return std::string(path.substr(0, brace)) + (brace == std::string_view::npos ? "" : "{}");
}

// As Api::routes() names them; HEAD goes with GET, and has to have one.
std::set<std::string> documented_routes() {
  const auto document = document::parse(document_text(), "console-api.openapi.yaml").value();
  std::set<std::string> routes, heads;
  for (const auto& [path, item] : document.json().at("paths").as_object())
    for (const auto& [method, operation] : item.as_object()) {
      if (method == "head") heads.insert("GET " + without_name(path));
      for (const char* name : {"GET", "POST", "PUT", "DELETE"})
        if (boost::beast::iequals(method, name))
          routes.insert(std::string(name) + ' ' + without_name(path));
    }
  EXPECT_THAT(routes, ::testing::IsSupersetOf(heads));
  return routes;
}

using DocumentTest = ApiDesk;

TEST_F(DocumentTest, NamesTheRoutesOfTheServerAndNoOthers) {
  options.downloads = {{"client.exe", "MZ"}};
  const auto documented = documented_routes();
  auto served = api().routes();
  // Operators have a document of their own: docs/administer.md.
  std::erase_if(served, [](const auto& route) { return route.find(" /api/admin/") != route.npos; });
  EXPECT_EQ(served.erase(kForBrowsers), 1U);
  EXPECT_GE(served.size(), 33U);
  for (const auto& route : served) {
    const bool is_of_administrator = route.find(" /api/admin/") != std::string::npos;
    EXPECT_NE(documented.contains(route), is_of_administrator) << route;
  }
  for (const auto& route : documented) EXPECT_TRUE(served.contains(route)) << route;
}

}  // namespace
}  // namespace deskcheck::server::api
