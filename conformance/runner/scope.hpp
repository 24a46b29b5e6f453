// Which requirements a run judges, and how it treats each.
#pragma once

#include "conformance/lab/lab.hpp"
#include "conformance/runner/run.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace deskcheck::conformance {

// How the reason begins why requirements do not apply to a target that says it cannot do something;
// the name of the capability follows.
inline constexpr std::string_view kNotClaimed = "the target does not claim ";

class Scope {
 public:
  Scope(const Registry& registry, const RunOptions& options);
  // What every lab gets alike; the runs add addresses, servers and target.
  LabSetup setup_for(const Case& c, net::World world) const;

 private:
  std::map<std::string, std::string> inapplicable_;
  std::set<std::string> optional_;
};

}  // namespace deskcheck::conformance
