// The encrypted stream and the sealed key. The agreements that use them: key_exchange_test.cpp.
#include "proto/wire/secure_channel.hpp"

#include "proto/wire/frame.hpp"
#include "proto/wire/test_support.hpp"

#include <sodium.h>

namespace deskcheck::wire {
namespace {

StreamKey vector_key() { return {counting_from(0x80)}; }
BoxKeyPair server_side() { return box_key_pair_from_secret(counting_from(0x40)); }
BoxKeyPair client_side() { return box_key_pair_from_secret(counting_from(0x60)); }

constexpr const char* kRequest = "a20100";  // a plain TestNatRequest
constexpr const char* kFirst = "380d6249a91720b0a2255d8bb1429b9aa8b813";
constexpr const char* kSecond = "b9d78bc92a261b2fdb1eb613e79d2f1eb9e1f1";
constexpr const char* kFirstEmpty = "db129a695d3cfa6c3fa331b6935aa017";
constexpr const char* kBox =
    "b5631759150b02acdc04e29f46e538de722f179507f80af21fa278ec13007074"
    "f62feca493fb07561194f7012bbdb84f";

TEST(SecureChannel, VectorsAreSealed) {
  SecureChannel channel(vector_key());
  const std::string first = channel.seal(unhex(kRequest));
  EXPECT_EQ(hex(first), kFirst);
  EXPECT_EQ(hex(encode_header(first.size()).value()), "4c");
  EXPECT_EQ(hex(channel.seal(unhex(kRequest))), kSecond);
  EXPECT_EQ(hex(SecureChannel(vector_key()).seal("")), kFirstEmpty);
}

TEST(SecureChannel, VectorsAreOpened) {
  SecureChannel channel(vector_key());
  EXPECT_EQ(hex(channel.open(unhex(kFirst)).value()), kRequest);
  EXPECT_EQ(hex(channel.open(unhex(kSecond)).value()), kRequest);
  EXPECT_EQ(SecureChannel(vector_key()).open(unhex(kFirstEmpty)).value(), "");
}

TEST(SecureChannel, BothDirectionsCountForThemselves) {
  SecureChannel one(vector_key());
  SecureChannel two(vector_key());
  const std::string there = one.seal("text");
  EXPECT_EQ(two.open(there).value(), "text");
  EXPECT_EQ(two.seal("text"), there);  // same key, same counter
}

TEST(SecureChannel, PayloadsOfNoneAndOneBytePassAsTheyAre) {
  SecureChannel channel(vector_key());
  EXPECT_EQ(channel.open("").value(), "");
  EXPECT_EQ(channel.open("x").value(), "x");
  EXPECT_EQ(hex(channel.open(unhex(kFirst)).value()), kRequest);
  EXPECT_EQ(channel.open("").value(), "");
  EXPECT_EQ(hex(channel.open(unhex(kSecond)).value()), kRequest);
}

TEST(SecureChannel, EveryTurnedBitIsNoticed) {
  for (std::size_t bit = 0; bit < unhex(kFirst).size() * 8; ++bit) {
    EXPECT_EQ(error_of(SecureChannel(vector_key()).open(with_flipped_bit(unhex(kFirst), bit))),
              Error::bad_ciphertext)
        << bit;
  }
}

TEST(SecureChannel, CutAtEveryLengthIsRefused) {
  const std::string sealed = unhex(kFirst);
  for (std::size_t length = 2; length < sealed.size(); ++length) {
    EXPECT_EQ(error_of(SecureChannel(vector_key()).open(sealed.substr(0, length))),
              Error::bad_ciphertext)
        << length;
  }
}

TEST(SecureChannel, RepeatedSkippedAndForeignMessagesAreRefused) {
  SecureChannel repeated(vector_key());
  ASSERT_TRUE(repeated.open(unhex(kFirst)).has_value());
  EXPECT_EQ(error_of(repeated.open(unhex(kFirst))), Error::bad_ciphertext);
  EXPECT_EQ(error_of(SecureChannel(vector_key()).open(unhex(kSecond))), Error::bad_ciphertext);
  EXPECT_EQ(error_of(SecureChannel(StreamKey{}).open(unhex(kFirst))), Error::bad_ciphertext);
}

// Message n of either direction has the nonce n, little-endian, also beyond one and two bytes.
TEST(SecureChannel, TheNonceIsTheCounter) {
  const StreamKey key = vector_key();
  SecureChannel sender(key);
  SecureChannel receiver(key);
  for (std::uint32_t counter = 1; counter <= 0x10001; ++counter) {
    std::array<unsigned char, crypto_secretbox_NONCEBYTES> nonce{};
    nonce[0] = static_cast<unsigned char>(counter);
    nonce[1] = static_cast<unsigned char>(counter >> 8);
    nonce[2] = static_cast<unsigned char>(counter >> 16);
    std::array<unsigned char, crypto_secretbox_MACBYTES + 1> expected;
    const unsigned char plain = 'p';
    crypto_secretbox_easy(expected.data(), &plain, 1, nonce.data(), key.bytes.data());
    const std::string sealed = sender.seal("p");
    ASSERT_EQ(sealed, std::string(expected.begin(), expected.end())) << counter;
    ASSERT_EQ(receiver.open(sealed).value(), "p") << counter;
  }
}

TEST(SecureChannel, RandomConversationsRoundTrip) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    net::Random random(seed);
    const StreamKey key = make_stream_key(random);
    SecureChannel ends[] = {SecureChannel(key), SecureChannel(key)};
    for (int i = 0; i < 50; ++i) {
      const std::size_t from = random.below(2);
      const std::string plain = random.bytes(random.below(random.chance(0.1) ? 5000 : 40));
      const std::string sealed = ends[from].seal(plain);
      ASSERT_EQ(sealed.size(), plain.size() + 16) << "seed " << seed;
      ASSERT_EQ(ends[1 - from].open(sealed).value(), plain) << "seed " << seed;
      if (random.chance(0.2)) {
        ASSERT_EQ(ends[from].open("").value(), "") << "seed " << seed;
      }
    }
  }
}

