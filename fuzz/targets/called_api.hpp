// What an HTTP API says that is as it should be. For the targets `doctor` and `probe`.
#pragma once

#include <string>

namespace deskcheck::fuzz {

struct RightHttpAnswer {
  int status = 200;
  std::string body;  // JSON

  RightHttpAnswer() = default;
  RightHttpAnswer(int code, std::string text) : status(code), body(std::move(text)) {}
};
// `token`: without "Bearer "; empty: none came.
RightHttpAnswer right_http_answer(const std::string& method, const std::string& target,
                                  const std::string& token, const std::string& body);

}  // namespace deskcheck::fuzz
