#include "client-sim/session/session.hpp"

namespace deskcheck::sim {

namespace {

hbb::Message login_request(const LoginOptions& options, const hbb::Hash& hash) {
  hbb::Message message;
  auto& request = *message.mutable_login_request();
  request.set_username(options.device_id);
  if (!options.password.empty())
    request.set_password(wire::password_proof(options.password, hash.salt(), hash.challenge()));
  request.set_my_id(options.my_id);
  request.set_my_name(options.my_name);
  request.set_my_platform("Linux");
  request.set_version(options.version);
  switch (options.conn_type) {
    case hbb::FILE_TRANSFER:
      request.mutable_file_transfer();
      break;
    case hbb::PORT_FORWARD:
    case hbb::RDP:
      request.mutable_port_forward();
      break;
    case hbb::VIEW_CAMERA:
      request.mutable_view_camera();
      break;
    case hbb::TERMINAL:
      request.mutable_terminal();
      break;
    default:
      break;
  }
  return message;
}

}  // namespace

std::string_view to_string(Protection protection) {
  switch (protection) {
    case Protection::encrypted:
      return "encrypted";
    case Protection::no_key:
      return "unencrypted: no usable signed key";
    case Protection::refused:
      return "unencrypted: SignedId refused";
    case Protection::no_signed_id:
      return "unencrypted: no SignedId of this device";
    case Protection::device_not_secure:
      return "unencrypted: not asked for";
  }
  return "unknown";
}

Session::Session(MessageStream stream, Protection protection)
    : stream_(std::move(stream)), protection_(protection) {}

Task<net::Result<void>> Session::send(hbb::Message message, net::Deadline deadline) {
  std::string payload = message.SerializeAsString();
  auto sent = co_await stream_.send(std::move(payload), deadline);
  co_return sent;
}

Task<net::Result<hbb::Message>> Session::receive(net::Deadline deadline) {
  auto message = co_await stream_.receive_message<hbb::Message>(deadline);
  co_return message;
}

Task<net::Result<hbb::Message>> Session::receive_as_controller(net::Deadline deadline) {
  for (;;) {
    auto message = co_await receive(deadline);
    if (!message || !message->has_test_delay()) co_return message;
    if (message->test_delay().from_client()) continue;
    auto echoed = co_await send(std::move(*message), deadline);
    if (!echoed) co_return echoed.error();
  }
}

Task<net::Result<void>> Session::idle(net::Deadline deadline) {
  for (;;) {
    auto message = co_await receive_as_controller(deadline);
    if (message) continue;
    if (message.error() == boost::asio::error::timed_out) co_return net::Result<void>();
    co_return message.error();
  }
}

Task<net::Result<LoginOutcome>> Session::login(LoginOptions options, net::Deadline deadline) {
  while (!hash_) {
    auto message = co_await receive_as_controller(deadline);
    if (!message) co_return message.error();
    if (message->has_hash()) hash_ = message->hash();
  }
  hbb::Message request = login_request(options, *hash_);
  auto sent = co_await send(std::move(request), deadline);
  if (!sent) co_return sent.error();
  for (;;) {
    auto message = co_await receive_as_controller(deadline);
    if (!message) co_return message.error();
    if (!message->has_login_response()) continue;
    LoginOutcome outcome;
    outcome.error = message->login_response().error();
    outcome.peer_info = message->login_response().peer_info();
    co_return outcome;
  }
}

Task<void> Session::close(std::string reason, net::Deadline deadline) {
  hbb::Message message;
  message.mutable_misc()->set_close_reason(reason);
  // Closing goes on whether or not the peer can still hear it.
  (void)co_await send(std::move(message), deadline);
  stream_.close();
}

}  // namespace deskcheck::sim
