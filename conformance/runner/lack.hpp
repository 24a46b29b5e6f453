// What the reference server of a run cannot do, as server::Options::without has it.
#pragma once

#include "conformance/registry/registry.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::conformance {

struct Lack {
  std::set<std::string> without;  // with what needs them
  // The server says so, and the requirements do not apply. False: it claims to have them all the
  // same, and cases have to notice.
  bool admitted = true;

  bool admits(const std::string& capability) const {
    return admitted && without.contains(capability);
  }
};

// The capabilities that these globs name, and those that cannot be there without them. Throws
// UsageError for a glob that names none, or none that a server can lack; `what`: how users call
// these globs.
Lack lack_named(const std::vector<std::string>& globs, const Registry& registry,
                std::string_view what = "--without");

}  // namespace deskcheck::conformance
