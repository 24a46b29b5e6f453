// The two agreements on a stream key: client with server, controller with device.
#include "proto/wire/frame.hpp"
#include "proto/wire/secure_channel.hpp"
#include "proto/wire/test_support.hpp"

#include <vector>

namespace deskcheck::wire {
namespace {

KeyPair server() { return key_pair_from_seed(counting_from(0)); }
KeyPair device() { return key_pair_from_seed(counting_from(0x20)); }
BoxKeyPair server_side() { return box_key_pair_from_secret(counting_from(0x40)); }
BoxKeyPair client_side() { return box_key_pair_from_secret(counting_from(0x60)); }
BoxKeyPair device_side() { return box_key_pair_from_secret(counting_from(0xA0)); }
StreamKey vector_key() { return {counting_from(0x80)}; }
constexpr const char* kId = "123456789";

constexpr const char* kOfferPayload =
    "ca01620a60"
    "fd2ee6e92015adfbed3135681dcff76ba99044ef601f342baf6e5ca6073e5195"
    "4d5a192637f520b6114dc02abf62913ca5dc073ef8bf934083bd70b2306d6903"
    "79a631eede1bf9c98f12032cdeadd0e7a079398fc786b88cc846ec89af85a51a";
constexpr const char* kAnswerPayload =
    "ca01540a20"
    "675dd574ed7789310b3d2e7681f3790b466c773b1521fecf36577958371ea52f"
    "0a30"
    "b5631759150b02acdc04e29f46e538de722f179507f80af21fa278ec13007074"
    "f62feca493fb07561194f7012bbdb84f";
constexpr const char* kSignedIdPayload =
    "1a6f0a6d"
    "497fadb363ca006d55b1693579da3fc7af485cfd225ab7a9d6063ac1ff61beb6"
    "d1d77791310018d40ae517799b38a96a57bc67725b1f5203f1be6ae51d48320f"
    "0a093132333435363738391220"
    "605a725d2a4adfeeb1a29e17edd621c1b7593ee8cdbc44ac6c4ab6e2f805d23c";

std::string payload_of(const hbb::KeyExchange& exchange) {
  hbb::RendezvousMessage message;
  *message.mutable_key_exchange() = exchange;
  return message.SerializeAsString();
}

hbb::KeyExchange exchange_in(const char* payload) {
  hbb::RendezvousMessage message;
  EXPECT_TRUE(message.ParseFromString(unhex(payload)));
  return message.key_exchange();
}

hbb::KeyExchange exchange_of(const std::vector<std::string>& keys) {
  hbb::KeyExchange exchange;
  for (const auto& key : keys) exchange.add_keys(key);
  return exchange;
}

boost::system::error_code refusal(const hbb::KeyExchange& offer) {
  net::Random random(1);
  return error_of(accept_key_exchange(offer, server().public_key, random));
}

TEST(KeyExchange, VectorOfTheOffer) {
  const std::string payload = payload_of(offer_key_exchange(server_side(), server()));
  EXPECT_EQ(hex(payload), kOfferPayload);
  EXPECT_EQ(payload.size(), 101U);
  EXPECT_EQ(hex(encode_header(payload.size()).value()), "9501");
}

TEST(KeyExchange, VectorOfTheAnswer) {
  const auto sealed = seal_key(vector_key(), client_side(), server_side().public_key).value();
  const auto answer = exchange_of({std::string(view(sealed.public_key)), sealed.box});
  const std::string payload = payload_of(answer);
  EXPECT_EQ(hex(payload), kAnswerPayload);
  EXPECT_EQ(payload.size(), 87U);
  EXPECT_EQ(hex(encode_header(payload.size()).value()), "5d01");
  EXPECT_EQ(finish_key_exchange(exchange_in(kAnswerPayload), server_side()).value(), vector_key());
}

TEST(KeyExchange, ClientAndServerAgree) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    net::Random random(seed);
    const KeyPair own = make_server_key_pair(random);
    const BoxKeyPair ephemeral = make_box_key_pair(random);
    const auto offer = offer_key_exchange(ephemeral, own);
    const auto accepted = accept_key_exchange(offer, own.public_key, random).value();
    ASSERT_EQ(accepted.answer.keys_size(), 2) << "seed " << seed;
    EXPECT_EQ(accepted.answer.keys(0).size(), 32U) << "seed " << seed;
    EXPECT_EQ(accepted.answer.keys(1).size(), 48U) << "seed " << seed;
    EXPECT_EQ(finish_key_exchange(accepted.answer, ephemeral).value(), accepted.key)
        << "seed " << seed;
    // Each acceptance draws its own ephemeral key and stream key.
    const auto again = accept_key_exchange(offer, own.public_key, random).value();
    EXPECT_NE(again.key, accepted.key) << "seed " << seed;
    EXPECT_NE(again.answer.keys(0), accepted.answer.keys(0)) << "seed " << seed;
  }
}

