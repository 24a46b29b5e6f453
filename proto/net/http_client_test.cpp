#include "proto/net/http_client.hpp"

#include <gtest/gtest.h>

namespace deskcheck::net {
namespace {

std::string parts(std::string_view url) {
  const auto place = parse_http_url(url);
  if (!place) return "none";
  return (place->tls ? "tls " : "") + place->host + " " + std::to_string(place->port) + " " +
         place->base;
}

TEST(HttpClient, UrlsAreTakenApart) {
  EXPECT_EQ(parts("http://example.org"), "example.org 80 ");
  EXPECT_EQ(parts("http://127.0.0.1:21114/"), "127.0.0.1 21114 ");
  EXPECT_EQ(parts("http://[::1]:8080/base/"), "::1 8080 /base");
  EXPECT_EQ(parts("http://[::1]"), "::1 80 ");
  EXPECT_EQ(parts("https://example.org/base"), "tls example.org 443 /base");
  EXPECT_EQ(parts("https://[::1]:8443"), "tls ::1 8443 ");
  for (const char* bad :
       {"", "example.org", "ftp://example.org", "http://", "https://", "https://:1", "http://x:0",
        "http://x:y", "http://x:70000", "http://a@b", "http://x?y"})
    EXPECT_EQ(parts(bad), "none") << bad;
}

TEST(HttpClient, WhatIsNotPlainIsEncoded) {
  EXPECT_EQ(percent_encoded("a b/c-\xc3\xa4"), "a%20b%2Fc-%C3%A4");
}

}  // namespace
}  // namespace deskcheck::net
