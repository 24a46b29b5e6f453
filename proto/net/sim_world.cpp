#include "proto/net/sim_world.hpp"

#include "proto/net/sim_sockets.hpp"

#include <boost/asio/post.hpp>

namespace deskcheck::net {

void Trace::mix(const void* data, std::size_t size) {
  auto* p = static_cast<const unsigned char*>(data);
  for (std::size_t i = 0; i < size; ++i) hash_ = (hash_ ^ p[i]) * 0x100000001b3;
}

void Trace::note(Time at, std::string_view kind, std::uint64_t value) {
  ++events_;
  auto t = at.time_since_epoch().count();
  mix(&t, sizeof t);
  mix(kind.data(), kind.size());
  mix(&value, sizeof value);
}

void Trace::note(Time at, std::string_view kind, const Endpoint& from, const Endpoint& to,
                 std::string_view bytes) {
  note(at, kind, (std::uint64_t{from.port} << 48) | (std::uint64_t{to.port} << 32) | bytes.size());
  for (auto* e : {&from, &to})
    if (e->address.is_v4()) {
      auto a = e->address.to_v4().to_uint();
      mix(&a, sizeof a);
    }
  mix(bytes.data(), bytes.size());
}

SimWorld::SimWorld(std::uint64_t seed) : random_(seed) {}
SimWorld::~SimWorld() = default;

Ending SimWorld::run(awaitable<void> scenario, Duration horizon) {
  TaskGroup root(executor_);
  root.spawn("scenario", std::move(scenario));
  Ending ending{};
  asio::post(io_, [&] { ending = loop(root, now_ + horizon); });
  io_.restart();
  io_.run_one();
  if (root.failure()) std::rethrow_exception(root.failure());
  return ending;
}

Ending SimWorld::loop(TaskGroup& root, Time last) {
  Ending ending = Ending::finished;
  for (;;) {
    while (ready_.run_one()) {
    }  // all that can happen at this instant
    if (root.empty()) return ending;
    if (ending != Ending::finished && idle()) std::terminate();  // it ignored its cancellation
    if (ending == Ending::finished && (idle() || next() > last)) {
      ending = idle() ? Ending::stuck : Ending::out_of_time;
      report_ = describe_waits();
      root.cancel();
      continue;
    }
    now_ = std::max(now_, next());
    ring_first();
  }
}

std::string SimWorld::describe_waits() const {
  std::string text = "nothing can happen any more; waiting:";
  for (auto& [at, socket] : datagram_sockets_)
    if (socket->waiting()) text += " udp " + to_string(at) + " receive;";
  for (auto& [at, listener] : listeners_)
    if (listener->waiting()) text += " tcp " + to_string(at) + " accept;";
  return text;
}

void SimWorld::set_link(const asio::ip::address& from, const asio::ip::address& to, Link link) {
  links_[{from, to}] = link;
}

const Link& SimWorld::link(const Endpoint& from, const Endpoint& to) const {
  if (links_.empty()) return link_;
  auto found = links_.find({from.address, to.address});
  return found == links_.end() ? link_ : found->second;
}

Time SimWorld::arrival(const Link& link) {
  auto jitter = static_cast<std::uint64_t>(link.jitter.count());
  return now_ + link.latency + Duration(jitter ? random_.below(jitter + 1) : 0);
}

Endpoint SimWorld::with_port(Endpoint local) {
  if (local.port == 0) local.port = next_port_ == 65535 ? next_port_ = 40000 : ++next_port_;
  return local;
}

std::unique_ptr<DatagramSocket> SimWorld::bind_udp(Endpoint local) {
  return std::make_unique<SimDatagramSocket>(*this, with_port(local));
}
std::unique_ptr<Listener> SimWorld::listen(Endpoint local) {
  return std::make_unique<SimListener>(*this, with_port(local));
}
Result<std::unique_ptr<StreamEnd>> SimWorld::open(Endpoint from, Endpoint) {
  return std::make_unique<SimStream>(*this, with_port(from));
}

}  // namespace deskcheck::net
