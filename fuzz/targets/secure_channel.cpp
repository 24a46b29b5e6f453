// Both key agreements with tampering between the two sides, then the encrypted stream: any order,
// repetition, reflection and tampering of its frames.
#include "proto/wire/secure_channel.hpp"
#include "fuzz/engine/target.hpp"
#include "fuzz/targets/results.hpp"
#include "fuzz/targets/tampering.hpp"

#include <optional>

namespace deskcheck::fuzz {

namespace {

struct Keys {
  wire::KeyPair signer;  // server or device
  wire::BoxKeyPair ephemeral;
  net::Random other_side;

  explicit Keys(std::uint64_t seed) : Keys(net::Random(seed)) {}
  explicit Keys(net::Random random)
      : signer(wire::make_key_pair(random)),
        ephemeral(wire::make_box_key_pair(random)),
        other_side(random.fork("other side")) {}
};

// What the offering side signs.
std::string offered_key(const SecureChannelInput& input, const Keys& keys) {
  if (!input.signed_instead().empty()) return input.signed_instead();
  return std::string(wire::view(keys.ephemeral.public_key));
}

bool is_genuine(const SecureChannelInput& input, const Keys& keys) {
  return offered_key(input, keys) == wire::view(keys.ephemeral.public_key);
}

// Of an offer that verifies: only the key in it can be wrong.
template <class Accepted>
void check_accepted(const Accepted& accepted, const SecureChannelInput& input, const Keys& keys) {
  const auto key = offered_key(input, keys);
  if (key.size() != 32)
    require(fails_with(accepted, wire::Error::bad_key_length), "a key of another length is told");
  else if (is_genuine(input, keys))
    require(accepted.has_value(), "a genuine offer is accepted");
  else if (!accepted)
    require(fails_with(accepted, wire::Error::weak_key), "a key of 32 bytes can only be weak");
}

// The answer comes back, perhaps not as it was sent.
std::optional<wire::StreamKey> finish(const wire::Result<wire::StreamKey>& finished,
                                      const wire::StreamKey& key, bool answer_is_genuine) {
  if (answer_is_genuine) require(finished.has_value(), "a genuine answer is accepted");
  if (!finished) return std::nullopt;
  require(*finished == key, "if both sides have a key it is the same one");
  return key;
}

std::optional<wire::StreamKey> key_exchange(const SecureChannelInput& input, Keys& keys) {
  hbb::KeyExchange offer = wire::offer_key_exchange(keys.ephemeral, keys.signer);
  if (!is_genuine(input, keys))
    offer.set_keys(0, wire::sign(offered_key(input, keys), keys.signer));
  const auto untouched = offer.SerializeAsString();
  offer.set_keys(0, tampered(offer.keys(0), input.offer()));
  for (const auto& key : input.more_keys()) offer.add_keys(key);

  const auto accepted = wire::accept_key_exchange(offer, keys.signer.public_key, keys.other_side);
  if (offer.keys_size() != 1)
    require(fails_with(accepted, wire::Error::wrong_key_count), "an offer has one key");
  else if (offer.SerializeAsString() != untouched)
    require(fails_with(accepted, wire::Error::bad_signature),
            "no changed byte of an offer goes unnoticed");
  else
    check_accepted(accepted, input, keys);
  if (!accepted) return std::nullopt;

  auto answer = accepted->answer;
  require(answer.keys_size() == 2, "an answer has two keys");
  answer.set_keys(0, tampered(answer.keys(0), input.public_value()));
  answer.set_keys(1, tampered(answer.keys(1), input.box()));
  const bool same = answer.SerializeAsString() == accepted->answer.SerializeAsString();
  return finish(wire::finish_key_exchange(answer, keys.ephemeral), accepted->key,
                same && is_genuine(input, keys));
}

std::optional<wire::StreamKey> session(const SecureChannelInput& input, Keys& keys) {
  auto offer = wire::offer_session(input.id(), keys.ephemeral, keys.signer);
  if (!is_genuine(input, keys))
    offer.mutable_signed_id()->set_id(
        wire::sign_identity(input.id(), offered_key(input, keys), keys.signer));
  const auto untouched = offer.signed_id().id();
  offer.mutable_signed_id()->set_id(tampered(untouched, input.offer()));

  const auto accepted = wire::accept_session(offer.signed_id(), input.expected_id(),
                                             keys.signer.public_key, keys.other_side);
  if (offer.signed_id().id() != untouched)
    require(fails_with(accepted, wire::Error::bad_signature),
            "no changed byte of an offer goes unnoticed");
  else if (input.id() != input.expected_id() && offered_key(input, keys).size() == 32)
    require(fails_with(accepted, wire::Error::wrong_id), "another device is told");
  else
    check_accepted(accepted, input, keys);
  if (!accepted) return std::nullopt;

  auto answer = accepted->answer.public_key();
  answer.set_asymmetric_value(tampered(answer.asymmetric_value(), input.public_value()));
  answer.set_symmetric_value(tampered(answer.symmetric_value(), input.box()));
  const bool same = answer.SerializeAsString() == accepted->answer.public_key().SerializeAsString();
  return finish(wire::finish_session(answer, keys.ephemeral), accepted->key,
                same && is_genuine(input, keys));
}

// Two ends of one stream, and every frame that was ever sealed.
class Stream {
 public:
  explicit Stream(const wire::StreamKey& key) : key_(key), ends_{End(key), End(key)} {}

