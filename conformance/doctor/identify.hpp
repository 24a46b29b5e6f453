// Who speaks at a TCP port that does not answer as it should: TLS, a web server, something else.
#pragma once

#include "conformance/doctor/visit.hpp"

namespace deskcheck::doctor {

struct Speaker {
  enum class Kind {
    nobody,  // no connection
    silent,  // takes a connection, and says nothing that helps
    tls,
    http,  // a web server, without TLS
    text,  // begins to talk by itself: SSH, SMTP, ...
  };
  Kind kind = Kind::nobody;
  std::string sample;  // the first line of what it said, printable

  Speaker() = default;
};

// Three connections at most.
Task<Speaker> identify(Caller& caller, net::Endpoint to);
// A port that should carry RustDesk's own protocol. False: nothing was found that explains it.
bool explain_speaker(Visit& visit, Step step, Status status, const net::Endpoint& to,
                     const Speaker& speaker);

// What somebody says when this was said to him, or by himself if that is empty; after a glance, or
// when he has ended. Empty if there is no connection.
Task<std::string> heard_after(Caller& caller, net::Endpoint to, std::string said);
// The first line of what somebody said, cut, without control characters.
std::string first_line(std::string_view text);

}  // namespace deskcheck::doctor
