#include "reference-server/identity/totp.hpp"

#include <gtest/gtest.h>

namespace deskcheck::server::identity {
namespace {

// "12345678901234567890"
constexpr const char* kSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

TEST(Totp, IsThatOfTheRfc) {
  // RFC 6238, appendix B, the last six of eight digits.
  for (const auto& [time, code] :
       std::initializer_list<std::pair<std::int64_t, const char*>>{{59, "287082"},
                                                                   {1111111109, "081804"},
                                                                   {1111111111, "050471"},
                                                                   {1234567890, "005924"},
                                                                   {2000000000, "279037"},
                                                                   {20000000000, "353130"}})
    EXPECT_EQ(totp_code(kSecret, time / 30), code) << time;
}

TEST(Totp, IsGoodForAStepBeforeAndAfter) {
  for (const std::int64_t time : {1111111111 - 30, 1111111111, 1111111111 + 30})
    EXPECT_EQ(totp_step(kSecret, "050471", time), 1111111111 / 30) << time;
  for (const std::int64_t time : {1111111111 - 61, 1111111111 + 60, 0})
    EXPECT_FALSE(totp_step(kSecret, "050471", time)) << time;
  EXPECT_TRUE(totp_step(kSecret, totp_code(kSecret, 0), 0));
  for (const char* bad : {"", "05047", "0504711", "50471", "abcdef"})
    EXPECT_FALSE(totp_step(kSecret, bad, 1111111111)) << bad;
  EXPECT_FALSE(totp_step("", "050471", 1111111111));
}

TEST(Totp, ReadsSecretsAsPeopleWriteThem) {
  EXPECT_EQ(secret_bytes(kSecret), "12345678901234567890");
  EXPECT_EQ(secret_bytes("gezd gnbv gy3t qojq gezd gnbv gy3t qojq"), "12345678901234567890");
  EXPECT_EQ(secret_bytes("MZXW6YQ="), "foob");
  for (const char* bad : {"", "====", "A", "0189", "GEZD-GNBV", "\xc3\xa4"})
    EXPECT_FALSE(secret_bytes(bad)) << bad;
  EXPECT_FALSE(secret_bytes(std::string(1000, 'A')));
}

}  // namespace
}  // namespace deskcheck::server::identity
