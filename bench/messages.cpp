#include "bench/messages.hpp"

#include "proto/wire/frame.hpp"

namespace deskcheck::bench {

using Message = hbb::RendezvousMessage;

std::string id_of(int device) { return std::to_string(100'000'000 + device); }

std::string register_pk(int device) {
  Message message;
  auto& inner = *message.mutable_register_pk();
  inner.set_id(id_of(device));
  inner.set_uuid(uuid_of(device));
  inner.set_pk(std::string(23, 'k') + id_of(device));
  return message.SerializeAsString();
}

std::string uuid_of(int device) { return "uuid of machine " + id_of(device); }

std::string register_peer(int device) {
  Message message;
  message.mutable_register_peer()->set_id(id_of(device));
  return message.SerializeAsString();
}

std::string frame_of(const Message& message) {
  return wire::encode_frame(message.SerializeAsString()).value();
}

Message punch_hole_request(int device, const std::string& key) {
  Message message;
  auto& inner = *message.mutable_punch_hole_request();
  inner.set_id(id_of(device));
  inner.set_nat_type(hbb::ASYMMETRIC);
  inner.set_licence_key(key);
  inner.set_version("1.4.1");
  return message;
}

Message punch_hole_sent(int device, const hbb::PunchHole& push) {
  Message message;
  auto& inner = *message.mutable_punch_hole_sent();
  inner.set_socket_addr(push.socket_addr());
  inner.set_id(id_of(device));
  inner.set_relay_server(push.relay_server());
  inner.set_nat_type(hbb::ASYMMETRIC);
  inner.set_version("1.4.1");
  return message;
}

Message request_relay(const std::string& uuid, const std::string& key) {
  Message message;
  message.mutable_request_relay()->set_uuid(uuid);
  message.mutable_request_relay()->set_licence_key(key);
  return message;
}

std::optional<Message> parse(std::string_view bytes) {
  Message message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return std::nullopt;
  return message;
}

bool is_ok(const Message& answer) {
  return answer.has_register_pk_response() &&
         answer.register_pk_response().result() == hbb::RegisterPkResponse::OK;
}

bool is_known(const Message& answer) {
  return answer.has_register_peer_response() && !answer.register_peer_response().request_pk();
}

}  // namespace deskcheck::bench