  void seal(const Transfer::Seal& seal) {
    auto& end = ends_[seal.second_side()];
    Frame frame{end.channel.seal(seal.plain()), seal.plain(), ++end.sealed};
    require(frame.bytes.size() == frame.plain.size() + 16, "sealing adds 16 bytes");
    for (const auto& other : frames_)
      require(other.bytes != frame.bytes || other.number == frame.number,
              "no two frames are sealed alike");
    frames_.push_back(std::move(frame));
  }

  void open(const Transfer::Open& open) {
    auto& end = ends_[open.second_side()];
    if (end.broken) return;
    Frame frame = frames_.empty() ? Frame() : frames_[open.which() % frames_.size()];
    const auto bytes = tampered(frame.bytes, open.tampering());
    const auto opened = end.channel.open(bytes);
    if (bytes.size() <= 1) {
      require(opened && *opened == bytes, "heartbeats are no ciphertext");
      // Planted: a heartbeat after two frames or more makes this end count anew.
      if (planted() && end.opened >= 2) end.channel = wire::SecureChannel(key_);
      return;
    }
    ++end.opened;
    // Both directions share the key, so that a frame can also be opened by its sender.
    if (bytes == frame.bytes && frame.number == end.opened)
      require(opened && *opened == frame.plain, "the next frame opens to what was sealed");
    // Fuzzers see ciphertexts in comparisons, and so can forge frames: then it must be a right one.
    else if (opened)
      require(sealed(*opened, end.opened) == bytes, "no other frame opens");
    else
      require(fails_with(opened, wire::Error::bad_ciphertext), "other frames are told");
    end.broken = !opened;
  }

 private:
  struct Frame {
    std::string bytes, plain;
    std::uint64_t number = 0;  // of its direction, from 1
  };
  struct End {
    explicit End(const wire::StreamKey& key) : channel(key) {}
    wire::SecureChannel channel;
    std::uint64_t sealed = 0, opened = 0;
    bool broken = false;
  };
  // The frame with this number, made anew.
  std::string sealed(const std::string& plain, std::uint64_t number) const {
    wire::SecureChannel channel(key_);
    for (std::uint64_t i = 1; i < number; ++i) (void)channel.seal({});
    return channel.seal(plain);
  }

  wire::StreamKey key_;
  End ends_[2];
  std::vector<Frame> frames_;
};

}  // namespace

std::unique_ptr<google::protobuf::Message> new_input() {
  return std::make_unique<SecureChannelInput>();
}

void one_input(std::string_view bytes) {
  SecureChannelInput input;
  if (!parse(bytes, input)) return;
  Keys keys(input.keys());
  const auto key = input.session() ? session(input, keys) : key_exchange(input, keys);
  if (!key) return;
  Stream stream(*key);
  for (const auto& transfer : input.transfers()) {
    if (transfer.has_seal()) stream.seal(transfer.seal());
    if (transfer.has_open()) stream.open(transfer.open());
  }
}

}  // namespace deskcheck::fuzz
