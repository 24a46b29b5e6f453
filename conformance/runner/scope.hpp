// Which requirements a run judges, and how it treats each.
#pragma once

#include "conformance/lab/lab.hpp"
#include "conformance/runner/run.hpp"

#include <map>
#include <set>
#include <string>

namespace deskcheck::conformance {

using Inapplicable = std::map<std::string, std::string>;  // by requirement, why
// "the target does not claim relay.tcp": why the target lacks something that the case is about;
// empty: it lacks nothing of it.
std::string not_claimed(const Case& c, const Inapplicable& inapplicable);

class Scope {
 public:
  Scope(const Registry& registry, const RunOptions& options);
  // What every lab gets alike; the runs add addresses, servers and target.
  LabSetup setup_for(const Case& c, net::World world) const;

 private:
  Inapplicable inapplicable_;
  std::set<std::string> of_every_route_;  // requirements of api.general
  std::set<std::string> optional_;
};

}  // namespace deskcheck::conformance
