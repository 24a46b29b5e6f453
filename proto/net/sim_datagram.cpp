#include "proto/net/sim_sockets.hpp"

#include <algorithm>

namespace deskcheck::net {

namespace {
constexpr std::size_t kLargestPayload = 65507;
}

Flights::Flights(SimNet& net) : net_(net), alarm_([this] { land(); }) {}

void Flights::add(Time at, const Endpoint& from, const Endpoint& to, std::string bytes) {
  heap_.push_back({at, ++sequence_, from, to, std::move(bytes)});
  std::push_heap(heap_.begin(), heap_.end());
  if (heap_.front().sequence == sequence_) net_.clock.arm(alarm_, at);
}

void Flights::land() {
  const Time now = net_.clock.now();
  while (!heap_.empty() && heap_.front().at <= now) {
    std::pop_heap(heap_.begin(), heap_.end());
    Flight flight = std::move(heap_.back());
    heap_.pop_back();
    deliver(flight);
  }
  if (!heap_.empty()) net_.clock.arm(alarm_, heap_.front().at);
}

void Flights::deliver(Flight& flight) {
  const auto to = net_.routes.enter(Transport::udp, flight.from, flight.to);
  auto* socket = to ? net_.datagram_sockets.find(*to, net_.routes) : nullptr;
  const Endpoint& where = to ? *to : flight.to;
  net_.trace.segment(net_.clock.now(), socket ? "arrive" : "nobody", flight.from, where,
                     flight.bytes.size());
  if (socket) socket->arrive(flight.from, where, std::move(flight.bytes));
}

SimDatagramSocket::SimDatagramSocket(SimNet& net, Endpoint local) : net_(net) {
  const auto bound = net_.datagram_sockets.add(local, *this);
  if (!bound) throw_cannot_bind("udp", local, bound.error());
  local_ = *bound;
  if (!local_.address.is_unspecified()) net_.routes.add_host(local_.address);
}

void SimDatagramSocket::send(std::span<const Datagram> batch) {
  const Time now = net_.clock.now();
  for (const auto& datagram : batch) {
    const Endpoint to = plain(datagram.peer);
    const auto from = source(local_, to, reached_at_);
    const bool possible = from && to.port != 0 && datagram.bytes.size() <= kLargestPayload;
    const Link& link = net_.link_between(possible ? *from : local_, to);
    const bool lost = !possible || net_.random.chance(link.loss);
    net_.trace.note(now, lost ? "lost" : "send", possible ? *from : local_, to, datagram.bytes);
    if (!possible) continue;
    const Endpoint seen = net_.routes.leave(Transport::udp, *from, to);
    if (lost) continue;
    const Duration late = net_.flow_delay(link, *from, to);
    if (net_.random.chance(link.duplicate))
      net_.flights.add(net_.arrival(link) + late, seen, to, datagram.bytes);
    net_.flights.add(net_.arrival(link) + late, seen, to, datagram.bytes);
  }
}

void SimDatagramSocket::arrive(const Endpoint& from, const Endpoint& to, std::string bytes) {
  reached_at_ = to.address;
  arrived_.push_back({seen_by(local_, from), std::move(bytes)});
  reader_.finish({});
}

bool SimDatagramSocket::take(std::vector<Datagram>& batch) {
  if (arrived_.empty()) return false;
  for (auto& datagram : arrived_) batch.push_back(std::move(datagram));
  arrived_.clear();
  return true;
}

}  // namespace deskcheck::net
