#include "bench/http_answer.hpp"
#include "bench/measures.hpp"
#include "bench/messages.hpp"
#include "bench/statistics.hpp"
#include "bench/streams.hpp"
#include "proto/wire/keys.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace deskcheck::bench {

namespace {

constexpr Nanoseconds kPatience = 12'000'000'000;  // what a client has
constexpr std::size_t kUploads = 2;

std::string identity_of(int device) {
  return R"({"id":")" + id_of(device) + R"(","uuid":")" + wire::to_base64(uuid_of(device)) + '"';
}

std::string heartbeat_of(int device) {
  return identity_of(device) + R"(,"ver":1004090,"modified_at":0})";
}

std::string sysinfo_of(int device) {
  return identity_of(device) +
         R"(,"version":"1.4.9","cpu":"Some CPU, 2.93GHz, 8/8 cores","memory":"15.89GB",)"
         R"("os":"windows / Windows 11 Pro - 22631","hostname":"PC","username":"bob"})";
}

// Requests of devices, each on a connection of its own, as clients do it; a window of them.
class Requests {
 public:
  explicit Requests(const Load& load)
      : load_(load),
        server_(to_sockaddr(load.host, load.api ? load.api : load.port - 2)),
        slots_(static_cast<std::size_t>(std::min(load.in_flight, load.devices))) {
    for (std::size_t slot = 0; slot < slots_.size(); ++slot) free_.push_back(slot);
  }

  void use(const char* path, std::string (*body)(int)) {
    path_ = path;
    body_ = body;
  }
  bool has_room() const { return !free_.empty(); }
  std::size_t in_flight() const { return slots_.size() - free_.size(); }
  bool idle() const { return in_flight() == 0; }

  // There has to be room.
  void begin(int device, Nanoseconds as_of) {
    const std::size_t number = free_.back();
    free_.pop_back();
    Slot& slot = slots_[number];
    slot.device = device;
    slot.as_of = as_of;
    slot.begun = now();
    slot.asked = false;
    slot.answer.clear();
    slot.stream = connect_from(load_.clients + static_cast<Address>(device), server_);
    poll_.add(slot.stream.number(), EPOLLOUT, number);
  }

  void work(int patience_ms) {
    for (const auto& event : poll_.wait(patience_ms)) {
      const auto number = static_cast<std::size_t>(event.data.u64);
      slots_[number].asked ? receive(number) : ask(number);
    }
    if (now() - looked_ < kPatience / 16) return;
    looked_ = now();
    for (std::size_t number = 0; number < slots_.size(); ++number)
      if (slots_[number].stream && slots_[number].begun < looked_ - kPatience) lose(number);
  }

  std::vector<Nanoseconds> latencies;
  std::int64_t lost = 0, wrong = 0;

 private:
  struct Slot {
    Descriptor stream;
    int device = 0;
    Nanoseconds as_of = 0, begun = 0;  // latency counts from the former, patience from the latter
    bool asked = false;
    std::string answer;
  };

  std::string request_of(int device) const {
    const std::string body = body_(device);
    return std::string("POST ") + path_ +
           " HTTP/1.1\r\ncontent-type: application/json\r\naccept: */*\r\nhost: localhost\r\n"
           "content-length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
  }

  void ask(std::size_t number) {
    Slot& slot = slots_[number];
    if (connect_error(slot.stream) || !send_short(slot.stream, request_of(slot.device)))
      return lose(number);
    slot.asked = true;
    poll_.change(slot.stream.number(), EPOLLIN, number);
  }

  void receive(std::size_t number) {
    Slot& slot = slots_[number];
    char buffer[4096];
    const auto bytes = receive_blocking(slot.stream, buffer);
    slot.answer += bytes;
    const auto answer = http_answer(slot.answer, bytes.empty());
    if (!answer.complete) return;
    if (slot.answer.empty()) return lose(number);
    // What servers say to a sysinfo is for the suite to judge; here they only have to know the
    // device.
    const bool is_right = answer.status == 200 &&
                          (body_ == sysinfo_of || answer.body.find('{') != std::string_view::npos);
    if (is_right)
      latencies.push_back(now() - slot.as_of);
    else if (++wrong <= 3)
      complain(wrong, std::string(path_) + " is answered wrong: " + slot.answer.substr(0, 200));
    finish(number);
  }

  void lose(std::size_t number) {
    ++lost;
    finish(number);
  }
  void finish(std::size_t number) {
    slots_[number].stream.close();
    free_.push_back(number);
  }

  const Load& load_;
  sockaddr_in server_;
  const char* path_ = nullptr;
  std::string (*body_)(int) = nullptr;
  Poll poll_;
  std::vector<Slot> slots_;
  std::vector<std::size_t> free_;
  Nanoseconds looked_ = 0;
};

// What every device does before its heartbeats are answered with nothing but {}. Few at a time:
// some servers refuse what comes while they store something else. Returns how many could not.
std::int64_t upload_sysinfo(Requests& requests, const Load& load) {
  requests.use("/api/sysinfo", sysinfo_of);
  for (int device = 0; device < load.devices || !requests.idle();) {
    while (device < load.devices && requests.in_flight() < kUploads)
      requests.begin(device++, now());
    requests.work(100);
  }
  if (requests.latencies.empty())
    throw std::runtime_error("none of " + std::to_string(load.devices) +
                             " devices can upload its sysinfo");
  requests.latencies.clear();
  return std::exchange(requests.lost, 0) + std::exchange(requests.wrong, 0);
}

// As many as are answered, or by the clock: due ones that find no room wait, and their latency
// counts all the same.
void beat(Requests& requests, const Load& load, const Watch& watch) {
  requests.use("/api/heartbeat", heartbeat_of);
  const Nanoseconds begun = now();
  for (std::int64_t sent = 0; watch.seconds() < load.seconds;) {
    const auto due = [&] {
      return load.rate == 0 || static_cast<double>(now() - begun) * load.rate / 1e9 >= double(sent);
    };
    for (; requests.has_room() && due(); ++sent) {
      const double at = load.rate == 0 ? 0 : static_cast<double>(sent) / load.rate * 1e9;
      requests.begin(static_cast<int>(sent % load.devices),
                     load.rate == 0 ? now() : begun + static_cast<Nanoseconds>(at));
    }
    requests.work(1);
  }
}

}  // namespace

std::string measure_heartbeats(const Load& load) {
  Requests requests(load);
  const auto without_sysinfo = upload_sysinfo(requests, load);
  const Watch watch(load.server_pid);
  beat(requests, load, watch);
  Report report(load.measure);
  watch.report(report, static_cast<double>(requests.latencies.size()));
  report.add("lost", requests.lost).add("wrong", requests.wrong);
  report.add("without_sysinfo", without_sysinfo);
  return report.add_latencies(std::move(requests.latencies)).line();
}

}  // namespace deskcheck::bench
