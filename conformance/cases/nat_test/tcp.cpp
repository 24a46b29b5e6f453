// The NAT test: a client asks from one local port at P and at P-1, and compares what both saw.
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"
#include "conformance/lab/query.hpp"

#include <limits>

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

// More than any server has: such a client is told of no list.
constexpr std::int32_t kNewest = std::numeric_limits<std::int32_t>::max();

MATCHER_P(ReportsPort, port, "a test_nat_response with port " + std::to_string(port)) {
  return arg.arrived() && arg->port() == port;
}
MATCHER(CarriesNoList, "a test_nat_response without cu") { return arg.arrived() && !arg->has_cu(); }
MATCHER_P2(CarriesList, serial, servers,
           "a test_nat_response with the server's list in cu, serial " + std::to_string(serial)) {
  if (!arg.arrived() || !arg->has_cu() || arg->cu().serial() != serial) return false;
  return std::equal(servers.begin(), servers.end(), arg->cu().rendezvous_servers().begin(),
                    arg->cu().rendezvous_servers().end());
}

Task<Answer<hbb::TestNatResponse>> test_nat(Lab& lab, sim::MessageStream& connection,
                                            std::int32_t serial) {
  hbb::TestNatRequest question;
  question.set_serial(serial);
  return ask_on<hbb::TestNatResponse>(lab, connection, question, lab.within(5s));
}

}  // namespace

// At P the client hears from which port the server sees it come.
CASE(nat_main_port, "nat-test/main-port", checks("NAT-TEST-01"), does(Effect::reads)) {
  const net::Endpoint home = lab.home();
  for (int i = 0; i < 2; ++i) {
    auto connection = co_await lab.connect("client", home, lab.target().rendezvous);
    auto answer = co_await test_nat(lab, connection, kNewest);
    lab.verdict("NAT-TEST-01", answer, ReportsPort(connection.local().port));
  }
}

// At P-1, too.
CASE(nat_second_port, "nat-test/second-port", checks("NAT-TEST-02"), does(Effect::reads)) {
  const net::Endpoint second = second_port(lab);
  const net::Endpoint home = lab.home();
  for (int i = 0; i < 2; ++i) {
    auto connection = co_await lab.connect("client", home, second);
    auto answer = co_await test_nat(lab, connection, kNewest);
    lab.verdict("NAT-TEST-02", answer, ReportsPort(connection.local().port));
  }
}

// The whole test without a NAT between: the same local port twice, and the same port in both
// answers.
CASE(nat_same_port, "nat-test/same-port", checks("NAT-TEST-03"), after("nat-test/second-port"),
     does(Effect::reads)) {
  const net::Endpoint second = second_port(lab);
  auto first = co_await lab.connect("client", lab.home(), lab.target().rendezvous);
  auto at_main = co_await test_nat(lab, first, kNewest);
  auto again = co_await lab.connect("client", first.local(), second);
  auto at_second = co_await test_nat(lab, again, kNewest);
  lab.require("the test at P is answered", at_main, Arrived());
  lab.require("the test at P-1 is answered", at_second, Arrived());
  lab.verdict("NAT-TEST-03", at_second->port(), testing::Eq(at_main->port()));
}

// A client that knows of a newer list than the server has is not given one.
CASE(nat_no_news, "nat-test/no-news", checks("NAT-TEST-04"), after("nat-test/main-port"),
     does(Effect::reads)) {
  auto connection = co_await lab.connect("client", lab.home(), lab.target().rendezvous);
  auto answer = co_await test_nat(lab, connection, kNewest);
  lab.verdict("NAT-TEST-04", answer, CarriesNoList());
}

// A client that is behind gets the server's list with the answer; one that has it does not.
CASE(nat_newer_list, "nat-test/newer-list", checks("NAT-TEST-04"), after("nat-test/no-news"),
     does(Effect::restarts)) {
  constexpr std::int32_t kSerial = 7;
  const std::vector<std::string> list = {"192.0.2.7:21116", "192.0.2.8"};
  ServerSetup setup;
  setup.serial = kSerial;
  setup.rendezvous_servers = list;
  co_await lab.own_server(std::move(setup));
  const net::Endpoint home = lab.home();
  for (const std::int32_t serial : {0, 3, kSerial - 1}) {
    auto connection = co_await lab.connect("client", home, lab.target().rendezvous);
    auto answer = co_await test_nat(lab, connection, serial);
    lab.verdict("NAT-TEST-04", answer, CarriesList(kSerial, list));
  }
  for (const std::int32_t serial : {kSerial, kSerial + 1}) {
    auto connection = co_await lab.connect("client", home, lab.target().rendezvous);
    auto answer = co_await test_nat(lab, connection, serial);
    lab.verdict("NAT-TEST-04", answer, CarriesNoList());
  }
}

// One question per connection.
CASE(nat_closed_after, "nat-test/closed-after", checks("NAT-TEST-07"), after("nat-test/main-port"),
     does(Effect::reads)) {
  auto connection = co_await lab.connect("client", lab.home(), lab.target().rendezvous);
  auto answer = co_await test_nat(lab, connection, kNewest);
  lab.require("the test at P is answered", answer, Arrived());
  auto next = co_await connection.receive(lab.within(3s));
  const auto end = lab.answer(std::move(next), "what follows the answer");
  lab.verdict("NAT-TEST-07", end, Ends());
}

}  // namespace deskcheck::conformance
