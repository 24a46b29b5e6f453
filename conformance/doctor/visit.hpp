// One examination while it lasts: what its steps have found out for each other. Internal to the
// doctor.
#pragma once

#include "conformance/doctor/caller.hpp"

namespace deskcheck::doctor {

class Visit : public Caller {
 public:
  Visit(net::World w, Patient p) : Caller(std::move(w), std::move(p)), begun(now()) {
    diagnosis.host = patient.profile.host;
  }

  Diagnosis diagnosis;
  net::Time begun;

  // The ports are placed by look_up_names(); from meet() on the relay is what the server names.
  std::string relay_text;            // as the server names it; empty: it was not asked
  bool offers_key_exchange = false;  // at TCP P

  // A step begins; its finding says how long it took from here.
  void begin(Step step) { begins_[static_cast<std::size_t>(step)] = now(); }
  void ok(Step step, std::string what) { find(step, Status::ok, std::move(what), {}, {}); }
  void skip(Step step, std::string why) { find(step, Status::skipped, std::move(why), {}, {}); }
  // Needs another step that is broken.
  void block(Step step, Step needed);
  void find(Step step, Status status, std::string what, std::string cause, std::string mend);
  bool is(Step step, Status status) const { return diagnosis.at(step).status == status; }
  // Whether the operator says that the server lacks it.
  bool lacks(const std::string& capability) const {
    return patient.profile.without.contains(capability);
  }
  bool claims(const std::string& capability) const {
    return patient.profile.claimed.contains(capability);
  }

 private:
  std::array<net::Time, kSteps> begins_{};
};

// The parts of an examination; each puts what it found into the visit.
// False: there is no address.
Task<bool> look_up_names(Visit& visit);
// The rendezvous server, from TCP P to a device that is reached.
Task<void> meet(Visit& visit);
Task<void> try_websocket(Visit& visit);
Task<void> try_proxy(Visit& visit);
Task<void> try_api(Visit& visit);
// Those that need to know how meet() and try_api() went.
Task<void> try_relay(Visit& visit);
Task<void> try_relay_websocket(Visit& visit);
Task<void> try_relay_proxy(Visit& visit);
Task<void> try_tunnel(Visit& visit);

// What a connection that does not come about says about the step.
void explain_connect(Visit& visit, Step step, Status status, const net::Endpoint& to,
                     const boost::system::error_code& why);

}  // namespace deskcheck::doctor
