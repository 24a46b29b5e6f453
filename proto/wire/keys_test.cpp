#include "proto/wire/keys.hpp"

#include "proto/wire/test_support.hpp"

namespace deskcheck::wire {
namespace {

// The server of the vectors: seed 00 ... 1f.
constexpr const char* kPublicHex =
    "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8";
constexpr const char* kPublicText = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";
constexpr const char* kSecretText =
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==";

KeyPair server() { return key_pair_from_seed(counting_from(0)); }

TEST(Keys, VectorsOfIdentities) {
  EXPECT_EQ(hex(view(server().public_key.bytes)), kPublicHex);
  EXPECT_EQ(to_text(server().public_key), kPublicText);
  EXPECT_EQ(to_text(server()), kSecretText);
  EXPECT_EQ(hex(view(key_pair_from_seed(counting_from(0x20)).public_key.bytes)),
            "29acbae141bccaf0b22e1a94d34d0bc7361e526d0bfe12c89794bc9322966dd7");
}

TEST(Keys, VectorsOfIdentitiesAreParsed) {
  EXPECT_EQ(parse_public_key(kPublicText).value(), server().public_key);
  const KeyPair parsed = parse_secret_key(kSecretText).value();
  EXPECT_EQ(parsed.public_key, server().public_key);
  EXPECT_EQ(parsed.secret, server().secret);
}

TEST(Keys, VectorsOfConnections) {
  EXPECT_EQ(hex(view(box_key_pair_from_secret(counting_from(0x40)).public_key)),
            "79a631eede1bf9c98f12032cdeadd0e7a079398fc786b88cc846ec89af85a51a");
  EXPECT_EQ(hex(view(box_key_pair_from_secret(counting_from(0x60)).public_key)),
            "675dd574ed7789310b3d2e7681f3790b466c773b1521fecf36577958371ea52f");
  EXPECT_EQ(box_key_pair_from_secret(counting_from(0x60)).secret, counting_from(0x60));
}

TEST(Keys, TheKeyOfThePublicNetworkIsAKey) {
  EXPECT_TRUE(parse_public_key("OeVuKk5nlHiXp+APNn0Y3pC1Iwpwn44JGqrQCsWqmBw=").has_value());
}

TEST(Keys, BytesOfOtherLengthsAreNoKey) {
  for (std::size_t length = 0; length < 100; ++length) {
    const auto key = to_bytes32(std::string(length, 'k'));
    EXPECT_EQ(key.has_value(), length == 32) << length;
    EXPECT_TRUE(key || key.error() == Error::bad_key_length) << length;
  }
}

TEST(Keys, EqualSeedsMakeEqualKeys) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    net::Random one(seed);
    net::Random two(seed);
    EXPECT_EQ(to_text(make_key_pair(one)), to_text(make_key_pair(two))) << "seed " << seed;
    EXPECT_EQ(make_box_key_pair(one).secret, make_box_key_pair(two).secret) << "seed " << seed;
    EXPECT_EQ(make_stream_key(one), make_stream_key(two)) << "seed " << seed;
    EXPECT_NE(make_stream_key(one), make_stream_key(one)) << "seed " << seed;
  }
}

TEST(Keys, TheSystemsSourceMakesOtherKeysEachTime) {
  net::Random random = net::Random::system();
  EXPECT_NE(to_text(make_key_pair(random)), to_text(make_key_pair(random)));
}

TEST(Keys, PublicKeysOfServersFitFileNames) {
  int had_to_try_again = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    net::Random random(seed);
    EXPECT_THAT(to_text(make_server_key_pair(random).public_key),
                testing::MatchesRegex("[A-Za-z0-9+]{43}="))
        << "seed " << seed;
    net::Random again(seed);
    if (to_text(make_key_pair(again).public_key).find('/') != std::string::npos) ++had_to_try_again;
  }
  EXPECT_GT(had_to_try_again, 100);
}

TEST(Base64, KnownTexts) {
  const std::pair<const char*, const char*> cases[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
      {"\xfb\xff\xbf", "+/+/"},
  };
  for (const auto& [bytes, text] : cases) {
    EXPECT_EQ(to_base64(bytes), text);
    EXPECT_EQ(from_base64(text).value(), bytes);
  }
}

TEST(Base64, RoundTrips) {
  for (std::uint64_t seed = 0; seed < 10'000; ++seed) {
    net::Random random(seed);
    const std::string bytes = random.bytes(random.below(100));
    ASSERT_EQ(from_base64(to_base64(bytes)).value(), bytes) << "seed " << seed;
  }
}

