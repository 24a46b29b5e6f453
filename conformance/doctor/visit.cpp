#include "conformance/doctor/visit.hpp"

#include <fmt/format.h>

namespace deskcheck::doctor {

void Visit::block(Step step, Step needed) {
  find(step, Status::blocked, fmt::format("needs {}", to_string(needed)), {}, {});
}

void Visit::find(Step step, Status status, std::string what, std::string cause, std::string mend) {
  const auto index = static_cast<std::size_t>(step);
  auto& finding = diagnosis.findings[index];
  finding.status = status;
  finding.what = std::move(what);
  finding.cause = std::move(cause);
  finding.mend = std::move(mend);
  finding.took = begins_[index] == net::Time() ? net::Duration() : now() - begins_[index];
}

void explain_connect(Visit& visit, Step step, Status status, const net::Endpoint& to,
                     const boost::system::error_code& why) {
  const auto what = fmt::format("no connection to TCP {}: {}", to_string(to), why.message());
  if (why == boost::asio::error::connection_refused)
    return visit.find(step, status, what, "nothing listens there, or a firewall rejects it",
                      fmt::format("start what serves TCP {}, publish the port of its container, or "
                                  "give the right port",
                                  to.port));
  if (why == boost::asio::error::timed_out)
    return visit.find(step, status, what,
                      "a firewall or the provider's security group drops it, or no router forwards "
                      "it",
                      fmt::format("let TCP {} in, and forward it to the server", to.port));
  visit.find(step, status, what, "this machine has no route to that address",
             "look at the network of this machine, or examine the server from another one");
}

}  // namespace deskcheck::doctor