TEST(KeyExchange, TheVectorsOfferIsAccepted) {
  net::Random random(1);
  const auto accepted =
      accept_key_exchange(exchange_in(kOfferPayload), server().public_key, random).value();
  EXPECT_EQ(finish_key_exchange(accepted.answer, server_side()).value(), accepted.key);
}

TEST(KeyExchange, OffersWithoutExactlyOneKeyAreRefused) {
  const std::string good = offer_key_exchange(server_side(), server()).keys(0);
  EXPECT_EQ(refusal(exchange_of({})), Error::wrong_key_count);
  EXPECT_EQ(refusal(exchange_of({good, good})), Error::wrong_key_count);
  EXPECT_EQ(refusal(exchange_of({good, good, good})), Error::wrong_key_count);
  EXPECT_FALSE(refusal(exchange_of({good})));
}

TEST(KeyExchange, EveryTurnedBitAndEveryCutOfAnOfferIsNoticed) {
  const std::string good = offer_key_exchange(server_side(), server()).keys(0);
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    EXPECT_EQ(refusal(exchange_of({with_flipped_bit(good, bit)})), Error::bad_signature) << bit;
  }
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_EQ(refusal(exchange_of({good.substr(0, length)})), Error::bad_signature) << length;
  }
  EXPECT_EQ(refusal(offer_key_exchange(server_side(), device())), Error::bad_signature);
}

TEST(KeyExchange, SignedKeysOfOtherLengthsAreRefused) {
  for (std::size_t length = 0; length < 70; ++length) {
    if (length == 32) continue;
    EXPECT_EQ(refusal(exchange_of({sign(std::string(length, 'k'), server())})),
              Error::bad_key_length)
        << length;
  }
}

TEST(KeyExchange, SignedWeakKeysAreRefused) {
  EXPECT_EQ(refusal(exchange_of({sign(view(Bytes32{}), server())})), Error::weak_key);
}

TEST(KeyExchange, BadAnswersAreRefused) {
  const auto good = exchange_in(kAnswerPayload);
  const std::string& key = good.keys(0);
  const std::string& box = good.keys(1);
  const auto refused = [](const std::vector<std::string>& keys) {
    return error_of(finish_key_exchange(exchange_of(keys), server_side()));
  };
  EXPECT_FALSE(refused({key, box}));
  EXPECT_EQ(refused({}), Error::wrong_key_count);
  EXPECT_EQ(refused({key}), Error::wrong_key_count);
  EXPECT_EQ(refused({key, box, box}), Error::wrong_key_count);
  EXPECT_EQ(refused({box, key}), Error::bad_key_length);
  for (std::size_t length = 0; length < key.size(); ++length) {
    EXPECT_EQ(refused({key.substr(0, length), box}), Error::bad_key_length) << length;
  }
  for (std::size_t length = 0; length < box.size(); ++length) {
    EXPECT_EQ(refused({key, box.substr(0, length)}), Error::bad_box) << length;
  }
  for (std::size_t bit = 0; bit < box.size() * 8; ++bit) {
    EXPECT_EQ(refused({key, with_flipped_bit(box, bit)}), Error::bad_box) << bit;
  }
  // X25519 ignores the highest bit of a public key.
  for (std::size_t bit = 0; bit < key.size() * 8 - 1; ++bit) {
    EXPECT_EQ(refused({with_flipped_bit(key, bit), box}), Error::bad_box) << bit;
  }
}

TEST(Session, VectorOfTheOffer) {
  const std::string payload = offer_session(kId, device_side(), device()).SerializeAsString();
  EXPECT_EQ(hex(payload), kSignedIdPayload);
  EXPECT_EQ(payload.size(), 113U);
}

TEST(Session, TheVectorsOfferIsAccepted) {
  hbb::Message offer;
  ASSERT_TRUE(offer.ParseFromString(unhex(kSignedIdPayload)));
  net::Random random(1);
  const auto accepted = accept_session(offer.signed_id(), kId, device().public_key, random).value();
  EXPECT_EQ(finish_session(accepted.answer.public_key(), device_side()).value(), accepted.key);
}

