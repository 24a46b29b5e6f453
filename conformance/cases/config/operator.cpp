// Who may replace the list that a server pushes to its devices, and with what.
#include "conformance/lab/operator.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

constexpr std::int32_t kFirst = 7;  // the serial that the server begins with
const std::vector<std::string> kFirstList = {"192.0.2.7:21116"};
const std::vector<std::string> kOtherList = {"192.0.2.8:21116", "192.0.2.9:21116"};

Task<void> server_with_a_list(Lab& lab) {
  ServerSetup setup;
  setup.serial = kFirst;
  setup.rendezvous_servers = kFirstList;
  co_await lab.own_server(std::move(setup));
}

MATCHER_P2(Publishes, serial, servers, "the list of serial " + std::to_string(serial)) {
  return arg.arrived() && arg->serial() == serial &&
         std::equal(servers.begin(), servers.end(), arg->rendezvous_servers().begin(),
                    arg->rendezvous_servers().end());
}

// What a device that is behind is given now.
Task<Answer<hbb::ConfigUpdate>> current_list(Lab& lab, LabDevice& device) {
  auto behind = device.register_peer_message();
  auto answer = co_await device.ask<hbb::RegisterPeerResponse>(behind, lab.within(5s));
  lab.require("register_peer is answered", answer, Arrived());
  co_return co_await device.push<hbb::ConfigUpdate>(lab.within(5s));
}

}  // namespace

// From the server's own host, with a newer serial: the next device gets that one.
CASE(list_replaced, "config/replaced", checks("RDV-CFG-04"), after("config/pushed"),
     does(Effect::restarts)) {
  co_await server_with_a_list(lab);
  LabOperator owner(lab);
  auto device = co_await lab.registered_device();
  auto before = co_await current_list(lab, device);
  lab.require("the first list is pushed", before, Publishes(kFirst, kFirstList));
  co_await owner.publish(kFirst + 1, kOtherList);
  auto after = co_await current_list(lab, device);
  lab.verdict("RDV-CFG-04", after, Publishes(kFirst + 1, kOtherList));
}

// A list that is not newer is none.
CASE(list_not_newer, "config/not-newer", checks("RDV-CFG-05"), after("config/pushed"),
     does(Effect::restarts)) {
  co_await server_with_a_list(lab);
  LabOperator owner(lab);
  auto device = co_await lab.registered_device();
  for (const std::int32_t serial : {kFirst, kFirst - 1, 0, -1}) {
    co_await owner.publish(serial, kOtherList);
    auto list = co_await current_list(lab, device);
    lab.verdict("RDV-CFG-05", list, Publishes(kFirst, kFirstList));
  }
}

// From anywhere else, whatever its serial.
CASE(list_from_stranger, "config/stranger", checks("RDV-CFG-03"), after("config/pushed"),
     does(Effect::restarts)) {
  co_await server_with_a_list(lab);
  auto device = co_await lab.registered_device();
  if (device.address().address.is_loopback())
    lab.not_applicable(
        "every address of loopback is the operator's: this needs one that is not, as in virtual "
        "time");
  hbb::ConfigUpdate forged;
  forged.set_serial(kFirst + 1);
  forged.add_rendezvous_servers(kOtherList.front());
  auto stranger = lab.device();
  for (auto* sender : {&stranger, &device}) {
    sender->send(forged);
    const auto heard = co_await sender->before_barrier();
    lab.note(std::to_string(heard.size()) + " datagrams came before the barrier");
    auto list = co_await current_list(lab, device);
    lab.verdict("RDV-CFG-03", list, Publishes(kFirst, kFirstList));
  }
}

}  // namespace deskcheck::conformance
