#include "client-sim/device/device.hpp"

#include "client-sim/device/id_change.hpp"
#include "proto/wire/address.hpp"

namespace deskcheck::sim {

namespace {

using namespace std::chrono_literals;

constexpr net::Duration kDuplicateInterval = 100ms;

Registration::Identity registered_as(const DeviceOptions& options) {
  Registration::Identity identity;
  identity.id = options.id;
  identity.uuid = options.uuid;
  identity.pk = wire::view(options.keys.public_key.bytes);
  identity.serial = options.serial;
  identity.key_confirmed = options.key_confirmed;
  identity.keeps_id = options.keeps_id;
  return identity;
}

}  // namespace

bool DuplicateFilter::passes(const net::Endpoint& requester, net::Time now) {
  const bool duplicate =
      last_ && last_->requester == requester && now - last_->at < kDuplicateInterval;
  last_ = Push{requester, now};
  return !duplicate;
}

Device::Device(net::World world, DeviceOptions options, Recorder recorder)
    : world_(world),
      options_(std::move(options)),
      recorder_(std::move(recorder)),
      random_(world.random.fork("device " + options_.id + ' ' + options_.uuid)),
      salt_(make_password(random_, 6)),
      registration_(registered_as(options_), random_.fork("new ids"), world.clock.now()),
      tasks_(world.executor) {}

Device::~Device() = default;

void Device::start() {
  if (options_.transport != Transport::udp) {
    tasks_.spawn("device " + options_.id, run_connected());
    return;
  }
  bind();
  tasks_.spawn("device " + options_.id, run());
}

void Device::bind() {
  channel_.reset();
  channel_.emplace(world_, options_.home, recorder_);
}

Task<void> Device::stop() {
  tasks_.cancel();
  co_await tasks_.join();
  channel_.reset();
  if (tasks_.failure()) std::rethrow_exception(tasks_.failure());
}

Task<std::string> Device::change_id(std::string id, net::Deadline deadline) {
  IdChange change;
  change.old_id = registration_.id();
  change.id = id;
  change.uuid = options_.uuid;
  change.home = options_.home;
  change.rendezvous = options_.rendezvous;
  if (options_.transport == Transport::websocket) change.transport = Transport::websocket;
  std::string text = co_await sim::change_id(world_, std::move(change), recorder_, deadline);
  if (text.empty()) registration_.on_new_id(std::move(id));
  changes_.announce();
  co_return text;
}

Task<net::Result<void>> Device::changed(net::Deadline deadline) {
  auto change = co_await changes_.next(deadline);
  co_return change;
}

Task<net::Result<void>> Device::registered(net::Deadline deadline) {
  while (!key_confirmed() || presence() != Presence::online) {
    auto change = co_await changes_.next(deadline);
    if (!change) co_return change.error();
  }
  co_return net::Result<void>();
}

Task<void> Device::run() {
  net::Time next_tick = world_.clock.now();
  for (;;) {
    if (world_.clock.now() >= next_tick) {
      auto message = registration_.tick(next_tick);
      if (registration_.wants_new_socket()) bind();
      send(std::move(message));
      while (next_tick <= world_.clock.now()) next_tick += kTick;
      changes_.announce();
    }
    const net::Deadline until_tick{&world_.clock, next_tick};
    auto datagram = co_await channel_->next(until_tick);
    if (datagram) {
      if (datagram->message) send(handle(*datagram->message));
    } else if (datagram.error() != boost::asio::error::timed_out) {
      throw boost::system::system_error(datagram.error(), "device " + id());
    }
  }
}

void Device::count(const hbb::RendezvousMessage& sent) {
  ++(sent.has_register_pk() ? counters_.register_pk : counters_.register_peer);
}

void Device::send(Registration::Message message) {
  if (!message) return;
  count(*message);
  channel_->send(options_.rendezvous, *message);
}

Registration::Message Device::handle(const hbb::RendezvousMessage& message) {
  const auto now = world_.clock.now();
  Registration::Message answer;
  if (message.has_register_peer_response()) {
    answer = registration_.on(message.register_peer_response(), now);
  } else if (message.has_register_pk_response()) {
    answer = registration_.on(message.register_pk_response(), now);
  } else if (message.has_configure_update()) {
    registration_.on(message.configure_update());
  } else if (message.has_punch_hole()) {
    if (is_new(punches_, message.punch_hole().socket_addr()))
      tasks_.spawn("punch", on_punch_hole(message.punch_hole()));
  } else if (message.has_fetch_local_addr()) {
    if (is_new(punches_, message.fetch_local_addr().socket_addr()))
      tasks_.spawn("local address", on_fetch_local_addr(message.fetch_local_addr()));
  } else if (message.has_request_relay()) {
    if (is_new(relays_, message.request_relay().socket_addr()))
      tasks_.spawn("relay", on_request_relay(message.request_relay()));
  }
  changes_.announce();
  return answer;
}

bool Device::is_new(DuplicateFilter& filter, const std::string& requester) {
  ++counters_.pushes;
  if (filter.passes(wire::decode_address(requester), world_.clock.now())) return true;
  ++counters_.duplicates;
  recorder_.note("duplicate push ignored");
  return false;
}

}  // namespace deskcheck::sim
