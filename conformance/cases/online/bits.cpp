// The answer to the online query is a bitmap: how long it is, and which bit is whose.
#include "conformance/cases/online/online.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

// One byte for each eight ids, begun ones included: clients read bits without looking at the
// length.
CASE(online_length, "online/length", checks("ONL-BITS-01"), does(Effect::reads)) {
  const net::Endpoint port = second_port(lab);
  const net::Endpoint home = lab.home();
  for (const std::size_t count : {1U, 7U, 8U, 9U, 16U, 17U, 100U}) {
    auto answer = co_await ask_online(lab, home, port, strangers(lab, count));
    lab.verdict("ONL-BITS-01", answer, HasStatesOfSize((count + 7) / 8));
  }
}

// A list without devices.
CASE(online_nobody, "online/empty-list", checks("ONL-BITS-04"), after("online/length"),
     does(Effect::reads)) {
  const std::vector<std::string> nobody;
  auto answer = co_await ask_online(lab, lab.home(), second_port(lab), nobody);
  lab.verdict("ONL-BITS-04", answer, HasStates(std::string()));
}

// Devices at the edges of bytes, strangers between them. One is in the list twice.
CASE(online_order, "online/order", checks("ONL-BITS-02", "ONL-BITS-03", "ONL-BITS-05"),
     after("online/length")) {
  const net::Endpoint port = second_port(lab);
  const auto first = co_await lab.registered_device();
  const auto second = co_await lab.registered_device();
  const auto third = co_await lab.registered_device();
  auto ids = strangers(lab, 19);
  ids[0] = first.id();
  ids[6] = second.id();
  ids[8] = third.id();
  ids[17] = second.id();
  auto answer = co_await ask_online(lab, lab.home(), port, ids);
  lab.verdict("ONL-BITS-02", answer, HasStates(bitmap(ids.size(), {0, 6, 8, 17})));
  for (const std::size_t stranger : {1U, 5U, 7U, 9U, 16U, 18U})
    lab.verdict("ONL-BITS-03", answer, HasState(stranger, false));
  for (const std::size_t place : {6U, 17U})
    lab.verdict("ONL-BITS-05", answer, HasState(place, true));
}

// The address book of a large site, with one device online, the last one.
CASE(online_thousand, "online/thousand", checks("ONL-BITS-06"), after("online/order")) {
  constexpr std::size_t kCount = 1000;
  const net::Endpoint port = second_port(lab);
  const auto device = co_await lab.registered_device();
  auto ids = strangers(lab, kCount);
  ids.back() = device.id();
  auto answer = co_await ask_online(lab, lab.home(), port, ids);
  lab.verdict("ONL-BITS-06", answer, HasStates(bitmap(kCount, {kCount - 1})));
}

// A client that can reach nothing but P.
CASE(online_main_port, "online/main-port", checks("ONL-TCP-01")) {
  const auto device = co_await lab.registered_device();
  auto ids = strangers(lab, 9);
  ids[3] = device.id();
  auto answer = co_await ask_online(lab, lab.home(), lab.target().rendezvous, ids);
  lab.verdict("ONL-TCP-01", answer, HasStates(bitmap(ids.size(), {3})));
}

}  // namespace deskcheck::conformance
