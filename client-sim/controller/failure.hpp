// What a user of a controller reads when a connection does not come about, and whether the client
// then tries again by itself.
#pragma once

#include "proto/schema/rendezvous.pb.h"

#include <boost/system/error_code.hpp>

#include <string>
#include <string_view>

namespace deskcheck::sim {

// For an answer without address. client src/client.rs:482-501.
std::string failure_text(const hbb::PunchHoleResponse& response);
// For an error of a read or write, in the words of the client's platform.
std::string failure_text(const boost::system::error_code& error);

// What the user sees: texts that begin with "Failed" get an advice. client src/client.rs:200-208.
std::string shown_to_user(std::string text);

// True if the client tries again by itself after this text. client src/client.rs:4026-4044.
bool is_retried(std::string_view text);

}  // namespace deskcheck::sim
