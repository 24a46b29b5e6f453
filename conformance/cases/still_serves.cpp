#include "conformance/cases/still_serves.hpp"

#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

Task<bool> still_serves(Lab& lab, std::string requirement) {
  auto device = lab.device();
  auto answer = co_await device.register_peer(lab.within(5s));
  const bool over_udp = lab.verdict(requirement, answer, Arrived());
  auto controller = lab.controller();
  auto path = co_await controller.ask_for(lab.fresh_id(), lab.within(5s));
  const bool over_tcp = lab.verdict(requirement, path, Arrived());
  co_return over_udp&& over_tcp;
}

}  // namespace deskcheck::conformance