TEST(SealedKey, VectorIsSealedAndOpened) {
  const auto sealed = seal_key(vector_key(), client_side(), server_side().public_key).value();
  EXPECT_EQ(sealed.public_key, client_side().public_key);
  EXPECT_EQ(hex(sealed.box), kBox);
  EXPECT_EQ(open_key(unhex(kBox), server_side(), client_side().public_key).value(), vector_key());
}

TEST(SealedKey, EveryTurnedBitIsNoticed) {
  for (std::size_t bit = 0; bit < unhex(kBox).size() * 8; ++bit) {
    EXPECT_EQ(error_of(open_key(with_flipped_bit(unhex(kBox), bit), server_side(),
                                client_side().public_key)),
              Error::bad_box)
        << bit;
  }
}

TEST(SealedKey, CutAtEveryLengthIsRefused) {
  const std::string box = unhex(kBox);
  for (std::size_t length = 0; length < box.size(); ++length) {
    EXPECT_EQ(error_of(open_key(box.substr(0, length), server_side(), client_side().public_key)),
              Error::bad_box)
        << length;
  }
}

TEST(SealedKey, OpensOnlyForTheTwoWhoAgreed) {
  const std::string box = unhex(kBox);
  const BoxKeyPair other = box_key_pair_from_secret(counting_from(1));
  EXPECT_EQ(error_of(open_key(box, other, client_side().public_key)), Error::bad_box);
  EXPECT_EQ(error_of(open_key(box, server_side(), other.public_key)), Error::bad_box);
}

TEST(SealedKey, SomethingElseThanAKeyInTheBoxIsRefused) {
  const std::array<unsigned char, crypto_box_NONCEBYTES> nonce{};
  for (std::size_t length = 0; length < 70; ++length) {
    const std::string plain(length, 'k');
    std::string box(crypto_box_MACBYTES + length, '\0');
    ASSERT_EQ(
        crypto_box_easy(reinterpret_cast<unsigned char*>(box.data()),
                        reinterpret_cast<const unsigned char*>(plain.data()), length, nonce.data(),
                        server_side().public_key.data(), client_side().secret.data()),
        0);
    const auto key = open_key(box, server_side(), client_side().public_key);
    EXPECT_EQ(key.has_value(), length == 32) << length;
    EXPECT_TRUE(key || key.error() == Error::bad_key_length) << length;
  }
}

// Points of low order: with each of them every secret agrees on the same value.
TEST(SealedKey, WeakKeysOfThePeerAreRefused) {
  for (const char* point : {"0000000000000000000000000000000000000000000000000000000000000000",
                            "0100000000000000000000000000000000000000000000000000000000000000",
                            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"}) {
    const Bytes32 weak = to_bytes32(unhex(point)).value();
    EXPECT_EQ(error_of(seal_key(vector_key(), client_side(), weak)), Error::weak_key) << point;
    EXPECT_EQ(error_of(open_key(unhex(kBox), server_side(), weak)), Error::bad_box) << point;
  }
}

TEST(SealedKey, RoundTrips) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    net::Random random(seed);
    const BoxKeyPair one = make_box_key_pair(random);
    const BoxKeyPair two = make_box_key_pair(random);
    const StreamKey key = make_stream_key(random);
    const auto sealed = seal_key(key, one, two.public_key).value();
    EXPECT_EQ(sealed.box.size(), 48U) << "seed " << seed;
    EXPECT_EQ(open_key(sealed.box, two, sealed.public_key).value(), key) << "seed " << seed;
  }
}

}  // namespace
}  // namespace deskcheck::wire
