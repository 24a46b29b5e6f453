#include "client-sim/scenario/party.hpp"

#include <algorithm>

namespace deskcheck::scenario {

namespace {

DeviceState::Presence presence_of(const sim::Device& device) {
  switch (device.presence()) {
    case sim::Presence::online:
      return DeviceState::online;
    case sim::Presence::connecting:
      return DeviceState::connecting;
    case sim::Presence::offline:
      return DeviceState::offline;
  }
  return DeviceState::connecting;
}

DeviceState state_of(const sim::Device& device) {
  DeviceState state;
  state.set_presence(presence_of(device));
  state.set_registered(device.key_confirmed() && device.presence() == sim::Presence::online);
  state.set_pushes(device.counters().pushes);
  const auto& sessions = device.sessions();
  state.set_sessions(static_cast<int>(sessions.size()));
  state.set_logged_in(static_cast<int>(
      std::ranges::count_if(sessions, [](const auto& session) { return session.logged_in; })));
  state.set_id(device.id());
  state.set_connections(device.counters().connections);
  state.set_heartbeats(device.counters().heartbeats);
  return state;
}

}  // namespace

Task<void> Party::end() { co_return; }

DeviceParty::DeviceParty(Birth birth) : Party(std::move(birth)) {}

// One that registers on a connection has no address of its own to be reached at.
net::Endpoint DeviceParty::address() const {
  return device_ && role().transport == sim::Transport::udp ? device_->local() : birth_.home;
}

void DeviceParty::start() {
  if (device_) return;
  sim::DeviceOptions options;
  options.id = birth_.identity.id;
  options.uuid = birth_.identity.uuid;
  options.keys = birth_.identity.keys;
  options.home = birth_.home;
  options.rendezvous = birth_.site.rendezvous;
  options.key = birth_.site.key;
  options.password = role().password;
  options.transport = role().transport;
  options.relay_only = role().relay_only;
  options.firewalled = role().firewalled;
  auto device = std::make_unique<sim::Device>(birth_.world, std::move(options), birth_.recorder);
  device->start();
  device_ = std::move(device);
}

Task<net::Result<Heard>> DeviceParty::hear(bool first, net::Deadline deadline) {
  if (!device_) {
    co_await net::sleep_until(*deadline.clock, deadline.at);
    co_return boost::asio::error::timed_out;
  }
  if (!first) {
    auto changed = co_await device_->changed(deadline);
    if (!changed) co_return changed.error();
  }
  co_return state();
}

Heard DeviceParty::state() const {
  Heard heard;
  heard.what = Heard::What::state;
  *heard.observation.mutable_state() = state_of(*device_);
  heard.observation.mutable_state()->set_id_failure(id_failure_);
  return heard;
}

Task<void> DeviceParty::change_id(std::string id, net::Deadline deadline) {
  id_failure_ = co_await device_->change_id(std::move(id), deadline);
}

Task<void> DeviceParty::end() {
  if (!device_) co_return;
  co_await device_->stop();
  device_.reset();
}

}  // namespace deskcheck::scenario
