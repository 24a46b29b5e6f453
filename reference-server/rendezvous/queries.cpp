// TestNatRequest and OnlineRequest: questions that are answered at once; the connection ends with
// the answer. rendezvous.md sections 3.6 and 3.7.
#include "reference-server/rendezvous/rendezvous.hpp"

namespace deskcheck::server {

namespace {

Actions answer_and_close(const Origin& from, hbb::RendezvousMessage message) {
  Actions actions;
  actions.push_back(reply(from, std::move(message)));
  if (from.transport != Transport::udp) actions.push_back(CloseConnection{from.connection});
  return actions;
}

}  // namespace

Actions Rendezvous::on(const hbb::TestNatRequest& request, const Origin& from) const {
  hbb::RendezvousMessage message;
  auto& response = *message.mutable_test_nat_response();
  response.set_port(wrong_.nat_test_wrong_port ? from.peer.port - 1 : from.peer.port);
  const bool newer = has_newer_than(request.serial());
  // Over UDP the client asks for its port alone, many times.
  const bool main = from.transport == Transport::tcp || from.transport == Transport::websocket;
  if (main && (newer || wrong_.always_pushes_config)) *response.mutable_cu() = config_update();
  return answer_and_close(from, std::move(message));
}

bool Rendezvous::has_dot(const Device* device, net::Time now) const {
  if (!device) return wrong_.unknown_ids_are_online;
  if (wrong_.connected_devices_have_no_dot && device->connection != 0) return false;
  return devices_.online(device, now) || (wrong_.known_devices_keep_their_dot && device->has_key());
}

// One bit per peer, the first one in the most significant bit. Every bit must be there: clients
// read beyond the end of a map that is too short.
Actions Rendezvous::on(const hbb::OnlineRequest& request, const Origin& from, net::Time now) {
  const auto count = static_cast<std::size_t>(request.peers_size());
  std::string states((count + 7) / 8, '\0');
  for (std::size_t i = 0; i < count; ++i) {
    const Device* device = devices_.in_memory(request.peers(static_cast<int>(i)));
    if (!has_dot(device, now)) continue;
    const auto bit = wrong_.online_bits_reversed ? i % 8 : 7 - i % 8;
    states[i / 8] = static_cast<char>(static_cast<unsigned char>(states[i / 8]) | (1u << bit));
  }
  if (wrong_.online_bitmap_cut && !states.empty()) states.pop_back();
  hbb::RendezvousMessage message;
  message.mutable_online_response()->set_states(states);
  return answer_and_close(from, std::move(message));
}

}  // namespace deskcheck::server
