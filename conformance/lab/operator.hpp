// The operator of a server: somebody on the server's own host, which is how servers know him. He
// has the text consoles on P-1 and Q, and the datagram that replaces the list of rendezvous
// servers.
#pragma once

#include "conformance/lab/lab.hpp"

namespace deskcheck::conformance {

class LabOperator {
 public:
  // Not applicable if the target is on another host.
  explicit LabOperator(Lab& lab);

  // One line to the rendezvous server's console: everything that comes before the connection ends.
  // The case is blocked if that takes longer than 5 s.
  Task<Answer<std::string>> at_rendezvous(std::string command);
  // The same at the relay's.
  Task<Answer<std::string>> at_relay(std::string command);
  // Bytes that need be no line, to either of them.
  Task<Answer<std::string>> say(net::Endpoint console, std::string bytes, net::Deadline deadline);
  // Publishes a list of rendezvous servers. It is never answered, so this ends when the server has
  // answered a later question; the case is blocked if it does not.
  Task<void> publish(std::int32_t serial, std::vector<std::string> servers);

 private:
  Task<Answer<std::string>> finished(net::Endpoint console, std::string line,
                                     net::Deadline deadline);

  Lab* lab_;
};

// The lines of an answer, without their ends.
std::vector<std::string> lines_of(const std::string& text);

}  // namespace deskcheck::conformance
