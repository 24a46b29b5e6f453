#include "reference-server/rendezvous/signed_keys.hpp"

#include <gtest/gtest.h>

namespace deskcheck::server {
namespace {

TEST(SignedKeys, AreWhatSigningGives) {
  net::Random random(1);
  const auto signer = wire::make_key_pair(random);
  SignedKeys keys;
  for (const char pk : {'a', 'a', 'b', 'a'}) {  // the device changes its key, and changes it back
    const std::string bytes(32, pk);
    EXPECT_EQ(keys.sign("123456789", bytes, signer),
              wire::sign_identity("123456789", bytes, signer));
  }
  EXPECT_NE(keys.sign("123456789", "k", signer), keys.sign("987654321", "k", signer));
}

TEST(SignedKeys, NeverGrowBeyondTheirBound) {
  net::Random random(1);
  const auto signer = wire::make_key_pair(random);
  SignedKeys keys;
  for (std::size_t i = 0; i < SignedKeys::kMost + 10; ++i) {
    (void)keys.sign("device " + std::to_string(i), "k", signer);
    ASSERT_LE(keys.size(), SignedKeys::kMost);
  }
}

}  // namespace
}  // namespace deskcheck::server
