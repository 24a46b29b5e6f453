#include "bench/measures.hpp"
#include "bench/messages.hpp"
#include "bench/statistics.hpp"
#include "bench/streams.hpp"
#include "proto/wire/frame.hpp"

#include <algorithm>
#include <stdexcept>

namespace deskcheck::bench {

namespace {

constexpr Nanoseconds kPatience = 3'000'000'000;
constexpr int kMostDevices = 500;  // all of them are to stay registered during a measurement

class Signalling {
 public:
  explicit Signalling(const Load& load)
      : report(load.measure),
        load_(load),
        server_(to_sockaddr(load.host, load.port)),
        devices_(server_),
        calls_(static_cast<std::size_t>(std::min({load.devices, load.in_flight, kMostDevices}))) {
    poll_.add(devices_.descriptor(), EPOLLIN, kDatagrams);
  }

  void run() {
    register_devices();
    for (std::size_t number = 0; number < calls_.size(); ++number) begin(number);
    const Watch watch(load_.server_pid);
    Nanoseconds looked = now();
    while (watch.seconds() < load_.seconds) {
      for (const auto& event : poll_.wait(100)) handle(event);
      if (now() - looked < kPatience / 4) continue;
      looked = now();
      give_up_late_calls();
    }
    watch.report(report, static_cast<double>(latencies_.size()));
    report.add("lost", lost_).add("wrong", wrong_);
    report.add_latencies(std::move(latencies_));
  }

  Report report;

 private:
  // A call: its number is that of the device; a controller of its own asks for it.
  struct Call {
    Descriptor controller, device;
    bool asked = false;
    Nanoseconds begun = 0;
    wire::FrameDecoder answer;
    std::string punch_hole_sent;
  };
  enum Tag : std::uint64_t { kDatagrams = 0, kController = 1, kDevice = 2 };

  Address device_address(std::size_t number) const {
    return load_.clients + static_cast<Address>(number);
  }
  Address controller_address(std::size_t number) const {
    return load_.clients + static_cast<Address>(load_.devices) + static_cast<Address>(number);
  }

  // From the socket on which their PunchHole is to come.
  void register_devices() {
    for (std::size_t number = 0; number < calls_.size(); ++number) {
      const std::string text = register_peer(static_cast<int>(number));
      const Datagrams::Outgoing datagram{device_address(number), text};
      for (int tries = 0;; ++tries) {
        if (tries == 5)
          throw std::runtime_error("device " + id_of(static_cast<int>(number)) +
                                   " is not registered; measure first-registrations before");
        devices_.send(std::span(&datagram, 1));
        if (!devices_.receive(1000).empty()) break;
      }
    }
  }

  void begin(std::size_t number) {
    Call& call = calls_[number];
    call = Call();
    call.begun = now();
    call.controller = connect_from(controller_address(number), server_);
    poll_.add(call.controller.number(), EPOLLOUT, number << 2 | kController);
  }

  void handle(const epoll_event& event) {
    const auto number = static_cast<std::size_t>(event.data.u64 >> 2);
    switch (event.data.u64 & 3) {
      case kDatagrams:
        return take_datagrams();
      case kController:
        return calls_[number].asked ? take_answer(number) : ask(number);
      case kDevice:
        return confirm(number);
    }
  }

  void ask(std::size_t number) {
    Call& call = calls_[number];
    const auto request = frame_of(punch_hole_request(static_cast<int>(number), load_.key));
    if (connect_error(call.controller) || !send_short(call.controller, request))
      return lose(number);
    call.asked = true;
    poll_.change(call.controller.number(), EPOLLIN, number << 2 | kController);
  }

  void take_datagrams() {
    for (const auto& datagram : devices_.receive(0)) {
      const auto number = static_cast<std::size_t>(datagram.to - load_.clients);
      const auto message = parse(datagram.bytes);
      if (number >= calls_.size() || !message || !message->has_punch_hole()) {
        wrong_ += message && message->has_fetch_local_addr();
        continue;
      }
      Call& call = calls_[number];
      call.punch_hole_sent =
          frame_of(punch_hole_sent(static_cast<int>(number), message->punch_hole()));
      call.device = connect_from(device_address(number), server_);
      poll_.add(call.device.number(), EPOLLOUT, number << 2 | kDevice);
    }
  }

  void confirm(std::size_t number) {
    Call& call = calls_[number];
    if (connect_error(call.device) || !send_short(call.device, call.punch_hole_sent))
      return lose(number);
    call.device.close();
  }

  void take_answer(std::size_t number) {
    Call& call = calls_[number];
    char buffer[2048];
    const auto bytes = receive_blocking(call.controller, buffer);
    if (bytes.empty()) return lose(number);
    call.answer.feed(bytes);
    for (;;) {
      const auto payload = call.answer.next();
      if (payload && !*payload) return;
      const auto message = payload ? parse(**payload) : std::nullopt;
      if (message && message->has_key_exchange()) continue;  // an offer of encryption comes first
      if (message && !message->punch_hole_response().socket_addr().empty())
        latencies_.push_back(now() - call.begun);
      else
        ++wrong_;
      return begin(number);
    }
  }

  void lose(std::size_t number) {
    ++lost_;
    begin(number);
  }
  void give_up_late_calls() {
    for (std::size_t number = 0; number < calls_.size(); ++number)
      if (calls_[number].begun < now() - kPatience) lose(number);
  }

  const Load& load_;
  sockaddr_in server_;
  Datagrams devices_;
  Poll poll_;
  std::vector<Call> calls_;
  std::vector<Nanoseconds> latencies_;
  std::int64_t lost_ = 0, wrong_ = 0;
};

}  // namespace

std::string measure_punch_holes(const Load& load) {
  Signalling signalling(load);
  signalling.run();
  return signalling.report.line();
}

}  // namespace deskcheck::bench
