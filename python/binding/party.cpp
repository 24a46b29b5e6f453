#include "python/binding/party.hpp"

#include "conformance/registry/usage_error.hpp"
#include "python/binding/errors.hpp"

#include <fmt/format.h>
#include <boost/asio/error.hpp>

namespace deskcheck::python {

namespace ip = boost::asio::ip;

net::Endpoint home_for(Scene& scene, const net::Endpoint& server, const std::string& wanted) {
  if (!wanted.empty()) {
    boost::system::error_code error;
    const auto address = ip::make_address(wanted, error);
    if (error)
      throw conformance::UsageError(
          fmt::format("address '{}': give an IP address of this machine", wanted));
    return {address, 0};
  }
  const bool one_machine =
      server.address.is_v4() && (scene.simulated || server.address.is_loopback());
  if (one_machine)
    if (const auto address = scene.addresses->take()) return {*address, 0};
  const bool v4 = server.address.is_v4();
  return {v4 ? ip::address(ip::address_v4::any()) : ip::address(ip::address_v6::any()), 0};
}

void throw_failure(const boost::system::error_code& error, const std::string& what) {
  if (error == boost::asio::error::timed_out) throw TimedOut(what);
  throw ConnectionLost(error == boost::asio::error::eof ? "the other side has ended the connection"
                                                        : "connection lost: " + error.message());
}

}  // namespace deskcheck::python
