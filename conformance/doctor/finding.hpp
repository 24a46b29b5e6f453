// What an examination of a live server comes to: a finding per step, in the order in which one
// thing depends on the other. Values only.
#pragma once

#include "proto/net/time.hpp"

#include <boost/asio/ip/address.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::doctor {

// In the order of dependency: whoever mends the first broken one may find the later ones healed.
enum class Step {
  name,             // the name of the host leads to addresses
  ipv6,             // a name with both kinds of addresses is served at both
  tcp,              // TCP P
  udp,              // UDP P
  nat_test,         // TCP P-1
  key,              // hbbs takes the key that clients have
  registration,     // a device registers
  online,           // ... and is online
  punch,            // ... and is reached by a controller's question
  signature,        // ... under a signature by the key that clients have
  relay,            // TCP, at the relay that the server names
  relay_key,        // hbbr takes the key that clients have
  pairing,          // hbbr joins two clients
  websocket,        // WebSocket P+2
  relay_websocket,  // WebSocket Q+2, with two clients
  proxy,            // /ws/id
  relay_proxy,      // /ws/relay, with two clients
  api,              // HTTP or HTTPS
  clock,            // of the server, by its Date
  tunnel,           // the API through TCP P
  login,            // with the credentials that were given
};
inline constexpr std::size_t kSteps = static_cast<std::size_t>(Step::login) + 1;
// "relay-key".
std::string_view to_string(Step step);

enum class Status {
  ok,
  warning,  // clients work, but not all of them, or not for long
  broken,
  blocked,  // needs something that is broken
  skipped,  // there is nothing to look at, or nobody asked for it
};
std::string_view to_string(Status status);

struct Finding {
  Step step = Step::name;
  Status status = Status::blocked;
  std::string what;   // one line
  std::string cause;  // the likely one; empty unless broken or a warning
  std::string mend;   // what to do about it
  net::Duration took{};

  Finding() = default;
};

struct Diagnosis {
  std::string host;
  std::string device_id;  // the id that was registered; empty: none was
  std::vector<boost::asio::ip::address> addresses;
  std::array<Finding, kSteps> findings;
  std::optional<std::chrono::seconds> skew;  // the server's clock minus ours
  net::Duration took{};

  Diagnosis();
  const Finding& at(Step step) const { return findings[static_cast<std::size_t>(step)]; }
  std::size_t count(Status status) const;
  // The first broken step; without one the first warning; null: healthy.
  const Finding* first() const;
  // Nothing answers at all: no address, or neither TCP P nor UDP P.
  bool unreachable() const;
};

}  // namespace deskcheck::doctor
