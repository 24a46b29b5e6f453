#include "reference-server/rendezvous/waiting.hpp"

#include <algorithm>

namespace deskcheck::server {

namespace {

// A client asks for one device per connection; more than this is no client.
constexpr std::size_t kMostWaits = 16;

}  // namespace

bool Waiting::add(ConnectionId connection, const net::Endpoint& peer, Question question,
                  std::string_view device, bool by_datagram) {
  Requester& requester = requesters_[connection];
  requester.peer = peer;
  connections_[peer] = connection;
  auto& waits = requester.waits;
  auto same = [&](const Wait& w) { return w.question == question && w.device == device; };
  const auto again = std::find_if(waits.begin(), waits.end(), same);
  if (again != waits.end()) {
    again->by_datagram = by_datagram;
    return false;
  }
  if (waits.size() == kMostWaits) waits.erase(waits.begin());
  waits.push_back({question, std::string(device), by_datagram});
  return true;
}

template <class Fits>
std::optional<ConnectionId> Waiting::take_if(const net::Endpoint& peer, Fits fits) {
  auto connection = connections_.find(peer);
  if (connection == connections_.end()) return std::nullopt;
  auto& waits = requesters_[connection->second].waits;
  auto wait = std::find_if(waits.begin(), waits.end(), fits);
  if (wait == waits.end()) return std::nullopt;
  if (!wrong_.answers_every_time) waits.erase(wait);
  return connection->second;
}

std::optional<ConnectionId> Waiting::take(const net::Endpoint& requester, Question question,
                                          const std::string& device) {
  if (believes_all_) return take_if(requester, [](const Wait&) { return true; });
  if (wrong_.any_device_may_answer) return take(requester, question);
  return take_if(requester,
                 [&](const Wait& w) { return w.question == question && w.device == device; });
}

std::optional<ConnectionId> Waiting::take_datagram(const net::Endpoint& requester,
                                                   const std::string& device) {
  return take_if(requester, [&](const Wait& w) {
    return w.question == Question::path && w.device == device &&
           (w.by_datagram || wrong_.any_datagram_may_answer);
  });
}

std::optional<ConnectionId> Waiting::take(const net::Endpoint& requester, Question question) {
  if (believes_all_) return take_if(requester, [](const Wait&) { return true; });
  return take_if(requester, [&](const Wait& w) { return w.question == question; });
}

void Waiting::closed(ConnectionId connection) {
  auto requester = requesters_.find(connection);
  if (requester == requesters_.end()) return;
  auto of_peer = connections_.find(requester->second.peer);
  if (of_peer != connections_.end() && of_peer->second == connection) connections_.erase(of_peer);
  requesters_.erase(requester);
}

}  // namespace deskcheck::server
