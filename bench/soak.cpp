#include "bench/measures.hpp"
#include "bench/online_query.hpp"
#include "bench/soak_calls.hpp"
#include "bench/soak_devices.hpp"
#include "bench/soak_pairs.hpp"
#include "bench/web_devices.hpp"

#include <cmath>
#include <cstdio>
#include <stdexcept>
#include <thread>

namespace deskcheck::bench {

namespace {

// Everything is looked at so often, and not whenever something comes: it costs less.
constexpr auto kTick = std::chrono::milliseconds(10);
constexpr auto kEndWithin = std::chrono::seconds(60);

class Soak {
 public:
  explicit Soak(const Load& load)
      : load_(load),
        watch_(load.server_pid),
        calls_(load),
        devices_(load, [this](int device, const auto& push) { calls_.answer(device, push); }),
        pairs_(load),
        web_(load, WebDevices::Wish::to_register) {}

  std::string run() {
    double next_look = load_.every;
    while (watch_.seconds() < load_.seconds) {
      std::this_thread::sleep_for(kTick);
      devices_.tick();
      pairs_.tick();
      web_.tick(0);
      call();
      calls_.tick();
      if (watch_.seconds() < next_look || next_look + load_.every / 2 > load_.seconds) continue;
      next_look += load_.every;
      look();
    }
    look();
    std::optional<double> end;
    Report report(load_.measure);
    watch_.report(report, static_cast<double>(devices_.answered));
    if (load_.end_server) {
      end = end_process(load_.server_pid, kEndWithin);
      if (!end) throw std::runtime_error("the server has been told to end, and goes on for 60 s");
      report.add("end_seconds", *end);
    }
    return counts(report).line();
  }

 private:
  // One device after the other, far apart, is asked for; those that are not registered yet are
  // nobody's loss.
  void call() {
    const auto due = static_cast<std::int64_t>(watch_.seconds() * load_.rate);
    for (; asked_ < due; ++asked_) {
      const auto device = static_cast<int>(asked_ * 7919 % load_.devices);
      if (devices_.registered(device)) calls_.begin(device);
    }
  }

  void look() {
    const auto usage = usage_of(load_.server_pid);
    std::vector<bool> expected;
    for (int device = 0; device < load_.devices; ++device)
      expected.push_back(devices_.registered(device));
    const auto online = ask_who_is_online(load_);
    std::int64_t found = 0;
    for (std::size_t device = 0; device < online.size(); ++device) {
      found += online[device];
      if (expected[device] && !online[device])
        complain(++offline_, "device " + id_of(static_cast<int>(device)) + " is offline");
    }
    seconds_.push_back(std::llround(watch_.seconds()));
    resident_.push_back(usage.resident_bytes);
    descriptors_.push_back(open_descriptors(load_.server_pid));
    online_.push_back(found);
    std::fprintf(stderr,
                 "soak: %lld s: %lld KiB, %lld descriptors, %lld online, %lld registrations, "
                 "%lld sessions, CPU %.1f s\n",
                 as_long(seconds_.back()), as_long(resident_.back() / 1024),
                 as_long(descriptors_.back()), as_long(found), as_long(devices_.answered),
                 as_long(pairs_.closed), usage.cpu_seconds);
  }
  static long long as_long(std::int64_t number) { return number; }

  Report& counts(Report& report) const {
    report.add("devices", static_cast<std::int64_t>(load_.devices));
    report.add("registered", static_cast<std::int64_t>(devices_.registered()));
    report.add("repeated", devices_.repeated).add("given_up", devices_.given_up);
    report.add("forgotten", devices_.forgotten).add("refused", devices_.refused);
    report.add("wrong", devices_.wrong).add("offline", offline_);
    report.add("calls", calls_.done).add("calls_repeated", calls_.repeated);
    report.add("calls_lost", calls_.lost).add("calls_refused", calls_.refused);
    report.add("sessions", pairs_.closed).add("sessions_opened", pairs_.opened);
    report.add("sessions_lost", pairs_.lost).add("sessions_wrong", pairs_.wrong);
    report.add("websockets", web_.ready()).add("websockets_lost", web_.lost + web_.refused);
    report.add("heartbeats", web_.heartbeats);
    report.add("at_seconds", seconds_).add("resident_bytes", resident_);
    return report.add("descriptors", descriptors_).add("online", online_);
  }

  const Load& load_;
  Watch watch_;
  SoakCalls calls_;
  SoakDevices devices_;
  SoakPairs pairs_;
  WebDevices web_;
  std::int64_t asked_ = 0, offline_ = 0;
  std::vector<std::int64_t> seconds_, resident_, descriptors_, online_;
};

}  // namespace

std::string measure_soak(const Load& load) { return Soak(load).run(); }

}  // namespace deskcheck::bench