TEST(Base64, EverythingElseIsRefused) {
  for (const char* text :
       {"Z", "Zg", "Zg=", "Zg===", "=", "====", "Zm8", "Zm9vZ", "Zg==Zg==",
        "Zh==",  // the unused bits must be zero
        "Zm9=", "Zm9-", "Zm9_", "Zm 9v", " Zm9v", "Zm9v ", "Zm9v\n", "Zm9\xe9"}) {
    EXPECT_EQ(error_of(from_base64(text)), Error::bad_base64) << text;
  }
  EXPECT_EQ(error_of(from_base64(std::string_view("Zm9\0", 4))), Error::bad_base64);
}

TEST(Base64, TheAlphabetHas64Letters) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t position = 0; position < 4; ++position) {
    for (int value = 0; value < 256; ++value) {
      std::string text = "Zm9v";
      text[position] = static_cast<char>(value);
      const bool letter = kAlphabet.find(text[position]) != std::string_view::npos;
      EXPECT_EQ(from_base64(text).has_value(), letter) << position << ": " << value;
    }
  }
}

TEST(KeyText, CutAtEveryLengthIsNoKey) {
  const std::string secret = kSecretText;
  for (std::size_t length = 0; length < secret.size(); ++length) {
    const Error expected = length % 4 == 0 ? Error::bad_key_length : Error::bad_base64;
    EXPECT_EQ(error_of(parse_secret_key(secret.substr(0, length))), expected) << length;
  }
  const std::string public_text = kPublicText;
  for (std::size_t length = 0; length < public_text.size(); ++length) {
    const Error expected = length % 4 == 0 ? Error::bad_key_length : Error::bad_base64;
    EXPECT_EQ(error_of(parse_public_key(public_text.substr(0, length))), expected) << length;
  }
}

TEST(KeyText, OneKindIsNotTheOther) {
  EXPECT_EQ(error_of(parse_public_key(kSecretText)), Error::bad_key_length);
  EXPECT_EQ(error_of(parse_secret_key(kPublicText)), Error::bad_key_length);
}

TEST(KeyText, WhiteSpaceIsNotPartOfAKey) {
  EXPECT_EQ(error_of(parse_public_key(kPublicText + std::string("\n"))), Error::bad_base64);
  EXPECT_EQ(error_of(parse_secret_key(" " + std::string(kSecretText))), Error::bad_base64);
}

TEST(KeyText, EveryTurnedBitOfASecretIsNoticed) {
  const KeyPair pair = server();
  const std::string secret(pair.secret.begin(), pair.secret.end());
  for (std::size_t bit = 0; bit < secret.size() * 8; ++bit) {
    EXPECT_EQ(error_of(parse_secret_key(to_base64(with_flipped_bit(secret, bit)))),
              Error::key_mismatch)
        << bit;
  }
}

TEST(KeyText, RoundTrips) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    net::Random random(seed);
    const KeyPair pair = make_key_pair(random);
    EXPECT_EQ(parse_secret_key(to_text(pair)).value().secret, pair.secret) << "seed " << seed;
    EXPECT_EQ(parse_public_key(to_text(pair.public_key)).value(), pair.public_key)
        << "seed " << seed;
  }
}

TEST(Signature, RoundTrips) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    net::Random random(seed);
    const KeyPair signer = make_key_pair(random);
    const std::string message = random.bytes(random.below(200));
    const std::string signed_message = sign(message, signer);
    EXPECT_EQ(signed_message.size(), 64 + message.size()) << "seed " << seed;
    EXPECT_EQ(signed_message.substr(64), message) << "seed " << seed;
    EXPECT_EQ(verify(signed_message, signer.public_key).value(), message) << "seed " << seed;
  }
}

TEST(Signature, EveryTurnedBitIsNoticed) {
  const std::string signed_message = sign("message", server());
  for (std::size_t bit = 0; bit < signed_message.size() * 8; ++bit) {
    EXPECT_EQ(error_of(verify(with_flipped_bit(signed_message, bit), server().public_key)),
              Error::bad_signature)
        << bit;
  }
}

TEST(Signature, CutAtEveryLengthIsRefused) {
  const std::string signed_message = sign("message", server());
  for (std::size_t length = 0; length < signed_message.size(); ++length) {
    EXPECT_EQ(error_of(verify(signed_message.substr(0, length), server().public_key)),
              Error::bad_signature)
        << length;
  }
}

TEST(Signature, OfAnotherKeyIsRefused) {
  const KeyPair other = key_pair_from_seed(counting_from(1));
  EXPECT_EQ(error_of(verify(sign("message", server()), other.public_key)), Error::bad_signature);
  EXPECT_EQ(error_of(verify(sign("message", server()), PublicKey{})), Error::bad_signature);
}

}  // namespace
}  // namespace deskcheck::wire
