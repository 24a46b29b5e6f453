// The last step of a run on somebody else's server: what the run has created and could remove is
// looked for once more, and removed if it is still there. Judges nothing: whatever is left is the
// suite's fault, or its environment's.
#pragma once

#include "conformance/lab/lab.hpp"
#include "conformance/runner/result.hpp"
#include "conformance/runner/scope.hpp"

namespace deskcheck::conformance {

struct ClosingStep {
  const Scope& scope;
  Target target;
  AddressPool& addresses;
  Inventory& inventory;
  Footprint& footprint;
  HookLogins& hook_logins;
};

// Takes at most half a minute; also after an interrupt. Never throws because of the target.
Task<void> ask_again(net::World world, ClosingStep& step);
// The very last one: whoever signed in for hooks signs out. Whose login stays is noted.
Task<void> end_hook_logins(net::World world, ClosingStep& step);

}  // namespace deskcheck::conformance
