#include "conformance/lab/query.hpp"

namespace deskcheck::conformance {

net::Endpoint second_port(const Lab& lab) {
  const net::Endpoint port = lab.target().nat;
  if (!lab.starts_servers() && port.address.is_loopback())
    lab.not_applicable(
        "the target is on loopback, where servers take connections to P-1 for their operator's: "
        "run the suite from another address");
  return port;
}

}  // namespace deskcheck::conformance
