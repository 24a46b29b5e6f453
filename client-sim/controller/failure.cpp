#include "client-sim/controller/failure.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <array>

namespace deskcheck::sim {

std::string failure_text(const hbb::PunchHoleResponse& response) {
  if (!response.other_failure().empty()) return response.other_failure();
  switch (response.failure()) {
    case hbb::PunchHoleResponse::ID_NOT_EXIST:
      return "ID does not exist";
    case hbb::PunchHoleResponse::OFFLINE:
      return "Remote desktop is offline";
    case hbb::PunchHoleResponse::LICENSE_MISMATCH:
      return "Key mismatch";
    case hbb::PunchHoleResponse::LICENSE_OVERUSE:
      return "Key overuse";
    default:
      return "other punch hole failure";
  }
}

std::string failure_text(const boost::system::error_code& error) {
  if (error == boost::asio::error::eof) return "Reset by the peer";
  if (error == boost::asio::error::timed_out) return "deadline has elapsed";
  if (error.category() != boost::system::system_category()) return error.message();
  return error.message() + " (os error " + std::to_string(error.value()) + ")";
}

std::string shown_to_user(std::string text) {
  if (text.starts_with("Failed")) text += ": Please try later";
  return text;
}

bool is_retried(std::string_view text) {
  static constexpr std::array<std::string_view, 10> kFinal{
      "offline",  "not exist", "handshake",  "failed",        "resolve",
      "mismatch", "manually",  "restricted", "incoming only", "not allowed"};
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return std::none_of(kFinal.begin(), kFinal.end(), [&lower](std::string_view word) {
    return lower.find(word) != std::string::npos;
  });
}

}  // namespace deskcheck::sim
