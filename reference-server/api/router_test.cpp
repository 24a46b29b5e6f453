#include "reference-server/api/router.hpp"

#include "reference-server/api/answers.hpp"

#include <gtest/gtest.h>

namespace deskcheck::server::api {
namespace {

TEST(Router, FindsHandlersByMethodAndExactPath) {
  Router router;
  for (const char* method : {"GET", "POST"})
    router.add(method, "/a", [method](const Request& request, net::Time) {
      return text_answer(method + request.body);
    });
  router.add("PUT", "/a/b", [](const Request&, net::Time) { return text_answer("b"); });
  const auto said = [&](const char* method, const char* target) {
    Request request;
    request.method = method;
    request.target = target;
    const auto response = router.on(request, {});
    return std::to_string(response.status) + " " + response.body;
  };
  EXPECT_EQ(said("GET", "/a"), "200 GET");
  EXPECT_EQ(said("POST", "/a?x=/a/b"), "200 POST");
  EXPECT_EQ(said("HEAD", "/a"), "200 GET");
  EXPECT_EQ(said("PUT", "/a/b"), "200 b");
  for (const char* unknown : {"/", "/A", "/a/", "/a/b/c", "//a"})
    EXPECT_EQ(said("GET", unknown), R"(404 {"error":"Not found"})") << unknown;
  for (const char* method : {"HEAD", "POST", "get", ""})
    EXPECT_EQ(said(method, "/a/b"), R"(405 {"error":"Method not allowed"})") << method;
  EXPECT_EQ(said("OPTIONS", "/a"), "200 ");
}

}  // namespace
}  // namespace deskcheck::server::api
