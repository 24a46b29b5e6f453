#include "client-sim/lab/totp.hpp"

#include <gmock/gmock.h>

namespace deskcheck::sim {
namespace {

// "12345678901234567890"
constexpr const char* kSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

// RFC 6238, appendix B, of whose eight digits apps show the last six.
TEST(Totp, CodesOfTheStandard) {
  EXPECT_EQ(totp_code(kSecret, 59), "287082");
  EXPECT_EQ(totp_code(kSecret, 1'111'111'109), "081804");
  EXPECT_EQ(totp_code(kSecret, 1'111'111'111), "050471");
  EXPECT_EQ(totp_code(kSecret, 1'234'567'890), "005924");
  EXPECT_EQ(totp_code(kSecret, 2'000'000'000), "279037");
  EXPECT_EQ(totp_code(kSecret, 20'000'000'000), "353130");
}

TEST(Totp, SecretsAsPeopleWriteThem) {
  EXPECT_EQ(totp_code("gezdgnbvgy3tqojqgezdgnbvgy3tqojq", 59), "287082");
  EXPECT_EQ(totp_code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ====", 59), "287082");
  EXPECT_THROW(totp_code("018", 59), std::invalid_argument);
}

}  // namespace
}  // namespace deskcheck::sim
