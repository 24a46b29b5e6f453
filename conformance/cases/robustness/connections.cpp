// Connections that want nothing, or never say all of it: how long they are kept, and that others do
// not wait for them.
#include "conformance/cases/still_serves.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"
#include "conformance/lab/meanwhile.hpp"
#include "conformance/lab/query.hpp"
#include "proto/net/task_group.hpp"

#include <sys/resource.h>

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

// 30 s is what servers allow; some more is no harm.
constexpr net::Duration kLongestIdle = 45s;
// A device that waits longer than this for an answer asks again.
constexpr net::Duration kPatienceOfDevices = 3s;

Task<std::vector<sim::MessageStream>> idle_connections(Lab& lab, net::Endpoint to, int count) {
  std::vector<sim::MessageStream> idle;
  const net::Endpoint home = lab.home();
  for (int i = 0; i < count; ++i) {
    auto connection = co_await lab.connect("idle", home, to);
    idle.push_back(std::move(connection));
  }
  co_return std::move(idle);
}

// A frame that never ends: its header, then a byte now and then, until `until`.
Task<void> trickle(sim::MessageStream* connection, net::Clock* clock, net::Time until) {
  const net::Deadline deadline{clock, until};
  std::string start("\xFD\x03", 2);  // 255 bytes will follow
  (void)co_await connection->send_bytes(std::move(start), deadline);
  while (clock->now() < until) {
    co_await net::sleep_for(*clock, 100ms);
    std::string byte(1, 'x');
    const auto sent = co_await connection->send_bytes(std::move(byte), deadline);
    if (!sent) co_return;
  }
}

Task<void> trickle_all(Lab& lab, std::vector<sim::MessageStream>& connections, net::Time until) {
  net::TaskGroup trickles(lab.world().executor);
  for (auto& connection : connections)
    trickles.spawn("trickle", trickle(&connection, &lab.world().clock, until));
  co_await trickles.join();
}

Task<void> see_whether_it_serves(Lab& lab, bool& serves) {
  serves = co_await still_serves(lab, "ROB-02");
}

}  // namespace

// Somebody who connects and says nothing is not kept for ever.
CASE(silent_connections, "robustness/connections/silent", checks("ROB-04"), after("framing/plain"),
     takes(kLongestIdle), does(Effect::reads)) {
  auto connection = co_await lab.connect("silent", lab.home(), lab.target().rendezvous);
  auto end = co_await end_of(lab, connection, lab.within(kLongestIdle));
  lab.verdict("ROB-04", end, Arrived());
  co_await still_serves(lab, "ROB-04");
}

// Neither is somebody who stops in the middle of his first frame.
CASE(unfinished_frames, "robustness/connections/unfinished", checks("ROB-04"),
     after("framing/plain"), takes(kLongestIdle), does(Effect::reads)) {
  auto connection = co_await lab.connect("slow", lab.home(), lab.target().rendezvous);
  std::string half("\xFD\x03 and no more", 14);
  (void)co_await connection.send_bytes(std::move(half), lab.within(5s));
  auto end = co_await end_of(lab, connection, lab.within(kLongestIdle));
  lab.verdict("ROB-04", end, Arrived());
  co_await still_serves(lab, "ROB-04");
}

// Nobody waits for those who take their time with every byte.
CASE(trickling_frames, "robustness/connections/trickling", checks("ROB-02"), after("framing/plain"),
     takes(3s), does(Effect::reads)) {
  auto slow = co_await idle_connections(lab, lab.target().rendezvous, 20);
  const net::Time until = lab.now() + 3s;
  bool serves = false;
  auto trickles = trickle_all(lab, slow, until);
  auto story = see_whether_it_serves(lab, serves);
  co_await meanwhile(lab, std::move(trickles), std::move(story));
  if (serves) co_await still_serves(lab, "ROB-02");
}

// Nobody waits for those who ask and then hear no more: one direction of their connection has
// ended.
CASE(half_open, "robustness/connections/half-open", checks("ROB-02"), after("framing/plain"),
     does(Effect::reads)) {
  auto idle = co_await idle_connections(lab, lab.target().rendezvous, 20);
  for (auto& connection : idle) connection.shutdown_send();
  co_await still_serves(lab, "ROB-02");
}

// A hundred connections that do nothing are no reason to keep a device waiting.
CASE(hundred_idle, "robustness/connections/hundred-idle", checks("ROB-07"), after("framing/plain"),
     heavy()) {
  const auto idle = co_await idle_connections(lab, lab.target().rendezvous, 100);
  for (int i = 0; i < 3; ++i) {
    auto device = lab.device();
    auto key = co_await device.register_pk(lab.within(kPatienceOfDevices));
    lab.verdict("ROB-07", key, Results(hbb::RegisterPkResponse::OK));
    auto alive = co_await device.register_peer(lab.within(kPatienceOfDevices));
    lab.verdict("ROB-07", alive, RequestsPk(false));
  }
}

// Nor are thousands, for a server of this suite; what others owe their users is a hundred.
CASE(thousands_idle, "robustness/connections/thousands-idle", checks("ROB-07"),
     after("robustness/connections/hundred-idle"), heavy(), does(Effect::restarts)) {
  constexpr int kConnections = 3000;
  constexpr rlim_t kOpenFiles = 8192;  // both ends are in this process, and other cases run beside
  rlimit allowed{};
  if (::getrlimit(RLIMIT_NOFILE, &allowed) != 0 || allowed.rlim_cur < kOpenFiles)
    lab.not_applicable("this process may open " + std::to_string(allowed.rlim_cur) +
                       " files, and 3000 connections need 8192: see ulimit -n");
  ServerSetup setup;
  co_await lab.own_server(std::move(setup));
  const auto idle = co_await idle_connections(lab, lab.target().rendezvous, kConnections);
  const auto at_relay = co_await idle_connections(lab, lab.target().relay, 300);
  auto device = lab.device();
  auto key = co_await device.register_pk(lab.within(kPatienceOfDevices));
  lab.verdict("ROB-07", key, Results(hbb::RegisterPkResponse::OK));
  co_await still_serves(lab, "ROB-07");
}

}  // namespace deskcheck::conformance
