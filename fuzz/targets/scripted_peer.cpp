#include "fuzz/targets/scripted_peer.hpp"
#include "client-sim/channel/render.hpp"
#include "fuzz/engine/target.hpp"
#include "fuzz/targets/one_line.hpp"
#include "proto/wire/address.hpp"
#include "proto/wire/secure_channel.hpp"

namespace deskcheck::fuzz {

namespace {

constexpr std::uint32_t kLongestWait = 60'000;  // ms
constexpr int kMostHeard = 40;                  // payloads after the script

wire::KeyPair keys(std::uint64_t seed) {
  net::Random random(seed);
  return wire::make_key_pair(random);
}

}  // namespace

Cast::Cast()
    : device(keys(1)),
      server(keys(2)),
      stranger(keys(3)),
      server_at(net::endpoint("10.0.0.1", 21116)),
      relay_at(net::endpoint("10.0.0.1", 21117)),
      device_at(net::endpoint("10.0.1.1", 0)),
      controller_at(net::endpoint("10.0.2.1", 0)) {}

const Cast& cast() {
  static const Cast kCast;
  return kCast;
}

Task<void> ScriptedPeer::play(sim::MessageStream stream, PeerScript script) {
  for (const auto& next : script.steps()) {
    co_await net::sleep_for(world_.clock, next.wait_ms() % kLongestWait * 1ms);
    const bool goes_on = co_await step(&stream, &next);
    if (!goes_on) co_return;
  }
  for (int i = 0; i < kMostHeard; ++i) {
    const bool goes_on = co_await hear(&stream);
    if (!goes_on) co_return;
  }
}

Task<bool> ScriptedPeer::step(sim::MessageStream* stream, const PeerStep* step) {
  net::Result<void> done;
  switch (step->what_case()) {
    case PeerStep::kRendezvous: {
      const auto message = completed(*step);
      done = co_await stream->send(message, soon());
      break;
    }
    case PeerStep::kSession: {
      const auto message = as_sent(step->session(), stream->encrypted());
      done = co_await stream->send(message, soon());
      break;
    }
    case PeerStep::kPayload: {
      std::string payload = step->payload();
      done = co_await stream->send(std::move(payload), soon());
      break;
    }
    case PeerStep::kRaw: {
      std::string bytes = step->raw();
      done = co_await stream->send_bytes(std::move(bytes), soon());
      break;
    }
    case PeerStep::kHears:
      for (std::uint32_t i = 0; i < step->hears() % 8; ++i) {
        const bool goes_on = co_await hear(stream);
        if (!goes_on) co_return false;
      }
      break;
    case PeerStep::kOffersAs: {
      std::string id = step->offers_as();
      co_return co_await offer(stream, std::move(id));
    }
    case PeerStep::kAccepts:
      co_return co_await accept(stream);
    case PeerStep::kProves: {
      if (!hash_) break;
      const auto message = proof();
      notes_.proved = true;
      done = co_await stream->send(message, soon());
      break;
    }
    case PeerStep::kEncrypts:
      co_return co_await encrypt(stream);
    case PeerStep::kStopsSending:
      stream->shutdown_send();
      break;
    case PeerStep::kResets:
      stream->reset();
      co_return false;
    case PeerStep::WHAT_NOT_SET:
      break;
  }
  co_return done.has_value();
}

// The next payload, noted.
Task<net::Result<std::string>> ScriptedPeer::receive(sim::MessageStream* stream) {
  auto payload = co_await stream->receive(soon());
  if (!payload) co_return payload.error();
  hbb::Message message;
  if (message.ParseFromString(*payload) && message.has_hash()) hash_ = message.hash();
  if (on_heard) on_heard(*payload);
  notes_.heard.push_back(*payload);
  co_return std::move(*payload);
}

Task<bool> ScriptedPeer::hear(sim::MessageStream* stream) {
  const auto payload = co_await receive(stream);
  co_return payload || payload.error() == boost::asio::error::timed_out;
}

// As the device: what secure_as_device does, with any id.
Task<bool> ScriptedPeer::offer(sim::MessageStream* stream, std::string id) {
  if (id == cast_.device_id) notes_.device_shook_hands = true;
  // Planted: an id that begins like that of the device is taken for it.
  if (planted() && id.starts_with(cast_.device_id.substr(0, 3))) id = cast_.device_id;
  const auto ephemeral = wire::make_box_key_pair(random_);
  const auto message = wire::offer_session(id, ephemeral, cast_.device);
  auto sent = co_await stream->send(message, soon());
  if (!sent) co_return false;
  const auto payload = co_await receive(stream);
  hbb::Message reply;
  if (!payload || !parse(*payload, reply)) co_return false;
  const auto key = wire::finish_session(reply.public_key(), ephemeral);
  if (key) stream->encrypt(*key);
  co_return true;
}

// As a controller, with whatever the device offers.
Task<bool> ScriptedPeer::accept(sim::MessageStream* stream) {
  const auto payload = co_await receive(stream);
  hbb::Message first;
  if (!payload || !parse(*payload, first)) co_return false;
  const auto accepted =
      wire::accept_session(first.signed_id(), cast_.device_id, cast_.device.public_key, random_);
  if (!accepted) co_return true;
  const auto message = accepted->answer;
  auto sent = co_await stream->send(message, soon());
  if (!sent) co_return false;
  notes_.controller_shook_hands = true;
  stream->encrypt(accepted->key);
  co_return true;
}

// As a server that offers to encrypt.
Task<bool> ScriptedPeer::encrypt(sim::MessageStream* stream) {
  const auto ephemeral = wire::make_box_key_pair(random_);
  hbb::RendezvousMessage offer;
  *offer.mutable_key_exchange() = wire::offer_key_exchange(ephemeral, cast_.server);
  auto sent = co_await stream->send(offer, soon());
  if (!sent) co_return false;
  const auto payload = co_await receive(stream);
  hbb::RendezvousMessage reply;
  if (!payload || !parse(*payload, reply)) co_return false;
  const auto key = wire::finish_key_exchange(reply.key_exchange(), ephemeral);
  if (key) stream->encrypt(*key);
  co_return true;
}

hbb::RendezvousMessage ScriptedPeer::completed(const PeerStep& step) const {
  auto message = step.rendezvous();
  const auto signed_key =
      wire::sign_identity(cast_.device_id, wire::view(cast_.device.public_key.bytes), cast_.server);
  const auto relay = net::to_string(cast_.relay_at);
  if (message.has_punch_hole_response()) {
    auto& response = *message.mutable_punch_hole_response();
    if (step.vouches()) response.set_pk(signed_key);
    if (step.names_places()) {
      net::Endpoint device = cast_.device_at;
      device.port = 5000;
      response.set_socket_addr(wire::encode_address(device, 7));
      response.set_relay_server(relay);
    }
  } else if (message.has_relay_response()) {
    auto& response = *message.mutable_relay_response();
    if (step.vouches()) response.set_pk(signed_key);
    if (step.names_places()) response.set_relay_server(relay);
  }
  return message;
}

hbb::Message ScriptedPeer::proof() const {
  hbb::Message message;
  auto& request = *message.mutable_login_request();
  request.set_username(cast_.device_id);
  request.set_my_id("987654321");
  request.set_password(wire::password_proof(cast_.password, hash_->salt(), hash_->challenge()));
  return message;
}

// Planted: on an encrypted session any 32 bytes are taken for the proof of the password.
hbb::Message ScriptedPeer::as_sent(hbb::Message message, bool encrypted) const {
  if (planted() && encrypted && hash_ && message.login_request().password().size() == 32)
    message.mutable_login_request()->set_password(proof().login_request().password());
  return message;
}

Task<void> ScriptedListener::run(net::TaskGroup* tasks) {
  for (;;) {
    auto accepted = co_await listener_->accept(net::never(world_.clock));
    if (!accepted) continue;
    PeerScript script;
    if (!scripts_.empty()) script = scripts_[count_ % scripts_.size()];
    ++count_;
    sim::MessageStream stream(std::move(*accepted), sim::Recorder());
    tasks->spawn("peer", play(std::move(stream), std::move(script)));
  }
}

Task<void> ScriptedListener::play(sim::MessageStream stream, PeerScript script) {
  ScriptedPeer peer(world_, notes_);
  const auto from = stream.remote();
  if (on_heard) peer.on_heard = [&](const std::string& payload) { on_heard(from, payload); };
  co_await peer.play(std::move(stream), std::move(script));
}

void simulate(const std::function<Task<void>(net::World)>& story, std::uint32_t segment) {
  net::SimWorld sim(1);
  sim.default_link().max_segment = segment % 64;
  require(sim.run(story(sim.world()), 24h) == net::Ending::finished, "everything comes to an end");
}

void check_transcript(const sim::Transcript& transcript) {
  const std::string text = sim::render(transcript);
  std::size_t lines = 0;
  for (std::string_view rest = text; !rest.empty(); ++lines) {
    const auto end = rest.find('\n');
    require(is_one_line(rest.substr(0, end)), "transcripts have no control characters");
    rest.remove_prefix(std::min(rest.size(), end + 1));
  }
  const std::size_t expected = transcript.lines().size() + (transcript.dropped() ? 1 : 0);
  require(lines == expected, "a transcript has a line for each event");
}

}  // namespace deskcheck::fuzz
