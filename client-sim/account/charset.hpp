// How the client turns the bytes of an answer into text: two decoders that do not always agree.
#pragma once

#include "client-sim/account/client_release.hpp"
#include "client-sim/account/http_exchange.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace deskcheck::sim {

// Malformed bytes become U+FFFD, one for each.
std::string utf8_with_replacement(std::string_view bytes);
// Nothing if something is malformed.
std::optional<std::string> strict_utf8(std::string_view bytes);

// An answer as the user interface gets it.
struct DartAnswer {
  int status = 0;
  // What models read. client:flutter/lib/common.dart:4229
  std::string text;
  // What `resp.body` is, decoded by the content type: the rule for actions and login options.
  std::string body;

  DartAnswer() = default;
};

// Nothing if the client cannot make an answer of it, which counts as a failed call: since 1.4.4 a
// character beyond Latin-1 under a content type that says neither JSON nor a charset, before 1.4.2
// malformed UTF-8. client:flutter/lib/utils/http_service.dart:108-121
std::optional<DartAnswer> as_dart_reads(const ClientRelease& release, const HttpAnswer& answer);

}  // namespace deskcheck::sim
