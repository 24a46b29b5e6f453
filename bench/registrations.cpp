#include "bench/measures.hpp"
#include "bench/messages.hpp"
#include "bench/statistics.hpp"

#include <algorithm>
#include <deque>
#include <stdexcept>

namespace deskcheck::bench {

namespace {

constexpr Nanoseconds kPatience = 2'000'000'000;  // then a datagram counts as lost
constexpr int kTries = 5;

// Requests of devices and their answers: a window of them, one per device.
class Exchange {
 public:
  Exchange(const Load& load, std::string (*request)(int),
           bool (*is_right)(const hbb::RendezvousMessage&))
      : load_(load),
        request_(request),
        is_right_(is_right),
        socket_(to_sockaddr(load.host, load.port)),
        asked_(static_cast<std::size_t>(load.devices)) {}

  // The requests of these devices, as soon as there is room for them.
  void send(std::span<const int> devices, Nanoseconds as_of) {
    std::vector<std::string> texts;
    std::vector<Datagrams::Outgoing> batch;
    texts.reserve(devices.size());
    for (int device : devices) {
      texts.push_back(request_(device));
      batch.push_back({load_.clients + static_cast<Address>(device), texts.back()});
      asked_[static_cast<std::size_t>(device)] = as_of;
      waiting_.push_back({device, as_of});
    }
    socket_.send(batch);
    in_flight_ += static_cast<int>(devices.size());
  }

  // Takes what has come; devices whose answer was right go to `answered`.
  void receive(int patience_ms, std::vector<int>& answered) {
    for (const auto& datagram : socket_.receive(patience_ms)) {
      const auto device = static_cast<std::size_t>(datagram.to - load_.clients);
      if (device >= asked_.size() || asked_[device] == 0) continue;  // late, or not ours
      const auto answer = parse(datagram.bytes);
      if (!answer || !is_right_(*answer)) {
        ++wrong;
        continue;
      }
      latencies.push_back(now() - asked_[device]);
      asked_[device] = 0;
      --in_flight_;
      answered.push_back(static_cast<int>(device));
    }
  }

  // Devices that have waited for too long: no longer in flight.
  std::vector<int> take_lost() {
    std::vector<int> lost;
    while (!waiting_.empty() && waiting_.front().since < now() - kPatience) {
      const auto [device, since] = waiting_.front();
      waiting_.pop_front();
      auto& asked = asked_[static_cast<std::size_t>(device)];
      if (asked != since) continue;
      asked = 0;
      --in_flight_;
      lost.push_back(device);
    }
    return lost;
  }
  bool waits(int device) const { return asked_[static_cast<std::size_t>(device)] != 0; }
  int in_flight() const { return in_flight_; }

  std::int64_t wrong = 0;
  std::vector<Nanoseconds> latencies;

 private:
  struct Waiting {
    int device;
    Nanoseconds since;
  };
  const Load& load_;
  std::string (*request_)(int);
  bool (*is_right_)(const hbb::RendezvousMessage&);
  Datagrams socket_;
  std::vector<Nanoseconds> asked_;  // when; 0: not waiting
  std::deque<Waiting> waiting_;
  int in_flight_ = 0;
};

// Brings every device through one exchange. Returns the number of repeated requests.
std::int64_t exchange_all(Exchange& exchange, const Load& load) {
  std::deque<int> left;
  for (int device = 0; device < load.devices; ++device) left.push_back(device);
  std::vector<int> tries(static_cast<std::size_t>(load.devices)), answered, batch;
  std::int64_t repeated = 0;
  for (std::size_t done = 0; done < tries.size();) {
    batch.clear();
    while (!left.empty() && batch.size() < Datagrams::kBatch &&
           exchange.in_flight() + static_cast<int>(batch.size()) < load.in_flight) {
      batch.push_back(left.front());
      left.pop_front();
    }
    if (!batch.empty()) exchange.send(batch, now());
    answered.clear();
    exchange.receive(batch.empty() ? 1 : 0, answered);
    done += answered.size();
    for (int device : exchange.take_lost()) {
      if (++tries[static_cast<std::size_t>(device)] == kTries)
        throw std::runtime_error("device " + id_of(device) + " gets no right answer; " +
                                 std::to_string(exchange.wrong) + " were wrong");
      ++repeated;
      left.push_back(device);
    }
  }
  return repeated;
}

// As many as are answered: all devices in turn, a window of them waiting.
void saturate(Exchange& exchange, const Load& load, const Watch& watch, std::int64_t& lost) {
  int next = 0;
  std::vector<int> batch, answered;
  while (watch.seconds() < load.seconds) {
    batch.clear();
    for (int looked = 0; looked < load.devices && batch.size() < Datagrams::kBatch &&
                         exchange.in_flight() + static_cast<int>(batch.size()) < load.in_flight;
         ++looked) {
      if (!exchange.waits(next)) batch.push_back(next);
      next = (next + 1) % load.devices;
    }
    if (!batch.empty()) exchange.send(batch, now());
    answered.clear();
    exchange.receive(batch.empty() ? 1 : 0, answered);
    lost += static_cast<std::int64_t>(exchange.take_lost().size());
  }
}

// By the clock, whatever the server does; latencies count from the time at which a request was due.
void keep_rate(Exchange& exchange, const Load& load, const Watch& watch, std::int64_t& lost) {
  const Nanoseconds begun = now();
  std::int64_t sent = 0;
  std::vector<int> answered;
  while (watch.seconds() < load.seconds) {
    const auto due =
        static_cast<std::int64_t>(static_cast<double>(now() - begun) * load.rate / 1e9);
    for (int some = 0; sent < due && some < 16; ++some, ++sent) {
      const int device = static_cast<int>(sent % load.devices);
      if (exchange.waits(device)) continue;
      const auto at = static_cast<Nanoseconds>(static_cast<double>(sent) / load.rate * 1e9);
      exchange.send(std::span(&device, 1), begun + at);
    }
    answered.clear();
    exchange.receive(sent < due ? 0 : 1, answered);
    lost += static_cast<std::int64_t>(exchange.take_lost().size());
  }
}

}  // namespace

std::string measure_first_registrations(const Load& load) {
  Exchange exchange(load, register_pk, is_ok);
  const Watch watch(load.server_pid);
  const auto repeated = exchange_all(exchange, load);
  Report report(load.measure);
  watch.report(report, load.devices);
  report.add("bytes_per_device", static_cast<double>(watch.grown_bytes()) / load.devices);
  report.add("repeated", repeated).add("wrong", exchange.wrong);
  return report.add_latencies(std::move(exchange.latencies)).line();
}

std::string measure_registrations(const Load& load) {
  Exchange exchange(load, register_peer, is_known);
  exchange.latencies.reserve(1 << 22);
  const Watch watch(load.server_pid);
  std::int64_t lost = 0;
  if (load.rate > 0)
    keep_rate(exchange, load, watch, lost);
  else
    saturate(exchange, load, watch, lost);
  Report report(load.measure);
  watch.report(report, static_cast<double>(exchange.latencies.size()));
  report.add("lost", lost).add("wrong", exchange.wrong);
  return report.add_latencies(std::move(exchange.latencies)).line();
}

}  // namespace deskcheck::bench
