// Two things at once in a case, of which neither can leave the other behind.
#pragma once

#include "conformance/lab/lab.hpp"

namespace deskcheck::conformance {

// Ends when both have ended, and then as the story did: a verdict that ends it, a cut-off or an
// interrupt. `work` must not throw.
Task<void> meanwhile(Lab& lab, Task<void> work, Task<void> story);

}  // namespace deskcheck::conformance
