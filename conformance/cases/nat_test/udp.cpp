// The NAT test by datagram, for clients that punch over UDP: they send a burst, and take the first
// answer.
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

MATCHER_P(ReportsUdpPort, port, "a test_nat_response with port " + std::to_string(port)) {
  return arg.arrived() && arg->port() == port;
}

}  // namespace

// The answer names the port of the datagram's source, also when two come at once.
CASE(nat_by_datagram, "nat-test/udp", checks("NAT-TEST-06"), does(Effect::reads)) {
  auto device = lab.device();
  const hbb::TestNatRequest question;
  device.send(question);
  auto answer = co_await device.ask<hbb::TestNatResponse>(question, lab.within(5s));
  lab.verdict("NAT-TEST-06", answer, ReportsUdpPort(device.address().port));
  device.move_to(device.home());
  auto moved = co_await device.ask<hbb::TestNatResponse>(question, lab.within(5s));
  lab.verdict("NAT-TEST-06", moved, ReportsUdpPort(device.address().port));
}

}  // namespace deskcheck::conformance
