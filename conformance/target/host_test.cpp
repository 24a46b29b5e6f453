#include "conformance/target/host.hpp"

#include <gtest/gtest.h>

namespace deskcheck::conformance {
namespace {

std::string said(std::string_view text) {
  const auto mistake = host_mistake(text, "--port-base");
  return mistake ? mistake->what + "; " + mistake->mend : "";
}

TEST(Host, IsANameOrAnAddress) {
  for (const auto* text : {"rd.example.com", "localhost", "rd", "192.0.2.7", "::1", "2001:db8::7",
                           "fe80::1%eth0", "rd_1.example.com.", "xn--bcher-kva.example"})
    EXPECT_EQ(said(text), "") << text;
}

TEST(Host, IsToldApartFromWhatClientsAreConfiguredWith) {
  EXPECT_EQ(said("rd.example.com:21116"),
            "'rd.example.com:21116' has a port in it; give rd.example.com alone, and 21116 "
            "as --port-base");
  EXPECT_EQ(said("[::1]:21116"),
            "'[::1]:21116' has a port in it; give ::1 alone, and 21116 as --port-base");
  EXPECT_EQ(said("[::1]"), "'[::1]' is no name and no address; give ::1 alone");
  EXPECT_EQ(said("https://rd.example.com:21114/api"),
            "'https://rd.example.com:21114/api' is a URL; give rd.example.com alone");
  EXPECT_EQ(said("http://[::1]:21114"), "'http://[::1]:21114' is a URL; give ::1 alone");
  EXPECT_EQ(said("rd.example.com:"),
            "'rd.example.com:' is no name and no address; give rd.example.com alone");
  EXPECT_EQ(said(""), "a host is missing; give its name or address");
  for (const auto* text : {"a b", "a/b", "ann@example.com", "[", "[::1", ":"})
    EXPECT_NE(said(text), "") << text;
}

}  // namespace
}  // namespace deskcheck::conformance
