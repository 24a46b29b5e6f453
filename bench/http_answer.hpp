// Where an HTTP/1.1 answer ends: as little of the protocol as a load needs that sends one request
// on each connection and is to cost less than the server.
#pragma once

#include <string_view>

namespace deskcheck::bench {

struct HttpAnswer {
  bool complete = false;
  int status = 0;  // 0: this is no HTTP
  // With its chunk sizes, if it has come in chunks; valid as long as the text.
  std::string_view body;
};

// Of what has come until now. `ended`: the server has closed the connection, which ends an answer
// that does not tell its length.
HttpAnswer http_answer(std::string_view text, bool ended);

}  // namespace deskcheck::bench
