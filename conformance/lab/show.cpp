#include "conformance/lab/show.hpp"

#include "proto/document/utf8.hpp"
#include "proto/wire/describe.hpp"

#include <cstdio>
#include <optional>

namespace deskcheck::conformance {

namespace {

// In quotes, if it is a text that people can read: ends of lines and tabs as in C, the rest as it
// is.
std::optional<std::string> as_text(std::string_view bytes) {
  constexpr std::size_t kShown = 100;
  std::string text = "\"";
  std::size_t shown = 0;
  for (std::string_view rest = bytes; !rest.empty();) {
    const auto length = document::character_length(rest);
    if (length == 0) return std::nullopt;
    const auto character = rest.substr(0, length);
    rest.remove_prefix(length);
    const auto escape = std::string_view("\nn\rr\tt").find(character);
    const bool escaped = length == 1 && escape != std::string_view::npos && escape % 2 == 0;
    if (!escaped && document::is_control(character)) return std::nullopt;
    if (shown >= kShown) continue;
    shown += length;
    text += escaped ? std::string("\\") + "\nn\rr\tt"[escape + 1] : std::string(character);
  }
  return text + '"' + (bytes.size() > shown ? "..." : "");
}

}  // namespace

std::string show_message(const google::protobuf::Message& message) {
  return wire::describe_any(message);
}

std::string show_bytes(const std::string& bytes) {
  if (auto text = as_text(bytes)) return *text;
  constexpr std::size_t kShown = 64;
  std::string hex;
  for (unsigned char c : bytes.substr(0, kShown)) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", c);
    hex += digits;
  }
  return std::to_string(bytes.size()) + " bytes: " + hex + (bytes.size() > kShown ? "..." : "");
}

std::string show_error(const boost::system::error_code& error) {
  if (error == boost::asio::error::timed_out) return "no answer in time";
  if (error == boost::asio::error::eof) return "the connection was closed by the peer";
  return error.message();
}

}  // namespace deskcheck::conformance
