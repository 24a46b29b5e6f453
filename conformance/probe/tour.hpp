// One probe while it lasts: what its rooms have found out for each other. Internal to the probe.
#pragma once

#include "conformance/doctor/caller.hpp"
#include "conformance/probe/probe.hpp"

namespace deskcheck::probe {

using doctor::Task;

// Silence is asked twice.
inline constexpr int kTries = 2;

class Tour : public doctor::Caller {
 public:
  Tour(net::World w, Subject s) : Caller(std::move(w), std::move(s)), begun(now()) {
    findings.host = patient.profile.host;
  }

  Findings findings;
  net::Time begun;
  bool tcp = false;          // TCP P takes connections
  bool tcp_answers = false;  // ... and answers something
  bool secure = false;       // ... and offers KeyExchange
  bool udp = false;          // UDP P answers
  // Where a device has been registered by hand; datagrams need no such proof.
  bool tcp_registers = false, websocket_registers = false;
  std::string named_relay;  // as the server names it to clients; empty: it does not

  void present(const std::string& capability, std::string why, bool sure = true) {
    say(capability, Answer::present, sure, std::move(why));
  }
  // Something said so: a refused connection, another answer.
  void absent(const std::string& capability, std::string why) {
    say(capability, Answer::absent, true, std::move(why));
  }
  // Asked twice.
  void silent(const std::string& capability, std::string why) {
    say(capability, Answer::absent, false, std::move(why));
  }
  void unknown(const std::string& capability, std::string why) {
    say(capability, Answer::unknown, false, std::move(why));
  }
  bool on_own_host() const { return rendezvous.address.is_loopback(); }
  bool has_key() const { return patient.profile.key.has_value(); }
  void say(const std::string& capability, Answer answer, bool sure, std::string why);
};

// The rooms; each says something about all capabilities that are its own.
Task<void> see_rendezvous(Tour& tour);  // UDP P, TCP P, TCP P-1
Task<void> see_channel(Tour& tour);     // what needs KeyExchange at TCP P
Task<void> see_device(Tour& tour);      // what shows when a device is asked for
Task<void> see_websocket(Tour& tour);   // P+2
Task<void> see_relay(Tour& tour);       // Q, Q+2
Task<void> see_api(Tour& tour);         // HTTP

// "POST /api/heartbeat answered {} with 200": texts of strangers, in one line.
std::string in_one_line(std::string_view text, std::size_t longest = 60);

}  // namespace deskcheck::probe
