// A relay that a case can take away and bring back: it accepts connections, and that is all that a
// rendezvous server looks at when it chooses among relays.
#pragma once

#include "conformance/lab/lab.hpp"

namespace deskcheck::conformance {

class RelayGate {
 public:
  // Open, on a free port of an own address. Throws boost::system::system_error if there is none.
  explicit RelayGate(Lab& lab)
      : lab_(&lab), listener_(lab.world().network.listen(lab.home())), at_(listener_->local()) {}

  // "host:port", as it is configured.
  std::string name() const { return to_string(at_); }
  void close() { listener_.reset(); }
  void open() { listener_ = lab_->world().network.listen(at_); }

 private:
  Lab* lab_;
  std::unique_ptr<net::Listener> listener_;
  net::Endpoint at_;
};

}  // namespace deskcheck::conformance
