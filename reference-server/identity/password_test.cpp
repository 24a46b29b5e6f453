#include "reference-server/identity/password.hpp"

#include <gtest/gtest.h>

namespace deskcheck::server::identity {
namespace {

TEST(Password, IsRecognisedAndNotKept) {
  net::Random random(1);
  const auto hash = hash_password("s3cret", PasswordCost::minimal, random);
  EXPECT_EQ(hash.rfind("$argon2id$v=19$m=8,t=1,p=1$", 0), 0u) << hash;
  EXPECT_EQ(hash.find("s3cret"), std::string::npos);
  EXPECT_TRUE(is_password(hash, "s3cret"));
  for (const char* other : {"", "s3cre", "s3cret ", "S3CRET"})
    EXPECT_FALSE(is_password(hash, other)) << other;
  EXPECT_NE(hash_password("s3cret", PasswordCost::minimal, random), hash) << "another salt";
}

TEST(Password, MayBeAnyBytes) {
  net::Random random(1);
  for (const std::string& odd : {std::string(), std::string("a\0b", 3), std::string(1000, '\xff')})
    EXPECT_TRUE(is_password(hash_password(odd, PasswordCost::minimal, random), odd));
  EXPECT_FALSE(is_password(hash_password(std::string("a\0b", 3), PasswordCost::minimal, random),
                           std::string("a\0c", 3)));
}

TEST(Password, CostsAttackersMemory) {
  net::Random random(1);
  const auto hash = hash_password("s3cret", PasswordCost::interactive, random);
  EXPECT_EQ(hash.rfind("$argon2id$v=19$m=19456,t=2,p=1$", 0), 0u) << hash;
  EXPECT_TRUE(is_password(hash, "s3cret"));
}

TEST(Password, NothingIsRightForWhatIsNoHash) {
  for (const std::string& bad : {std::string(), std::string("$argon2id$"), std::string(500, '$')})
    EXPECT_FALSE(is_password(bad, "")) << bad;
}

}  // namespace
}  // namespace deskcheck::server::identity
