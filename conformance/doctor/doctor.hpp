// Examines a live server as its clients meet it: from its name to a pair of clients at its relay,
// and the HTTP API. Creates nothing that stays but one device, if the server takes its
// registration.
#pragma once

#include "conformance/doctor/finding.hpp"
#include "conformance/doctor/patient.hpp"
#include "proto/net/network.hpp"

namespace deskcheck::doctor {

// A wait for one answer takes at most this long.
inline constexpr net::Duration kPatience = std::chrono::milliseconds(2500);

net::awaitable<Diagnosis> examine(net::World world, Patient patient);

}  // namespace deskcheck::doctor
