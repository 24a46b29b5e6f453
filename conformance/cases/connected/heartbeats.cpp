// The server keeps a device's connection alive: a heartbeat in each announced period, and no end
// as long as they are echoed.
#include "conformance/lab/connected_device.hpp"
#include "conformance/lab/controller.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

constexpr net::Duration kUnannounced = 60s;  // what clients expect if nothing is said
constexpr net::Duration kLongestPeriod = 60s;
constexpr net::Duration kSlack = 2s;  // for the network and a busy machine

// The period that a server announces, in seconds; 0 if none.
struct Alive {
  ConnectedDevice device;
  int keep_alive = 0;
  net::Duration period() const {
    return keep_alive > 0 ? net::Duration(std::chrono::seconds(keep_alive)) : kUnannounced;
  }
};

Task<Alive> come_alive(Lab& lab, Over over) {
  auto device = co_await connected_device(lab, over);
  auto answer = co_await device.register_pk(lab.within(5s));
  lab.require("registering a device", answer, Results(hbb::RegisterPkResponse::OK));
  const int keep_alive = answer->keep_alive();
  lab.note("the server announces keep_alive " + std::to_string(keep_alive));
  co_return Alive{std::move(device), keep_alive};
}

Task<void> judge_heartbeats(Lab& lab, Over over) {
  auto alive = co_await come_alive(lab, over);
  if (alive.period() > kLongestPeriod)
    lab.not_applicable("the announced period is longer than the case can wait for");
  for (int i = 0; i < 2; ++i) {
    auto heartbeat = co_await alive.device.heartbeat(lab.within(alive.period() + kSlack));
    lab.verdict("RDV-REGTCP-05", heartbeat, Arrived());
  }
}

// Longer than the 30 s after which an idle connection is cut.
Task<void> judge_lifetime(Lab& lab, Over over) {
  auto alive = co_await come_alive(lab, over);
  const bool open = co_await alive.device.stay(65s);
  if (!lab.verdict("RDV-REGTCP-08", open, StaysOpen())) co_return;
  auto caller = lab.controller();
  co_await caller.send(caller.request_for(alive.device.id()));
  auto push = co_await alive.device.next<hbb::PunchHole>(lab.within(5s));
  lab.verdict("RDV-REGTCP-08", push, Arrived());
}

}  // namespace

CASE(heartbeats_tcp, "connected/heartbeats-tcp", checks("RDV-REGTCP-05"), takes(125s)) {
  co_await judge_heartbeats(lab, Over::secure);
}

CASE(heartbeats_websocket, "connected/heartbeats-websocket", checks("RDV-REGTCP-05"), takes(125s)) {
  need_websocket_devices(lab);
  co_await judge_heartbeats(lab, Over::websocket);
}

CASE(lifetime_tcp, "connected/lifetime-tcp", checks("RDV-REGTCP-08"), takes(70s)) {
  co_await judge_lifetime(lab, Over::secure);
}

CASE(lifetime_websocket, "connected/lifetime-websocket", checks("RDV-REGTCP-08"), takes(70s)) {
  need_websocket_devices(lab);
  co_await judge_lifetime(lab, Over::websocket);
}

// A period of seconds, and the server is heard within each of them. Of a server that announces
// nothing there is nothing to say.
CASE(keep_alive, "connected/keep-alive", checks("RDV-REGTCP-09"), takes(65s)) {
  auto alive = co_await come_alive(lab, Over::secure);
  if (alive.keep_alive == 0) lab.not_applicable("the server announces no keep_alive");
  // A client waits for one and a half of it: an hour would be a dead device for a working day.
  if (!lab.verdict("RDV-REGTCP-09", alive.keep_alive,
                   testing::AllOf(testing::Gt(0), testing::Le(3600))))
    co_return;
  if (alive.period() > kLongestPeriod)
    lab.not_applicable("the announced period is longer than the case can wait for");
  auto heartbeat = co_await alive.device.heartbeat(lab.within(alive.period() + kSlack));
  lab.verdict("RDV-REGTCP-09", heartbeat, Arrived());
}

}  // namespace deskcheck::conformance
