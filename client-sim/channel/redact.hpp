// What must not stand in a report: passwords, tokens and codes of people. Decides which words of an
// HTTP exchange are such; everything else of it stays as it was said.
#pragma once

#include "proto/schema/rendezvous.pb.h"

#include <string>
#include <string_view>

namespace deskcheck::sim {

// JSON text with the values of its secret members ("password", "access_token", ...) replaced by
// "***"; they need not be well-formed. Other text stays as it is.
std::string without_secrets(std::string_view text);
// The value of a header: of an Authorization only its scheme is left, of one whose name speaks of a
// token, a key, a secret, a cookie or a password nothing.
std::string without_secrets(std::string_view header, std::string_view value);
// The same for what goes through the tunnel. True if it was such a message.
bool hide_secrets(hbb::RendezvousMessage& message);

}  // namespace deskcheck::sim
