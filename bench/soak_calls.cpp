#include "bench/soak_calls.hpp"

#include <array>
#include <iterator>

namespace deskcheck::bench {

namespace {

constexpr Nanoseconds kSecond = 1'000'000'000;
constexpr Nanoseconds kRepeatAfter = 3 * kSecond;
constexpr Nanoseconds kGiveUpAfter = 18 * kSecond;
constexpr int kMostRepeats = 2;

std::uint64_t tag_of(int device, bool of_device) {
  return static_cast<std::uint64_t>(device) << 1 | (of_device ? 1 : 0);
}

}  // namespace

SoakCalls::SoakCalls(const Load& load) : load_(load), server_(to_sockaddr(load.host, load.port)) {}

void SoakCalls::begin(int device) {
  const auto [place, is_new] = calls_.try_emplace(device);
  if (!is_new) return;
  Call& call = place->second;
  call.begun = now();
  const auto from = load_.clients + static_cast<Address>(load_.devices + device);
  call.controller = connect_from(from, server_);
  poll_.add(call.controller.number(), EPOLLOUT, tag_of(device, false));
}

void SoakCalls::answer(int device, const hbb::PunchHole& push) {
  const auto place = calls_.find(device);
  if (place == calls_.end()) return;  // its controller has given up
  Call& call = place->second;
  call.punch_hole_sent = frame_of(punch_hole_sent(device, push));
  call.device = connect_from(load_.clients + static_cast<Address>(device), server_);
  poll_.add(call.device.number(), EPOLLOUT, tag_of(device, true));
}

void SoakCalls::tick() {
  for (const auto& event : poll_.wait(0)) {
    const auto device = static_cast<int>(event.data.u64 >> 1);
    const auto place = calls_.find(device);
    if (place != calls_.end() && !handle(device, place->second, event.data.u64 & 1))
      calls_.erase(place);
  }
  const Nanoseconds when = now();
  for (auto place = calls_.begin(); place != calls_.end();)
    place = is_patient(place->first, place->second, when) ? std::next(place) : calls_.erase(place);
}

bool SoakCalls::handle(int device, Call& call, bool of_device) {
  if (of_device) {
    const bool sent = !connect_error(call.device) && send_short(call.device, call.punch_hole_sent);
    call.device.close();
    return sent || lose(device, "cannot answer");
  }
  if (call.asked) return take_answer(device, call);
  call.asked = !connect_error(call.controller) && ask(device, call);
  if (!call.asked) return lose(device, "cannot be asked for");
  poll_.change(call.controller.number(), EPOLLIN, tag_of(device, false));
  return true;
}

bool SoakCalls::ask(int device, Call& call) {
  return send_short(call.controller, frame_of(punch_hole_request(device, load_.key)));
}

bool SoakCalls::lose(int device, const char* how) {
  complain(++lost, "device " + id_of(device) + ' ' + how);
  return false;
}

bool SoakCalls::take_answer(int device, Call& call) {
  std::array<char, 2048> buffer{};
  const auto bytes = receive_blocking(call.controller, buffer);
  call.answer.feed(bytes);
  auto payload = call.answer.next();
  auto message = payload && *payload ? parse(**payload) : std::nullopt;
  if (message && message->has_key_exchange()) {  // an offer of encryption comes first
    payload = call.answer.next();
    message = payload && *payload ? parse(**payload) : std::nullopt;
  }
  if (payload && !*payload && !bytes.empty()) return true;
  if (!message || !message->has_punch_hole_response())
    return lose(device, "is asked for, and gets the end or another answer");
  const auto& response = message->punch_hole_response();
  if (!response.socket_addr().empty())
    ++done;
  else
    complain(++refused, "device " + id_of(device) + " is refused: " +
                            hbb::PunchHoleResponse::Failure_Name(response.failure()) + ' ' +
                            response.other_failure());
  return false;
}

bool SoakCalls::is_patient(int device, Call& call, Nanoseconds when) {
  const Nanoseconds waited = when - call.begun;
  if (waited >= kGiveUpAfter) return lose(device, "is asked for in vain");
  if (!call.asked || call.repeats == kMostRepeats) return true;
  if (waited < kRepeatAfter * (call.repeats + 1)) return true;
  ++call.repeats;
  ++repeated;
  return ask(device, call) || lose(device, "cannot be asked for again");
}

}  // namespace deskcheck::bench
