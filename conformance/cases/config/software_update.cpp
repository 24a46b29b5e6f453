// Old clients ask by datagram whether there is a newer one.
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

constexpr const char* kUrl = "https://downloads.example.test/client-1.4.9.exe";

MATCHER_P(Offers, url, std::string("a software_update to ") + url) {
  return arg.arrived() && arg->url() == url;
}

}  // namespace

// Who has another version is told where the offered one is; who has it, is not bothered.
CASE(software_update, "config/software-update", checks("RDV-SWU-01"), does(Effect::restarts)) {
  ServerSetup setup;
  setup.software_url = kUrl;
  co_await lab.own_server(std::move(setup));
  auto device = lab.device();
  for (const char* version : {"1.2.2", "2.0.0", ""}) {
    hbb::SoftwareUpdate question;
    question.set_url(version);
    auto answer = co_await device.ask<hbb::SoftwareUpdate>(question, lab.within(5s));
    lab.verdict("RDV-SWU-01", answer, Offers(kUrl));
  }
  hbb::SoftwareUpdate current;
  current.set_url("1.4.9");
  device.send(current);
  const auto heard = co_await device.before_barrier();
  lab.verdict("RDV-SWU-01", heard, IsNothing());
}

// A server that offers nothing is silent.
CASE(no_software_update, "config/no-software-update", checks("RDV-SWU-01"),
     after("config/software-update"), does(Effect::restarts)) {
  ServerSetup setup;
  co_await lab.own_server(std::move(setup));
  auto device = lab.device();
  hbb::SoftwareUpdate question;
  question.set_url("1.2.2");
  device.send(question);
  const auto heard = co_await device.before_barrier();
  lab.verdict("RDV-SWU-01", heard, IsNothing());
}

}  // namespace deskcheck::conformance
