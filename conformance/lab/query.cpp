#include "conformance/lab/query.hpp"

namespace deskcheck::conformance {

Task<Answer<bool>> end_of(Lab& lab, sim::MessageStream& connection, net::Deadline deadline) {
  const auto closed = co_await connection.closed(deadline);
  net::Result<bool> ended = closed
                                ? net::Result<bool>(true)
                                : net::Result<bool>(boost::system::in_place_error, closed.error());
  co_return lab.answer(std::move(ended), "the end of the connection");
}

net::Endpoint second_port(const Lab& lab) {
  const net::Endpoint port = lab.target().nat;
  if (!lab.starts_servers() && port.address.is_loopback())
    lab.not_applicable(
        "the target is on loopback, where servers take connections to P-1 for their operator's: "
        "run the suite from another address");
  return port;
}

}  // namespace deskcheck::conformance
