#include "proto/net/sim_sockets.hpp"

namespace deskcheck::net {

SimDatagramSocket::SimDatagramSocket(SimWorld& sim, Endpoint local)
    : sim_(sim), local_(local), alarm_([this] { arrive(); }) {
  if (!sim_.datagram_sockets_.emplace(local_, this).second)
    throw boost::system::system_error(asio::error::address_in_use, to_string(local_));
}

SimDatagramSocket::~SimDatagramSocket() { sim_.datagram_sockets_.erase(local_); }

void SimDatagramSocket::send(std::span<const Datagram> batch) {
  for (const auto& datagram : batch) {
    const Link& link = sim_.link(local_, datagram.peer);
    auto target = sim_.datagram_sockets_.find(datagram.peer);
    const bool lost = target == sim_.datagram_sockets_.end() || sim_.random_.chance(link.loss);
    sim_.trace_.note(sim_.now_, lost ? "lost" : "send", local_, datagram.peer, datagram.bytes);
    if (lost) continue;
    auto& socket = *target->second;
    const int copies = sim_.random_.chance(link.duplicate) ? 2 : 1;
    for (int i = 0; i < copies; ++i)
      socket.on_the_way_.emplace(sim_.arrival(link), Datagram{local_, datagram.bytes});
    sim_.arm(socket.alarm_, socket.on_the_way_.begin()->first);
  }
}

void SimDatagramSocket::arrive() {
  while (!on_the_way_.empty() && on_the_way_.begin()->first <= sim_.now_) {
    arrived_.push_back(std::move(on_the_way_.begin()->second));
    on_the_way_.erase(on_the_way_.begin());
  }
  if (!on_the_way_.empty()) sim_.arm(alarm_, on_the_way_.begin()->first);
  sim_.trace_.note(sim_.now_, "udp", arrived_.size());
  reader_.finish({});
}

bool SimDatagramSocket::take(std::vector<Datagram>& batch) {
  if (arrived_.empty()) return false;
  for (auto& datagram : arrived_) batch.push_back(std::move(datagram));
  arrived_.clear();
  return true;
}

}  // namespace deskcheck::net
