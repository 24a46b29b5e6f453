// The one device of a probe, registered on a connection. Internal to the probe.
#pragma once

#include "conformance/probe/ask.hpp"

namespace deskcheck::probe {

// RegisterPk on a stream that is ready for it; says `capability` is there or not. TOO_FREQUENT is
// waited for once.
Task<void> register_on(Tour& tour, const char* capability, std::string place,
                       sim::MessageStream* stream);
void judge_registration(Tour& tour, const std::string& capability, const std::string& place,
                        const Heard& heard);

}  // namespace deskcheck::probe
