// The list of rendezvous servers that a server pushes to the devices that register with it.
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

#include <limits>

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

constexpr std::int32_t kOldest = 3;  // the lowest serial that clients report
constexpr std::int32_t kNewest = std::numeric_limits<std::int32_t>::max();

MATCHER_P2(IsList, serial, servers,
           "a configure_update with the server's list, serial " + std::to_string(serial)) {
  if (!arg.arrived() || arg->serial() != serial) return false;
  return std::equal(servers.begin(), servers.end(), arg->rendezvous_servers().begin(),
                    arg->rendezvous_servers().end());
}
MATCHER(HasNoList, negation ? "a configure_update" : "no configure_update") {
  return std::none_of(arg.begin(), arg.end(), [](const sim::ReceivedDatagram& datagram) {
    return datagram.message && datagram.message->has_configure_update();
  });
}

hbb::RegisterPeer with_serial(const LabDevice& device, std::int32_t serial) {
  auto message = device.register_peer_message();
  message.set_serial(serial);
  return message;
}

// Everything that the device hears while it registers three times in a row with this serial.
Task<std::vector<sim::ReceivedDatagram>> register_thrice(Lab& lab, LabDevice& device,
                                                         std::int32_t serial) {
  std::vector<sim::ReceivedDatagram> heard;
  device.channel().drain();
  for (int answers = 0; answers < 3; ++answers) {
    device.send(with_serial(device, serial));
    do {
      auto next = co_await device.channel().next(lab.within(5s));
      lab.require("register_peer is answered", next.has_value(), testing::IsTrue());
      heard.push_back(std::move(*next));
    } while (!heard.back().message || !heard.back().message->has_register_peer_response());
  }
  co_return heard;
}

}  // namespace

// A device that is behind gets serial and list behind every answer; one that has it does not.
CASE(config_pushed, "config/pushed", checks("RDV-CFG-01", "RDV-CFG-02"), after("config/no-news"),
     does(Effect::restarts)) {
  constexpr std::int32_t kSerial = 7;
  const std::vector<std::string> list = {"192.0.2.7:21116", "192.0.2.8"};
  ServerSetup setup;
  setup.serial = kSerial;
  setup.rendezvous_servers = list;
  co_await lab.own_server(std::move(setup));
  auto device = co_await lab.registered_device();
  for (const std::int32_t serial : {kOldest, kSerial - 1}) {
    auto answer =
        co_await device.ask<hbb::RegisterPeerResponse>(with_serial(device, serial), lab.within(5s));
    lab.require("register_peer is answered", answer, RequestsPk(false));
    auto pushed = co_await device.push<hbb::ConfigUpdate>(lab.within(5s));
    lab.verdict("RDV-CFG-01", pushed, IsList(kSerial, list));
  }
  for (const std::int32_t serial : {kSerial, kSerial + 1}) {
    const auto heard = co_await register_thrice(lab, device, serial);
    lab.verdict("RDV-CFG-02", heard, HasNoList());
  }
}

// A device that knows of a newer list than the server has is left alone.
CASE(config_no_news, "config/no-news", checks("RDV-CFG-02")) {
  auto device = co_await lab.registered_device();
  const auto heard = co_await register_thrice(lab, device, kNewest);
  lab.verdict("RDV-CFG-02", heard, HasNoList());
}

}  // namespace deskcheck::conformance
