#include "bench/http_answer.hpp"

#include <strings.h>

#include <charconv>
#include <optional>

namespace deskcheck::bench {

namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";

std::optional<std::string_view> header(std::string_view head, std::string_view name) {
  for (auto at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at)) {
    at += 2;
    const auto line = head.substr(at, head.find("\r\n", at) - at);
    if (line.size() <= name.size() || line[name.size()] != ':') continue;
    if (::strncasecmp(line.data(), name.data(), name.size()) != 0) continue;
    const auto value = line.find_first_not_of(' ', name.size() + 1);
    return value == std::string_view::npos ? std::string_view() : line.substr(value);
  }
  return std::nullopt;
}

int number(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

HttpAnswer http_answer(std::string_view text, bool ended) {
  HttpAnswer answer;
  answer.complete = ended;
  const auto end = text.find(kHeadEnd);
  if (end == std::string_view::npos) return answer;
  const auto head = text.substr(0, end);
  if (head.starts_with("HTTP/1.") && head.size() > 9) answer.status = number(head.substr(9));
  answer.body = text.substr(end + kHeadEnd.size());
  if (const auto length = header(head, "content-length"))
    answer.complete = ended || answer.body.size() >= static_cast<std::size_t>(number(*length));
  else if (header(head, "transfer-encoding"))
    answer.complete = ended || answer.body.ends_with("0\r\n\r\n");
  return answer;
}

}  // namespace deskcheck::bench
