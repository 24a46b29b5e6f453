#include "client-sim/session/handshake.hpp"

#include "client-sim/session/client_facts.hpp"
#include "proto/wire/identity.hpp"
#include "proto/wire/secure_channel.hpp"

namespace deskcheck::sim {

namespace {

// The device's Ed25519 key as the server vouches for it; nothing if it does not.
std::optional<wire::PublicKey> vouched_key(const ExpectedDevice& device) {
  if (device.signed_id_pk.empty() || !device.server_key) return std::nullopt;
  const auto identity = wire::verify_identity(device.signed_id_pk, *device.server_key, device.id);
  if (!identity) return std::nullopt;
  return wire::PublicKey{*wire::to_bytes32(identity->pk())};
}

// What the controller answers to the device's first payload.
struct ControllerAnswer {
  hbb::Message message;  // empty unless there is something to say
  Protection protection = Protection::no_signed_id;
  std::optional<wire::StreamKey> key;
};

ControllerAnswer answer(const std::string& payload, const ExpectedDevice& device,
                        const wire::PublicKey& key, net::Random& random) {
  ControllerAnswer answer;
  hbb::Message first;
  if (!first.ParseFromString(payload) || !first.has_signed_id()) return answer;
  auto accepted = wire::accept_session(first.signed_id(), device.id, key, random);
  if (accepted) {
    answer.message = std::move(accepted->answer);
    answer.protection = Protection::encrypted;
    answer.key = accepted->key;
  } else if (accepted.error() != wire::Error::wrong_id) {
    answer.message.mutable_public_key();
    answer.protection = Protection::refused;
  }
  return answer;
}

}  // namespace

Task<net::Result<Session>> secure_as_device(MessageStream stream, DeviceIdentity identity,
                                            bool secure, net::Random random,
                                            net::Deadline deadline) {
  stream.speak(Protocol::session);
  if (!secure) co_return Session(std::move(stream), Protection::device_not_secure);
  const auto ephemeral = wire::make_box_key_pair(random);
  const hbb::Message offer = wire::offer_session(identity.id, ephemeral, identity.keys);
  auto sent = co_await stream.send(offer, at_most(deadline, kConnectTimeout));
  if (!sent) co_return sent.error();
  auto reply = co_await stream.receive_message<hbb::Message>(at_most(deadline, kConnectTimeout));
  if (!reply) co_return reply.error();
  // Also an empty message: the controller goes on unencrypted.
  if (!reply->has_public_key()) co_return Session(std::move(stream), Protection::no_key);
  if (reply->public_key().asymmetric_value().empty())
    co_return Session(std::move(stream), Protection::refused);
  const auto key = wire::finish_session(reply->public_key(), ephemeral);
  if (!key) co_return key.error();
  stream.encrypt(*key);
  co_return Session(std::move(stream), Protection::encrypted);
}

Task<net::Result<Session>> secure_as_controller(MessageStream stream, ExpectedDevice device,
                                                net::Random random, net::Deadline deadline) {
  stream.speak(Protocol::session);
  const auto key = vouched_key(device);
  if (!key) {
    // Without waiting: the device may wait for a first message.
    const hbb::Message nothing;
    auto sent = co_await stream.send(nothing, at_most(deadline, kConnectTimeout));
    if (!sent) co_return sent.error();
    co_return Session(std::move(stream), Protection::no_key);
  }
  auto first = co_await stream.receive(at_most(deadline, kReadTimeout));
  if (!first) co_return first.error();
  const ControllerAnswer reply = answer(*first, device, *key, random);
  auto sent = co_await stream.send(reply.message, at_most(deadline, kConnectTimeout));
  if (!sent) co_return sent.error();
  if (reply.key) stream.encrypt(*reply.key);
  co_return Session(std::move(stream), reply.protection);
}

}  // namespace deskcheck::sim
