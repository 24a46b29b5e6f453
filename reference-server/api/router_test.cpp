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

TEST(Router, ALastSegmentMayBeAnything) {
  Router router;
  const auto tell = [](const std::string& what) {
    return [what](const Request& request, net::Time) {
      return text_answer(what + " " + std::string(request.last_segment()));
    };
  };
  router.add("DELETE", "/a/{guid}", tell("delete"));
  router.add("POST", "/a/add/{guid}", tell("add"));
  router.add("POST", "/a/fixed", tell("fixed"));
  const auto said = [&](const char* method, const char* target) {
    Request request;
    request.method = method;
    request.target = target;
    const auto response = router.on(request, {});
    return std::to_string(response.status) + " " + response.body;
  };
  EXPECT_EQ(said("DELETE", "/a/x-1?y=/z"), "200 delete x-1");
  EXPECT_EQ(said("POST", "/a/add/x"), "200 add x");
  EXPECT_EQ(said("POST", "/a/fixed"), "200 fixed fixed");
  EXPECT_EQ(said("DELETE", "/a/fixed"), R"(405 {"error":"Method not allowed"})");
  EXPECT_EQ(said("POST", "/a/x"), R"(405 {"error":"Method not allowed"})");
  for (const char* unknown : {"/a/", "/a", "/a/add/", "/a/x/y", "/b/x"})
    EXPECT_EQ(said("DELETE", unknown), R"(404 {"error":"Not found"})") << unknown;
}

TEST(Router, WhatItForgetsIsUnknown) {
  Router router;
  const auto tell = [](const Request&, net::Time) { return text_answer("here"); };
  for (const char* method : {"GET", "POST"}) router.add(method, "/a", tell);
  router.add("PUT", "/b/{name}", tell);
  for (const char* route : {"POST /a", "PUT /b/{name}", "GET /never", "PUT /a"})
    router.forget(route);
  const auto status = [&](const char* method, const char* target) {
    Request request;
    request.method = method;
    request.target = target;
    return router.on(request, {}).status;
  };
  EXPECT_EQ(status("GET", "/a"), 200);
  EXPECT_EQ(status("POST", "/a"), 404);
  EXPECT_EQ(status("PUT", "/a"), 405);
  EXPECT_EQ(status("PUT", "/b/x"), 404);
  EXPECT_EQ(router.routes(), std::set<std::string>{"GET /a"});
}

TEST(Request, ReadsItsQuery) {
  Request request;
  request.target = "/a?x=1&accessible&e=&n=a%20b%2Fc+d&x=2&bad=%zz%4";
  EXPECT_EQ(request.path(), "/a");
  EXPECT_EQ(request.query("x"), "1");
  EXPECT_EQ(request.query("accessible"), "");
  EXPECT_EQ(request.query("e"), "");
  EXPECT_EQ(request.query("n"), "a b/c d");
  EXPECT_EQ(request.query("bad"), "%zz%4");
  EXPECT_EQ(request.query("y"), std::nullopt);
  request.target = "/a";
  EXPECT_EQ(request.query(""), std::nullopt);
}

}  // namespace
}  // namespace deskcheck::server::api
