// The server that is examined, and what its operator has told about it. Values only.
#pragma once

#include "conformance/target/target_file.hpp"
#include "proto/net/deadline.hpp"
#include "proto/net/tls.hpp"

#include <functional>

namespace deskcheck::doctor {

// All addresses of a name, or of a literal address itself. host_not_found, timed_out, ...
using Lookup = std::function<net::awaitable<net::Result<std::vector<boost::asio::ip::address>>>(
    std::string host, net::Deadline deadline)>;

// Who the examination is towards the server. The same every time, so that a server which is watched
// for years has one device more and not a million.
struct Identity {
  std::string id;
  std::string uuid;
  wire::KeyPair keys;

  Identity() = default;
};
// `seed`: any text, such as the name of this machine and that of the server. The id begins with
// `prefix`.
Identity identity_of(std::string_view seed, std::string_view prefix = "dcdoctor");

struct Patient {
  conformance::TargetProfile profile;
  std::string key;    // as clients have it configured; empty: not known
  std::string proxy;  // the URL below which a proxy has /ws/id and /ws/relay; empty: not known
  // The account that signs in; an empty name: none.
  conformance::Account account;
  std::optional<net::TlsTrust> trust;  // of https and wss; nothing: the system's
  Identity identity;
  boost::asio::ip::address home;  // where connections come from; unspecified: the system chooses
  Lookup look_up;
  // Seconds since 1970 as this machine's clock has them; empty: clocks are not compared.
  std::function<std::chrono::sys_seconds()> calendar;

  Patient() = default;
};

// A server as it is examined from this machine: names are the system's, the id begins with
// `prefix`. `proxy`: as above.
Patient make_patient(conformance::TargetProfile profile, std::string_view prefix = "dcdoctor",
                     std::string proxy = {});
// The same in a simulated world, which knows addresses and no names.
Patient make_simulated_patient(conformance::TargetProfile profile, boost::asio::ip::address home,
                               std::string_view prefix = "dcdoctor");

}  // namespace deskcheck::doctor
