#include "proto/wire/identity.hpp"

#include "proto/wire/test_support.hpp"

namespace deskcheck::wire {
namespace {

KeyPair server() { return key_pair_from_seed(counting_from(0)); }
KeyPair peer() { return key_pair_from_seed(counting_from(0x20)); }
constexpr const char* kId = "123456789";
constexpr const char* kSignedHex =
    "5bc63d711b2e63ccd12004983dbe260287491cd5797b7b2114e1810b523e7074"
    "ce2f2f2d1d844c773b357fef6e0eb7402a16e957fa77c8afc4c9fe9ae3aa2b08"
    "0a09313233343536373839122029acbae141bccaf0b22e1a94d34d0bc7361e526d0bfe12c89794bc9322966dd7";

TEST(Identity, VectorIsSigned) {
  EXPECT_EQ(hex(sign_identity(kId, view(peer().public_key.bytes), server())), kSignedHex);
}

TEST(Identity, VectorIsVerified) {
  const std::string bytes = unhex(kSignedHex);
  ASSERT_EQ(bytes.size(), 109U);
  const auto identity = verify_identity(bytes, server().public_key, kId).value();
  EXPECT_EQ(identity.id(), kId);
  EXPECT_EQ(identity.pk(), view(peer().public_key.bytes));
  EXPECT_EQ(verify_identity(bytes, server().public_key).value().id(), kId);
}

TEST(Identity, OfAnotherIdIsRefusedOnlyWhereAnIdIsExpected) {
  const std::string bytes = unhex(kSignedHex);
  for (const char* id : {"", "12345678", "1234567890", "123456780"}) {
    EXPECT_EQ(error_of(verify_identity(bytes, server().public_key, id)), Error::wrong_id) << id;
  }
}

TEST(Identity, EveryTurnedBitIsNoticed) {
  const std::string bytes = unhex(kSignedHex);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    const std::string turned = with_flipped_bit(bytes, bit);
    EXPECT_EQ(error_of(verify_identity(turned, server().public_key)), Error::bad_signature) << bit;
    EXPECT_EQ(error_of(verify_identity(turned, server().public_key, kId)), Error::bad_signature);
  }
}

TEST(Identity, CutAtEveryLengthIsRefused) {
  const std::string bytes = unhex(kSignedHex);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_EQ(error_of(verify_identity(bytes.substr(0, length), server().public_key)),
              Error::bad_signature)
        << length;
  }
}

TEST(Identity, OfAnotherSignerIsRefused) {
  EXPECT_EQ(error_of(verify_identity(unhex(kSignedHex), peer().public_key)), Error::bad_signature);
}

TEST(Identity, KeysOfOtherLengthsAreRefused) {
  for (std::size_t length = 0; length < 70; ++length) {
    const auto identity = verify_identity(sign_identity(kId, std::string(length, 'k'), server()),
                                          server().public_key, kId);
    EXPECT_EQ(identity.has_value(), length == 32) << length;
    EXPECT_TRUE(identity || identity.error() == Error::bad_key_length) << length;
  }
}

// The signature is right, what is signed is not: the identity cut at every length, and more.
TEST(Identity, SignedBytesThatAreNoIdentityAreRefused) {
  const std::string message = unhex(kSignedHex).substr(64);
  for (std::size_t length = 0; length < message.size(); ++length) {
    const auto identity =
        verify_identity(sign(message.substr(0, length), server()), server().public_key);
    // Cut between the two fields, or before both, a message without a key remains.
    const Error expected =
        length == 0 || length == 11 ? Error::bad_key_length : Error::not_a_message;
    EXPECT_EQ(error_of(identity), expected) << length;
  }
  EXPECT_EQ(error_of(verify_identity(sign("\xff", server()), server().public_key)),
            Error::not_a_message);
  const std::string no_utf8 = unhex("0a01ff");
  EXPECT_EQ(error_of(verify_identity(sign(no_utf8, server()), server().public_key)),
            Error::not_a_message);
}

TEST(Identity, RoundTrips) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    net::Random random(seed);
    const KeyPair signer = make_key_pair(random);
    const PublicKey pk = make_key_pair(random).public_key;
    const std::string id = std::to_string(random.next());
    const auto identity =
        verify_identity(sign_identity(id, view(pk.bytes), signer), signer.public_key, id);
    ASSERT_TRUE(identity.has_value()) << "seed " << seed;
    EXPECT_EQ(identity->pk(), view(pk.bytes)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace deskcheck::wire
