#include "reference-server/faults/wrong.hpp"

namespace deskcheck::server {

bool has_unknown_fields(const google::protobuf::Message& message) {
  const auto* reflection = message.GetReflection();
  if (!reflection->GetUnknownFields(message).empty()) return true;
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const auto* field : fields)
    if (field->message_type() && !field->is_repeated() &&
        has_unknown_fields(reflection->GetMessage(message, field)))
      return true;
  return false;
}

std::string mapped_address(const net::Endpoint& endpoint) {
  namespace ip = boost::asio::ip;
  const auto v6 = endpoint.address.is_v6()
                      ? endpoint.address.to_v6()
                      : ip::make_address_v6(ip::v4_mapped, endpoint.address.to_v4());
  const auto octets = v6.to_bytes();
  std::string bytes(octets.begin(), octets.end());
  bytes += static_cast<char>(endpoint.port & 0xFF);
  bytes += static_cast<char>(endpoint.port >> 8);
  return bytes;
}

std::string frame_with_long_header(const std::string& payload) {
  const std::size_t header = payload.size() << 2 | 3;
  std::string frame;
  for (int i = 0; i < 4; ++i) frame += static_cast<char>(header >> (8 * i) & 0xFF);
  return frame + payload;
}

wire::KeyPair another_key() {
  wire::Bytes32 seed{};
  seed.fill(0x5A);
  return wire::key_pair_from_seed(seed);
}

}  // namespace deskcheck::server
