#include "proto/net/sim_world.hpp"

#include "proto/net/sim_sockets.hpp"

#include <boost/asio/post.hpp>

namespace deskcheck::net {

SimWorld::SimWorld(std::uint64_t seed) : SimWorld(Random(seed)) {}
SimWorld::SimWorld(Random random)
    : random_(random), net_(std::make_unique<SimNet>(*this, executor_, random_.fork("network"))) {}
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
      report_ = describe_waits(
          *net_, ready_.root(),
          idle() ? "stuck: nothing can happen any more; tasks:" : "out of time; tasks:");
      root.cancel();
      continue;
    }
    now_ = std::max(now_, next());
    ring_first();
  }
}

Link& SimWorld::default_link() { return net_->link; }
void SimWorld::set_link(const asio::ip::address& from, const asio::ip::address& to, Link link) {
  net_->links[{from, to}] = link;
}
void SimWorld::add_host(const asio::ip::address& address) { net_->routes.add_host(address); }
void SimWorld::add_nat(const Nat& nat) { net_->routes.add_nat(nat); }
const Trace& SimWorld::trace() const { return net_->trace; }
Trace& SimWorld::trace() { return net_->trace; }

std::unique_ptr<DatagramSocket> SimWorld::bind_udp(Endpoint local) {
  return std::make_unique<SimDatagramSocket>(*net_, local);
}
std::unique_ptr<Listener> SimWorld::listen(Endpoint local) {
  return std::make_unique<SimListener>(*net_, local);
}

Result<std::unique_ptr<StreamEnd>> SimWorld::open(Endpoint from, Endpoint to) {
  const Endpoint target = plain(to);
  if (is_anything(from) && target.address.is_v6()) from.address = asio::ip::address_v6::any();
  const auto own = source(from, target, asio::ip::address());
  if (!own) return own.error();
  Endpoint local = *own;
  if (local.port == 0) local.port = net_->listeners.free_port(local.address);
  if (local.port == 0 || net_->listeners.taken(local))
    return error_code(asio::error::address_in_use);
  net_->routes.add_host(local.address);
  return std::make_unique<SimStream>(*net_, local);
}

}  // namespace deskcheck::net
