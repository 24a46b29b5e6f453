#include "client-sim/controller/attempt.hpp"

#include "client-sim/channel/server_security.hpp"
#include "client-sim/session/relay_leg.hpp"
#include "proto/wire/address.hpp"

namespace deskcheck::sim {

namespace {

using namespace std::chrono_literals;

constexpr int kPunchAttempts = 3;
constexpr net::Duration kPunchPatience = 3s;  // times the number of the attempt
constexpr int kRelayAttempts = 3;
constexpr net::Duration kShortestDirect = 1s;
constexpr net::Duration kSendTimeout = 18s;

}  // namespace

Attempt::Attempt(net::World world, ControllerOptions controller, Recorder recorder,
                 net::Random random, std::string id, ConnectOptions options, net::Deadline deadline)
    : world_(world),
      controller_(std::move(controller)),
      recorder_(std::move(recorder)),
      random_(random),
      id_(std::move(id)),
      options_(std::move(options)),
      deadline_(deadline),
      begun_(world.clock.now()),
      step_begun_(begun_) {
  if (controller_.transport == Transport::websocket) options_.nat_type = hbb::SYMMETRIC;
}

Task<ConnectResult> Attempt::run() {
  auto failure = co_await steps();
  if (failure) {
    result_.failure = shown_to_user(std::move(*failure));
    result_.retried = is_retried(result_.failure);
    result_.path = Path::none;
    recorder_.note("user reads: " + result_.failure);
  }
  co_return std::move(result_);
}

Task<Attempt::Failure> Attempt::steps() {
  auto server = co_await connect_to_server();
  if (!server) co_return "Failed to connect to " + net::to_string(controller_.rendezvous);
  local_ = server->local();
  done("connection to the server");
  if (!options_.token.empty()) {
    auto failure = co_await encrypt(*server);
    if (failure) co_return "Failed to secure tcp: " + *failure;
    if (server->encrypted()) done("KeyExchange");
  }
  auto failure = co_await punch(*server);
  if (failure) co_return failure;
  done("answer about the device");
  if (relay_) {
    result_.path = Path::relay_by_device;
    failure = co_await meet_at_relay(relay_->uuid(), relay_->relay_server());
  } else if (punched_) {
    server->close();
    failure = co_await connect_directly();
  } else {
    co_return "Failed to connect via rendezvous server";
  }
  if (failure) co_return failure;
  done(result_.path == Path::direct || result_.path == Path::lan ? "connection to the device"
                                                                 : "connection to the relay");
  failure = co_await secure(std::move(*peer_));
  if (!failure) done("session");
  co_return failure;
}

void Attempt::done(std::string step) {
  const net::Time now = world_.clock.now();
  result_.steps.emplace_back(std::move(step), now - step_begun_);
  step_begun_ = now;
}

Task<net::Result<MessageStream>> Attempt::connect_to_server() {
  auto stream = co_await connect_as(controller_.transport, world_, controller_.home,
                                    controller_.rendezvous, recorder_, at_most(kConnectTimeout));
  co_return stream;
}

Task<Attempt::Failure> Attempt::encrypt(MessageStream& server) {
  auto secured = co_await secure_with_server(&server, controller_.key, &random_, deadline_);
  if (secured) co_return std::nullopt;
  const auto why = secured.error();
  if (why == wire::Error::bad_base64)
    co_return "Handshake failed: invalid public key from rendezvous server";
  if (why == wire::Error::wrong_key_count)
    co_return "Handshake failed: invalid key exchange message";
  if (why == wire::Error::bad_signature) co_return "Signature mismatch in key exchange";
  if (why == wire::Error::bad_key_length || why == wire::Error::weak_key)
    co_return "Wrong their public length in key exchange";
  co_return failure_text(why);
}

Task<std::optional<hbb::RendezvousMessage>> Attempt::next_answer(MessageStream& server,
                                                                 net::Duration patience) {
  for (int i = 0; i < 2; ++i) {
    auto message = co_await server.receive_message(at_most(patience));
    if (!message) co_return std::nullopt;
    if (!message->has_key_exchange()) co_return std::move(*message);
  }
  co_return std::nullopt;
}

hbb::RendezvousMessage Attempt::punch_hole_request() const {
  hbb::RendezvousMessage message;
  auto& request = *message.mutable_punch_hole_request();
  request.set_id(id_);
  request.set_nat_type(options_.force_relay ? hbb::SYMMETRIC : options_.nat_type);
  request.set_licence_key(controller_.key);
  request.set_conn_type(options_.conn_type);
  request.set_token(options_.token);
  request.set_version(controller_.version);
  request.set_force_relay(options_.force_relay);
  return message;
}

// client src/client.rs:450-580.
Task<Attempt::Failure> Attempt::punch(MessageStream& server) {
  const auto request = punch_hole_request();
  for (int i = 1; i <= kPunchAttempts; ++i) {
    ++result_.punch_attempts;
    auto sent = co_await server.send(request, at_most(kSendTimeout));
    if (!sent) co_return failure_text(sent.error());
    auto answer = co_await next_answer(server, i * kPunchPatience);
    if (!answer) continue;
    if (answer->has_relay_response()) {
      relay_ = answer->relay_response();
      signed_id_pk_ = relay_->pk();
      result_.feedback = relay_->feedback();
      co_return std::nullopt;
    }
    if (!answer->has_punch_hole_response()) continue;  // costs an attempt
    const auto& response = answer->punch_hole_response();
    if (response.socket_addr().empty()) co_return failure_text(response);
    signed_id_pk_ = response.pk();
    result_.feedback = response.feedback();
    // An address without port is as good as no answer, but ends the asking.
    if (wire::decode_address(response.socket_addr()).port != 0) punched_ = response;
    break;
  }
  punch_took_ = world_.clock.now() - begun_;
  co_return std::nullopt;
}

// client src/client.rs:649-680.
net::Duration Attempt::direct_patience() const {
  const auto device_nat = punched_->nat_type();
  if (punched_->is_local() || device_nat == hbb::SYMMETRIC) return kShortestDirect;
  if (punched_->relay_server().empty()) return kConnectTimeout;
  if (device_nat == hbb::ASYMMETRIC && options_.nat_type == hbb::SYMMETRIC) return kShortestDirect;
  const bool both = device_nat == hbb::ASYMMETRIC && options_.nat_type == hbb::ASYMMETRIC;
  if (both && !options_.failed_directly_before) return kConnectTimeout;
  const int factor = options_.failed_directly_before && !both ? 3 : 6;
  const auto whole_ms = std::chrono::duration_cast<std::chrono::milliseconds>(punch_took_);
  return std::max<net::Duration>(factor * whole_ms, kShortestDirect);
}

// client src/client.rs:683-735.
Task<Attempt::Failure> Attempt::connect_directly() {
  const auto address = wire::decode_address(punched_->socket_addr());
  auto stream = co_await MessageStream::connect(world_, local_, address, recorder_,
                                                at_most(direct_patience()));
  if (stream && !options_.force_relay) {
    result_.path = punched_->is_local() ? Path::lan : Path::direct;
    peer_ = std::move(*stream);
    co_return std::nullopt;
  }
  if (punched_->relay_server().empty())
    co_return "Failed to make direct connection to remote desktop";
  if (stream) stream->close();
  result_.path = Path::relay_by_controller;
  auto failure = co_await ask_for_relay();
  if (failure) co_return "Failed to connect via relay server: " + *failure;
  co_return std::nullopt;
}

// client src/client.rs:829-893.
Task<Attempt::Failure> Attempt::ask_for_relay() {
  for (int i = 0; i < kRelayAttempts; ++i) {
    ++result_.relay_attempts;
    auto server = co_await connect_to_server();
    if (!server) co_return "Failed to connect to rendezvous server";
    if (!options_.token.empty()) {
      auto failure = co_await encrypt(*server);
      if (failure) co_return failure;
    }
    hbb::RendezvousMessage message;
    auto& request = *message.mutable_request_relay();
    request.set_id(id_);
    request.set_token(options_.token);
    request.set_uuid(make_uuid(random_));
    request.set_relay_server(punched_->relay_server());
    request.set_secure(!signed_id_pk_.empty());
    auto sent = co_await server->send(message, at_most(kSendTimeout));
    if (!sent) co_return failure_text(sent.error());
    auto answer = co_await next_answer(*server, kConnectTimeout);
    if (!answer || !answer->has_relay_response()) continue;
    const auto& refusal = answer->relay_response().refuse_reason();
    if (!refusal.empty()) co_return refusal;
    server->close();
    auto failure = co_await meet_at_relay(request.uuid(), punched_->relay_server());
    co_return failure;
  }
  co_return "Timeout";
}

// client src/client.rs:895-919.
Task<Attempt::Failure> Attempt::meet_at_relay(std::string uuid, std::string relay_server) {
  hbb::RequestRelay request;
  request.set_licence_key(controller_.key);
  request.set_id(id_);
  request.set_uuid(std::move(uuid));
  request.set_conn_type(options_.conn_type);
  auto stream =
      co_await join_relay(controller_.transport, world_, controller_.home, std::move(relay_server),
                          std::move(request), recorder_, deadline_);
  if (!stream) co_return "Failed to connect to relay server";
  peer_ = std::move(*stream);
  co_return std::nullopt;
}

Task<Attempt::Failure> Attempt::secure(MessageStream stream) {
  std::optional<wire::PublicKey> server_key;
  if (auto key = wire::parse_public_key(controller_.key)) server_key = *key;
  ExpectedDevice device(id_, signed_id_pk_, server_key);
  auto session =
      co_await secure_as_controller(std::move(stream), std::move(device), random_, deadline_);
  if (!session) co_return failure_text(session.error());
  result_.session = std::move(*session);
  co_return std::nullopt;
}

}  // namespace deskcheck::sim
