// For how long a device has a green dot.
#include "conformance/cases/online/online.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

// Two devices register. One of them goes on, the other falls silent: 30 s later it is grey.
CASE(online_falls_silent, "online/falls-silent", checks("ONL-TMO-01", "ONL-BITS-02", "ONL-BITS-03"),
     after("online/order"), takes(32s)) {
  const net::Endpoint port = second_port(lab);
  const net::Endpoint home = lab.home();
  auto silent = co_await lab.registered_device();
  const net::Time last = lab.now();
  auto other = co_await lab.registered_device();
  const std::vector<std::string> ids = {other.id(), silent.id()};
  auto before = co_await ask_online(lab, home, port, ids);
  lab.require("both devices are online at first", before, HasStates(bitmap(2, {0, 1})));

  co_await lab.wait_until(last + 15s);
  auto alive = co_await other.register_peer(lab.within(5s));
  lab.require("the other device goes on", alive, RequestsPk(false));
  co_await lab.wait_until(last + 31s);
  auto after = co_await ask_online(lab, home, port, ids);
  lab.verdict("ONL-BITS-02", after, HasState(0U, true));
  lab.verdict("ONL-TMO-01", after, HasState(1U, false));
  lab.verdict("ONL-BITS-03", after, HasState(1U, false));
}

}  // namespace deskcheck::conformance
