// What shows only when a controller asks for a device that is there: the probe's own.
#include "client-sim/device/device.hpp"

#include "conformance/probe/ask.hpp"
#include "proto/wire/address.hpp"
#include "proto/wire/identity.hpp"

#include <fmt/format.h>

namespace deskcheck::probe {

namespace {

constexpr char kSigned[] = "rendezvous.signed-keys";
constexpr char kUdpPunch[] = "rendezvous.udp-punch";
constexpr char kIpv6Punch[] = "rendezvous.ipv6-punch";
constexpr char kSessionControl[] = "rendezvous.session-control";

constexpr int kUdpPort = 40123;  // said, and never used
// Of the range for documentation: nobody has it.
constexpr char kIpv6[] = "2001:db8::1";

// What the device was told of the controller, and the controller of the device.
struct Meeting {
  std::optional<hbb::PunchHole> punch;
  std::optional<hbb::FetchLocalAddr> local;
  Heard answer;
  const char* over = "TCP";

  Meeting() = default;
};

// The pushes among what the device heard.
void take_pushes(const sim::Transcript& transcript, Meeting& meeting) {
  for (const auto& line : transcript.lines()) {
    hbb::RendezvousMessage message;
    if (line.what != sim::TranscriptLine::What::received || !message.ParseFromString(line.bytes))
      continue;
    if (message.has_punch_hole()) meeting.punch = message.punch_hole();
    if (message.has_fetch_local_addr()) meeting.local = message.fetch_local_addr();
  }
}

sim::DeviceOptions device_options(const Tour& tour) {
  sim::DeviceOptions options;
  options.id = tour.patient.identity.id;
  options.uuid = tour.patient.identity.uuid;
  options.keys = tour.patient.identity.keys;
  options.home = tour.home(tour.rendezvous);
  options.rendezvous = tour.rendezvous;
  options.key = tour.patient.key;
  options.keeps_id = true;       // one device and no other
  options.key_confirmed = true;  // a device that is known need not be registered again
  options.transport = tour.udp             ? sim::Transport::udp
                      : tour.tcp_registers ? sim::Transport::tcp
                                           : sim::Transport::websocket;
  return options;
}

// A neighbour is asked for its address in the common network, and hears nothing of UDP; a
// controller on a WebSocket is never taken for one.
Task<Meeting> meet(Tour& tour, const sim::Transcript& transcript) {
  Meeting meeting;
  const bool websocket = tour.findings.has("rendezvous.websocket");
  const bool tcp = tour.findings.has("rendezvous.tcp-signalling");
  const auto over = websocket ? sim::Transport::websocket : sim::Transport::tcp;
  if (!websocket && !tcp) co_return meeting;
  meeting.over = websocket ? "WebSocket" : "TCP";
  std::string id = tour.patient.identity.id, key = tour.patient.key;
  auto question = path_question(std::move(id), std::move(key));
  question.mutable_punch_hole_request()->set_udp_port(kUdpPort);
  const net::Endpoint v6{boost::asio::ip::make_address(kIpv6), kUdpPort};
  question.mutable_punch_hole_request()->set_socket_addr_v6(wire::encode_address(v6, 0));
  const auto to = websocket ? tour.websocket : tour.rendezvous;
  meeting.answer = co_await ask_twice(tour, over, to, std::move(question), is_path_answer);
  take_pushes(transcript, meeting);
  co_return meeting;
}

void judge_signature(Tour& tour, const Meeting& meeting) {
  if (!meeting.answer)
    return tour.unknown(kSigned, "the question for the probe's device was not answered");
  const auto& message = *meeting.answer.answer;
  const auto& path = message.punch_hole_response();
  const bool refused = message.has_punch_hole_response() && path.socket_addr().empty();
  if (refused)
    return tour.unknown(kSigned,
                        fmt::format("the question for the probe's device was refused: {}",
                                    path.other_failure().empty()
                                        ? hbb::PunchHoleResponse::Failure_Name(path.failure())
                                        : in_one_line(path.other_failure())));
  const auto& pk = message.has_relay_response() ? message.relay_response().pk() : path.pk();
  if (pk.empty()) return tour.absent(kSigned, "the key of a device came without a signature");
  if (!tour.has_key())
    return tour.unknown(kSigned, "the server signs; with which key cannot be told without --key");
  const auto identity =
      wire::verify_identity(pk, *tour.patient.profile.key, tour.patient.identity.id);
  tour.findings.signs_with_key = identity.has_value();
  if (identity)
    tour.present(kSigned, "the key of a device came signed by the key that was given");
  else
    tour.unknown(kSigned, "the server signs with another key than the one that was given");
}

void judge_udp(Tour& tour, const Meeting& meeting) {
  if (!meeting.punch)
    return tour.unknown(kUdpPunch,
                        meeting.local
                            ? "the server takes controller and device for neighbours: without a "
                              "WebSocket it cannot be seen from one address"
                            : "no question reached the probe's device");
  if (meeting.punch->udp_port() == kUdpPort)
    return tour.present(kUdpPunch, "the controller's UDP port was passed to the device");
  tour.absent(kUdpPunch, "the device was asked without the controller's UDP port");
}

void judge_ipv6(Tour& tour, const Meeting& meeting) {
  if (!meeting.punch && !meeting.local)
    return tour.unknown(kIpv6Punch, "no question reached the probe's device");
  const auto& passed =
      meeting.punch ? meeting.punch->socket_addr_v6() : meeting.local->socket_addr_v6();
  if (!passed.empty())
    tour.present(kIpv6Punch, "the controller's IPv6 address was passed to the device");
  else
    tour.absent(kIpv6Punch, "the device was asked without the controller's IPv6 address");
}

void judge_control(Tour& tour, const Meeting& meeting) {
  const bool told =
      (meeting.punch &&
       (meeting.punch->has_control_permissions() || meeting.punch->has_controlled_context())) ||
      (meeting.local &&
       (meeting.local->has_control_permissions() || meeting.local->has_controlled_context()));
  if (told) return tour.present(kSessionControl, "the device was told what controllers may do");
  if (meeting.answer && meeting.answer.answer->punch_hole_response().feedback() != 0)
    return tour.present(kSessionControl, "a controller was asked for a health check connection");
  tour.unknown(kSessionControl,
               "a server shows it only when its operator has set it up and somebody is signed in");
}

void judge(Tour& tour, const Meeting& meeting) {
  judge_signature(tour, meeting);
  judge_udp(tour, meeting);
  judge_ipv6(tour, meeting);
  judge_control(tour, meeting);
  if (!meeting.answer) return;
  const auto& message = *meeting.answer.answer;
  tour.named_relay = message.has_relay_response() ? message.relay_response().relay_server()
                                                  : message.punch_hole_response().relay_server();
}

Task<void> with_device(Tour& tour, sim::Device* device, const sim::Transcript* transcript) {
  const auto online = co_await device->registered(tour.patience());
  Meeting meeting;
  if (online) {
    tour.findings.device_id = device->id();
    meeting = co_await meet(tour, *transcript);
    judge(tour, meeting);
    co_return;
  }
  for (const auto* name : {kSigned, kUdpPunch, kIpv6Punch, kSessionControl})
    tour.unknown(name, "the server does not take the registration of a device");
}

}  // namespace

Task<void> see_device(Tour& tour) {
  if (!tour.udp && !tour.tcp_registers && !tour.websocket_registers) {
    for (const auto* name : {kSigned, kUdpPunch, kIpv6Punch, kSessionControl})
      tour.unknown(name, "there is no way to register a device");
    co_return;
  }
  sim::Transcript transcript;
  sim::Device device(tour.world, device_options(tour),
                     sim::Recorder(&transcript, &tour.world.clock, "device"));
  device.start();
  std::exception_ptr failure;
  try {
    co_await with_device(tour, &device, &transcript);
  } catch (...) {
    failure = std::current_exception();
  }
  co_await device.stop();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace deskcheck::probe
