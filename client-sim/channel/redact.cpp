#include "client-sim/channel/redact.hpp"

#include <algorithm>
#include <array>

namespace deskcheck::sim {

namespace {

constexpr std::array<std::string_view, 10> kSecretMembers{"\"password\"",
                                                          "\"access_token\"",
                                                          "\"secret\"",
                                                          "\"client_secret\"",
                                                          "\"tfaCode\"",
                                                          "\"verificationCode\"",
                                                          "\"token\"",
                                                          "\"uri\"",  // of a second factor
                                                          "\"address_book_password\"",
                                                          "\"preset-address-book-password\""};
constexpr std::string_view kHidden = "***";

std::size_t skip_spaces(std::string_view text, std::size_t at) {
  while (at < text.size() && std::string_view(" \t\r\n").find(text[at]) != std::string_view::npos)
    ++at;
  return at;
}

// The end of the string whose opening quote is at `at`: its closing quote, or the end of the text.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at)
    if (text[at] == '\\') ++at;
  return std::min(at, text.size());
}

void hide_member(std::string& text, std::string_view member) {
  for (std::size_t at = text.find(member); at != std::string::npos; at = text.find(member, at)) {
    at = skip_spaces(text, at + member.size());
    if (at >= text.size() || text[at] != ':') continue;
    at = skip_spaces(text, at + 1);
    if (at >= text.size() || text[at] != '"') continue;
    const std::size_t end = end_of_string(text, at);
    if (end > at + 1) text.replace(at + 1, end - at - 1, kHidden);
  }
}

std::string lower_case(std::string_view name) {
  std::string lower(name);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

// Of APIs that are not ours: "api-token", "X-Api-Key", "Cookie".
bool is_named_secret(const std::string& header) {
  constexpr std::array<std::string_view, 5> parts{"token", "key", "secret", "cookie", "password"};
  return std::any_of(parts.begin(), parts.end(),
                     [&](auto part) { return header.find(part) != std::string::npos; });
}

template <class Headers>
void hide_headers(Headers& headers) {
  for (auto& header : headers) header.set_value(without_secrets(header.name(), header.value()));
}

}  // namespace

std::string without_secrets(std::string_view text) {
  std::string shown(text);
  for (const auto member : kSecretMembers) hide_member(shown, member);
  return shown;
}

std::string without_secrets(std::string_view header, std::string_view value) {
  const std::string name = lower_case(header);
  if (is_named_secret(name)) return std::string(kHidden);
  if (name != "authorization") return std::string(value);
  const auto space = value.find(' ');
  if (space == value.npos || space + 1 == value.size()) return std::string(value);
  return std::string(value.substr(0, space + 1)) + std::string(kHidden);
}

bool hide_secrets(hbb::RendezvousMessage& message) {
  if (message.has_http_proxy_request()) {
    auto& request = *message.mutable_http_proxy_request();
    hide_headers(*request.mutable_headers());
    request.set_body(without_secrets(request.body()));
    return true;
  }
  if (!message.has_http_proxy_response()) return false;
  auto& response = *message.mutable_http_proxy_response();
  response.set_body(without_secrets(response.body()));
  return true;
}

}  // namespace deskcheck::sim
