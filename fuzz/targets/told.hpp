// What is told of a server to whoever asked: what strangers said in it stays within one line, and
// what is secret stays out of it. For the targets `doctor`, `probe` and `hooks`.
#pragma once

#include "fuzz/engine/target.hpp"
#include "fuzz/targets/one_line.hpp"

#include <google/protobuf/message.h>

#include <algorithm>
#include <initializer_list>
#include <string>

namespace deskcheck::fuzz {

// But what the input itself says is no secret.
inline void check_secrets(std::string_view told, const google::protobuf::Message& input,
                          std::initializer_list<const char*> secrets) {
  const auto said = input.SerializeAsString();
  for (const auto* secret : secrets)
    require(said.find(secret) != said.npos || told.find(secret) == told.npos,
            "what is secret is not told");
}

// One line for a finding or the like.
inline void check_told(std::string_view told) {
  constexpr std::size_t kLongest = 600;
  require(is_one_line(told), "what is told has no control characters");
  require(told.size() <= kLongest, "what is told is short");
}

// A text of many lines, each of which ends.
template <class Check>
void check_lines(std::string_view text, Check check) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    require(end != text.npos, "a text ends with a line feed");
    check(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
}

}  // namespace deskcheck::fuzz
