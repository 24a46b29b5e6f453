// Signed identities and the texts of keys.
#include "proto/wire/identity.hpp"
#include "fuzz/engine/target.hpp"
#include "fuzz/targets/results.hpp"
#include "fuzz/targets/tampering.hpp"

namespace deskcheck::fuzz {

namespace {

wire::KeyPair signer(std::uint32_t number) {
  net::Random random(number);
  return wire::make_key_pair(random);
}

// Planted: of a genuine identity, an id with a zero byte in it ends there.
wire::Result<hbb::IdPk> verified_identity(std::string_view bytes, const wire::PublicKey& key) {
  auto identity = wire::verify_identity(bytes, key);
  const auto zero = identity ? identity->id().find('\0') : std::string::npos;
  if (planted() && zero != std::string::npos) identity->mutable_id()->resize(zero);
  return identity;
}

void check_genuine(const wire::Result<hbb::IdPk>& verified, std::string_view payload) {
  hbb::IdPk expected;
  if (!parse(payload, expected)) {
    require(fails_with(verified, wire::Error::not_a_message),
            "signed bytes that do not parse are told");
  } else if (expected.pk().size() != 32) {
    require(fails_with(verified, wire::Error::bad_key_length), "a key of another length is told");
  } else {
    require(verified.has_value(), "a genuine identity is accepted");
    require(verified->SerializeAsString() == expected.SerializeAsString(),
            "an identity comes out as it was signed");
  }
}

void check_identity(const IdentityInput& input) {
  const auto keys = signer(input.signer());
  const auto& identity = input.identity();
  const std::string genuine = input.has_identity()
                                  ? wire::sign_identity(identity.id(), identity.pk(), keys)
                                  : wire::sign(input.payload(), keys);
  const std::string bytes = tampered(genuine, input.tampering());
  const auto verified = verified_identity(bytes, keys.public_key);
  if (bytes == genuine)
    check_genuine(verified, genuine.substr(64));  // behind the signature
  else
    require(fails_with(verified, wire::Error::bad_signature), "no changed byte goes unnoticed");
  require(fails_with(wire::verify_identity(bytes, signer(input.signer() + 1).public_key),
                     wire::Error::bad_signature),
          "another key does not vouch for it");

  const auto named = wire::verify_identity(bytes, keys.public_key, input.expected_id());
  const auto unnamed = wire::verify_identity(bytes, keys.public_key);
  if (!unnamed)
    require(named.error() == unnamed.error(), "a wrong identity is wrong whatever id is expected");
  else if (unnamed->id() == input.expected_id())
    require(named.has_value(), "the expected id is accepted");
  else
    require(fails_with(named, wire::Error::wrong_id), "another id is told");
}

// The rule by itself: groups of four letters, padding at the end only, no bits left over.
bool is_base64(std::string_view text) {
  static constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (text.size() % 4 != 0) return false;
  std::size_t padding = 0;
  while (padding < 2 && !text.empty() && text.back() == '=') {
    text.remove_suffix(1);
    ++padding;
  }
  if (text.find_first_not_of(kLetters) != text.npos) return false;
  if (padding == 0) return true;
  const auto last = kLetters.find(text.empty() ? '/' : text.back());
  return (last & (padding == 1 ? 3u : 15u)) == 0;
}

void check_texts(const IdentityInput& input) {
  const auto& text = input.key_text();
  const auto bytes = wire::from_base64(text);
  require(bytes.has_value() == is_base64(text), "standard base64 is accepted, nothing else is");
  if (bytes) require(wire::to_base64(*bytes) == text, "there is one text for some bytes");
  const auto back = wire::from_base64(wire::to_base64(input.key_bytes()));
  require(back && *back == input.key_bytes(), "bytes survive base64");

  const auto key = wire::parse_public_key(text);
  require(key.has_value() == (bytes && bytes->size() == 32), "a public key is 32 bytes");
  if (key) require(wire::to_text(*key) == text, "a public key keeps its text");
  const auto pair = wire::parse_secret_key(text);
  if (!pair) return;
  require(wire::to_text(*pair) == text, "a secret key keeps its text");
  require(wire::verify(wire::sign(text, *pair), pair->public_key).has_value(),
          "an accepted key pair belongs together");
}

// The text of a right secret key, and what becomes of it with one changed character.
void check_secret(const IdentityInput& input) {
  const auto keys = signer(input.signer());
  const std::string right = wire::to_text(keys);
  const std::string text = tampered(right, input.tampering());
  const auto pair = wire::parse_secret_key(text);
  if (text == right)
    require(pair && pair->secret == keys.secret, "a right secret key is accepted");
  else if (pair)
    require(wire::to_text(*pair) == text, "an accepted secret key is the one in the text");
}

}  // namespace

std::unique_ptr<google::protobuf::Message> new_input() { return std::make_unique<IdentityInput>(); }

void one_input(std::string_view bytes) {
  IdentityInput input;
  if (!parse(bytes, input)) return;
  check_identity(input);
  check_texts(input);
  check_secret(input);
}

}  // namespace deskcheck::fuzz
