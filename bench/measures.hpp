// The measurements, one function each: what is done to the server, and what one operation is.
// Every answer is looked at: wrong and missing ones are counted, not taken for fast ones.
#pragma once

#include "bench/datagrams.hpp"

#include <string>

namespace deskcheck::bench {

struct Load {
  std::string measure;
  Address host = INADDR_LOOPBACK;
  std::uint16_t port = 21116;    // P, UDP and TCP
  std::uint16_t relay = 21117;   // Q
  std::uint16_t api = 0;         // HTTP; 0: P-2
  int server_pid = 0;            // whose processor time and memory is told
  std::string key;               // licence key
  std::string user;              // of the HTTP API
  Address clients = 0x7F100000;  // parties take the addresses from here on: 127.16.0.0
  double seconds = 3;            // of load, after what comes before it
  int devices = 20000;
  int pairs = 1;
  int in_flight = 256;   // operations that wait for an answer at the same time
  double rate = 0;       // operations per second, sent by the clock; 0: as many as are answered
  double interval = 15;  // seconds, between registrations of a device
  double every = 60;     // seconds, between looks at the server
  int websockets = 0;    // devices on a WebSocket
  bool end_server = false;
};

// Devices come for the first time: RegisterPk until OK. Tells also what memory each has taken.
std::string measure_first_registrations(const Load& load);
// Known devices stay registered: RegisterPeer, answered with request_pk = false.
std::string measure_registrations(const Load& load);
// A controller's PunchHoleRequest over TCP, PunchHole to the device, its PunchHoleSent over TCP,
// the controller's PunchHoleResponse: one operation.
std::string measure_punch_holes(const Load& load);
// Bytes from one party to the other of each pair, as fast as they go.
std::string measure_relay_bytes(const Load& load);
// WebSocket devices at P+2 that are registered, or only connected if the server registers nobody
// there: the memory that each takes.
std::string measure_idle_websockets(const Load& load);
// POST /api/heartbeat, each on a new connection, of devices that have uploaded their sysinfo before
// that: one operation. At `rate` by the clock, and else as many as are answered.
std::string measure_heartbeats(const Load& load);
// A client reads the first book that is shared with `user`, in pages of a hundred, after `devices`
// peers were added to it: one operation. The password is in DESKCHECK_BENCH_PASSWORD.
std::string measure_shared_book(const Load& load);
// Hours of a server's life: devices that stay registered at their interval, controllers that ask
// for `rate` of them per second, relay sessions that open and close. Looks at the server's memory
// and at the presence of all devices again and again. With `end_server` the server is told to end
// at last, while everybody is still connected.
std::string measure_soak(const Load& load);

// Servers that do the least that can be done, until they are killed. They print {"event": "ready"}.
// Every datagram is answered with the same bytes.
[[noreturn]] void serve_fixed_answers(const Load& load);
// Connections with equal RequestRelay.uuid are spliced.
[[noreturn]] void serve_splices(const Load& load);

}  // namespace deskcheck::bench
