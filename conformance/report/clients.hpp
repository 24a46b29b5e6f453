// What a run says about each release of the client: which of them meet a broken requirement.
#pragma once

#include "conformance/registry/registry.hpp"
#include "conformance/runner/result.hpp"

#include <string>
#include <vector>

namespace deskcheck::conformance {

// Neighbouring releases for which the same requirements fail.
struct ClientSpan {
  std::string first, last;        // the same if it is one release
  std::vector<std::string> must;  // ids of those that fail, known failures included
  std::vector<std::string> should;
};

// From the oldest release to the development head, without gaps. Requirements below `level` are not
// looked at.
std::vector<ClientSpan> client_spans(const RunReport& report, const Registry& registry,
                                     Level level = Level::should);

// "1.2.1 to 1.4.6"
std::string to_text(const ClientSpan& span);

}  // namespace deskcheck::conformance
