// A device's side of a session after the handshake: Hash, login, delay tests, polite end.
// client src/server/connection.rs:412-1100, 2650-2900.
#pragma once

#include "client-sim/session/session.hpp"

#include <functional>
#include <string>

namespace deskcheck::sim {

enum class Route { direct, lan, relay };
std::string_view to_string(Route route);

// One session as a test sees it, while it runs and afterwards.
struct SessionRecord {
  net::Endpoint peer;  // what it is connected to: the controller or the relay
  Route route = Route::direct;
  Protection protection = Protection::device_not_secure;
  std::string controller_id;  // from its LoginRequest
  bool logged_in = false;
  bool over = false;
  std::string why_over;
  int delay_tests = 0;  // answered ones

  SessionRecord() = default;
};

struct ServeOptions {
  std::string device_id;
  std::string password;
  std::string version;
  std::string salt;
  std::string challenge;  // fresh for each session

  ServeOptions() = default;
};

// Serves until the session ends, keeps `record` up to date and calls `changed` after each change.
// Both outlive the coroutine. Does not close the stream.
Task<void> serve_session(net::Clock* clock, Session session, ServeOptions options,
                         SessionRecord* record, std::function<void()> changed);

}  // namespace deskcheck::sim
