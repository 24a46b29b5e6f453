#include "bench/soak_devices.hpp"

namespace deskcheck::bench {

namespace {

constexpr Nanoseconds kSecond = 1'000'000'000;
constexpr Nanoseconds kPatience = 3 * kSecond;
constexpr Nanoseconds kRoomAgain = kSecond / 50;
constexpr int kOfflineAfter = 4;  // requests without an answer

}  // namespace

SoakDevices::SoakDevices(const Load& load, std::function<void(int, const hbb::PunchHole&)> on_push)
    : load_(load),
      on_push_(std::move(on_push)),
      begun_(now()),
      interval_(static_cast<Nanoseconds>(load.interval * 1e9)),
      socket_(to_sockaddr(load.host, load.port)),
      devices_(static_cast<std::size_t>(load.devices)) {
  for (int device = 0; device < load.devices; ++device) wake(device, slot(device, begun_));
}

void SoakDevices::wake(int device, Nanoseconds when) {
  at(device).alarm = when;  // an earlier alarm counts no more
  alarms_.push({when, device});
}

Nanoseconds SoakDevices::slot(int device, Nanoseconds when) const {
  const Nanoseconds first = begun_ + interval_ * device / load_.devices;
  const Nanoseconds rounds = when < first ? 0 : (when - first) / interval_ + 1;
  return first + rounds * interval_;
}

void SoakDevices::tick() {
  for (;;) {
    const auto batch = socket_.receive(0);
    if (batch.empty()) break;
    const Nanoseconds when = now();
    for (const auto& datagram : batch) {
      const auto device = static_cast<int>(datagram.to - load_.clients);
      const auto message = parse(datagram.bytes);
      if (device < 0 || device >= load_.devices || !message)
        ++wrong;
      else
        take(device, *message, when);
    }
  }
  const Nanoseconds when = now();
  while (!alarms_.empty() && alarms_.top().at <= when) {
    const Alarm alarm = alarms_.top();
    alarms_.pop();
    if (at(alarm.device).alarm == alarm.at) due(alarm.device, when);
  }
  flush();
}

void SoakDevices::due(int number, Nanoseconds when) {
  Device& device = at(number);
  if (device.waiting) {
    ++repeated;
    if (++device.failures == kOfflineAfter) {
      complain(++given_up, "device " + id_of(number) + " gets no answer");
      device.failures = 0;
    }
  } else if (!device.registered) {
    // Each is written to a disk: so many at once that no answer takes as long as 3 s.
    if (registering_ >= load_.in_flight) return wake(number, when + kRoomAgain);
    ++registering_;
  }
  device.waiting = true;
  texts_.push_back(device.registered ? register_peer(number) : register_pk(number));
  senders_.push_back(number);
  if (texts_.size() == Datagrams::kBatch) flush();
  wake(number, when + kPatience);
}

void SoakDevices::take(int number, const hbb::RendezvousMessage& message, Nanoseconds when) {
  Device& device = at(number);
  if (message.has_punch_hole()) return on_push_(number, message.punch_hole());
  const bool first = message.has_register_pk_response();
  if (!first && !message.has_register_peer_response()) {
    ++wrong;
    return;
  }
  // The answer to a request that was sent again may come twice, and is no longer waited for.
  if (!device.waiting || first == device.registered) return;
  device.waiting = false;
  device.failures = 0;
  if (first) {
    --registering_;
    device.registered = is_ok(message);
    registered_ += device.registered;
    if (!device.registered)
      complain(++refused, "device " + id_of(number) + " is not registered: result " +
                              std::to_string(message.register_pk_response().result()));
    return wake(number, device.registered ? slot(number, when) : when + kPatience);
  }
  device.registered = is_known(message);
  registered_ -= !device.registered;
  answered += device.registered;
  if (!device.registered) complain(++forgotten, "device " + id_of(number) + " is forgotten");
  wake(number, device.registered ? when + interval_ : when);
}

void SoakDevices::flush() {
  std::vector<Datagrams::Outgoing> batch;
  for (std::size_t i = 0; i < texts_.size(); ++i)
    batch.push_back({load_.clients + static_cast<Address>(senders_[i]), texts_[i]});
  socket_.send(batch);
  texts_.clear();
  senders_.clear();
}

}  // namespace deskcheck::bench
