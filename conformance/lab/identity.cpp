#include "conformance/lab/identity.hpp"

namespace deskcheck::conformance {

hbb::RegisterPk Identity::register_pk() const {
  hbb::RegisterPk message;
  message.set_id(id);
  message.set_uuid(uuid);
  message.set_pk(std::string(wire::view(keys.public_key.bytes)));
  return message;
}

hbb::PunchHoleSent Identity::answer_to(const hbb::PunchHole& push) const {
  hbb::PunchHoleSent message;
  message.set_socket_addr(push.socket_addr());
  message.set_id(id);
  message.set_relay_server(push.relay_server());
  message.set_nat_type(hbb::ASYMMETRIC);
  message.set_version("1.4.9");
  return message;
}

hbb::RelayResponse Identity::answer_to(const hbb::RequestRelay& push) const {
  hbb::RelayResponse message;
  message.set_socket_addr(push.socket_addr());
  message.set_version("1.4.9");
  return message;
}

}  // namespace deskcheck::conformance
