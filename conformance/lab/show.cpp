#include "conformance/lab/show.hpp"

#include "proto/wire/describe.hpp"

#include <algorithm>
#include <cstdio>

namespace deskcheck::conformance {

std::string show_message(const google::protobuf::Message& message) {
  return wire::describe_any(message);
}

std::string show_bytes(const std::string& bytes) {
  constexpr std::size_t kShown = 64;
  const bool printable =
      std::all_of(bytes.begin(), bytes.end(), [](char c) { return c >= ' ' && c <= '~'; });
  const std::string head = bytes.substr(0, kShown);
  const char* more = bytes.size() > kShown ? "..." : "";
  if (printable) return '"' + head + '"' + more;
  std::string hex;
  for (unsigned char c : head) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", c);
    hex += digits;
  }
  return std::to_string(bytes.size()) + " bytes: " + hex + more;
}

std::string show_error(const boost::system::error_code& error) {
  if (error == boost::asio::error::timed_out) return "no answer in time";
  if (error == boost::asio::error::eof) return "the connection was closed by the peer";
  return error.message();
}

}  // namespace deskcheck::conformance
