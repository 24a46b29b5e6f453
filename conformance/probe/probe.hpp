// Finds out what a server can do by asking it what clients ask, and nothing that hurts: no load, no
// limits, no wrong passwords, nothing that is stored but one device, whose id begins with
// "dcprobe". See docs/probe.md.
#pragma once

#include "conformance/doctor/patient.hpp"
#include "conformance/probe/finding.hpp"
#include "conformance/registry/registry.hpp"
#include "proto/net/network.hpp"

namespace deskcheck::probe {

inline constexpr std::string_view kIdPrefix = "dcprobe";

// The server and who calls on it, as for the doctor.
using Subject = doctor::Patient;

// Every capability of the registry gets its answer.
net::awaitable<Findings> examine(net::World world, Subject subject,
                                 const conformance::Registry& registry);

// Why the server does not serve clients with the key that was given, so that no run would begin;
// empty: it does.
std::string wrong_key(const Subject& subject, const Findings& findings);

}  // namespace deskcheck::probe
