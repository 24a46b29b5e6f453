// What the steps about relays share. Internal to the doctor.
#pragma once

#include "conformance/doctor/talk.hpp"

namespace deskcheck::doctor {

// The relay ends the connections of clients that come with the key of hbbs.
void explain_relay_key(Visit& visit, Step step, const std::string& place);

}  // namespace deskcheck::doctor
