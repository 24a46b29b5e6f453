// What a probe has found out about a server: an answer for every capability, and the few facts that
// a target file has to say besides. Values only.
#pragma once

#include "proto/net/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace deskcheck::probe {

enum class Answer {
  present,
  absent,
  unknown,  // cannot be found out from outside, or not without harm
};
std::string_view to_string(Answer answer);

struct Finding {
  Answer answer = Answer::unknown;
  // Something said so in so many words. What follows from silence alone is never sure.
  bool sure = false;
  std::string why;  // one line: what was asked, what came

  Finding() = default;
};

struct Findings {
  std::string host;
  std::map<std::string, Finding> capabilities;  // by name, all of the registry
  std::string device_id;                        // the id that was registered; empty: none was
  // The URL of the API that answered; empty: none did.
  std::string api;
  // A key that nobody has is refused. Nothing: nobody answered the question.
  std::optional<bool> asks_for_key;
  // The key that was given, or none, is refused: clients that have it are not served.
  bool key_refused = false;
  // The same of the relay, whose refusal is an ended connection.
  std::optional<bool> relay_asks_for_key;
  // The account that was given is not signed in, because of that; empty: it is, or none was given.
  std::string login_refused;
  // Signatures are made with the given key. Nothing: none was seen, or no key was given.
  std::optional<bool> signs_with_key;
  // Where the server sends clients to, unless that is P+1 of its own host; empty: there.
  std::string relay_host;
  std::optional<std::uint16_t> relay_port;
  // Nothing answers at all: the host has no address, or neither TCP P nor UDP P answers.
  bool unreachable = false;
  std::string unreachable_why;
  net::Duration took{};

  Findings() = default;
  bool has(const std::string& capability) const;
};

// For readers: in the order of names; one finding that holds for all of the API is "api.*".
std::vector<std::pair<std::string, Finding>> in_lines(const Findings& findings);

}  // namespace deskcheck::probe