TEST(Session, ControllerAndDeviceAgree) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    net::Random random(seed);
    const KeyPair own = make_key_pair(random);
    const BoxKeyPair ephemeral = make_box_key_pair(random);
    const std::string id = std::to_string(random.below(2'000'000'000));
    const auto offer = offer_session(id, ephemeral, own);
    const auto accepted = accept_session(offer.signed_id(), id, own.public_key, random).value();
    const auto& answer = accepted.answer.public_key();
    EXPECT_EQ(answer.asymmetric_value().size(), 32U) << "seed " << seed;
    EXPECT_EQ(answer.symmetric_value().size(), 48U) << "seed " << seed;
    EXPECT_EQ(finish_session(answer, ephemeral).value(), accepted.key) << "seed " << seed;
  }
}

TEST(Session, BadOffersAreRefused) {
  const auto refused = [](const std::string& signed_id, const char* id = kId) {
    hbb::SignedId offer;
    offer.set_id(signed_id);
    net::Random random(1);
    return error_of(accept_session(offer, id, device().public_key, random));
  };
  const std::string good = offer_session(kId, device_side(), device()).signed_id().id();
  EXPECT_FALSE(refused(good));
  EXPECT_EQ(refused(good, "987654321"), Error::wrong_id);
  EXPECT_EQ(refused(sign_identity(kId, std::string(31, 'k'), device())), Error::bad_key_length);
  EXPECT_EQ(refused(sign_identity(kId, view(Bytes32{}), device())), Error::weak_key);
  EXPECT_EQ(refused(sign("\xff", device())), Error::not_a_message);
  EXPECT_EQ(refused(sign_identity(kId, view(device_side().public_key), server())),
            Error::bad_signature);
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    EXPECT_EQ(refused(with_flipped_bit(good, bit)), Error::bad_signature) << bit;
  }
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_EQ(refused(good.substr(0, length)), Error::bad_signature) << length;
  }
}

TEST(Session, BadAnswersAreRefused) {
  const auto refused = [](const std::string& key, const std::string& box) {
    hbb::PublicKey answer;
    answer.set_asymmetric_value(key);
    answer.set_symmetric_value(box);
    return error_of(finish_session(answer, device_side()));
  };
  const auto sealed = seal_key(vector_key(), client_side(), device_side().public_key).value();
  const std::string key(view(sealed.public_key));
  EXPECT_FALSE(refused(key, sealed.box));
  for (std::size_t length = 0; length < 70; ++length) {
    if (length == 32) continue;
    EXPECT_EQ(refused(std::string(length, 'k'), sealed.box), Error::bad_key_length) << length;
  }
  for (std::size_t length = 0; length < sealed.box.size(); ++length) {
    EXPECT_EQ(refused(key, sealed.box.substr(0, length)), Error::bad_box) << length;
  }
  EXPECT_EQ(refused(std::string(32, '\0'), sealed.box), Error::bad_box);
}

TEST(Session, VectorsOfOtherMessages) {
  hbb::Message hash;
  hash.mutable_hash()->set_salt("abcdef");
  hash.mutable_hash()->set_challenge("123456");
  EXPECT_EQ(hex(hash.SerializeAsString()), "4a100a066162636465661206313233343536");
  hbb::Message parsed;
  ASSERT_TRUE(parsed.ParseFromString(unhex("4a100a066162636465661206313233343536")));
  EXPECT_EQ(parsed.hash().salt(), "abcdef");
  EXPECT_EQ(parsed.hash().challenge(), "123456");

  hbb::Message delay;
  delay.mutable_test_delay();
  EXPECT_EQ(hex(delay.SerializeAsString()), "2a00");
  ASSERT_TRUE(parsed.ParseFromString(unhex("2a00")));
  EXPECT_TRUE(parsed.has_test_delay());

  hbb::Message unconfirmed;
  unconfirmed.mutable_public_key();
  EXPECT_EQ(hex(unconfirmed.SerializeAsString()), "2200");
  ASSERT_TRUE(parsed.ParseFromString(unhex("2200")));
  EXPECT_TRUE(parsed.has_public_key());

  EXPECT_EQ(hbb::Message().SerializeAsString(), "");
}

TEST(Session, VectorOfThePasswordProof) {
  EXPECT_EQ(hex(password_proof("secret", "abcdef", "123456")),
            "36e34bc4e257cf36b4b3fbcce88fd798d325ca254407660be87f2099ec1dd09b");
}

}  // namespace
}  // namespace deskcheck::wire
