// What a case does to the target, and the names of that. A run on a server that others work with
// leaves out what does more than its owner allows (--effects).
#pragma once

#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace deskcheck::conformance {

enum class Effect {
  reads,     // leaves the target as it was; asking may leave traces in logs
  creates,   // devices, entries of books, strategies: under names of its own
  limits,    // uses up what a server grants: registrations per address or id, attempts to sign in
  load,      // thousands of messages or connections, many megabytes
  restarts,  // needs a server that is set up for it, or ends the target and starts it again
};
// "reads", ...
std::string_view to_string(Effect effect);
// What it means, for people: "leaves the target as it was".
std::string_view describe(Effect effect);

using Effects = std::set<Effect>;
const Effects& all_effects();
std::optional<Effect> parse_effect(std::string_view name);
// "creates,limits"
std::string to_string(const Effects& effects);
// Those of `effects` that are not among `allowed`. Reading is always allowed.
Effects beyond(const Effects& effects, const Effects& allowed);

// Arguments of CASE: does(Effect::reads), does(Effect::limits), ... What does not say that it reads
// only creates its own data.
struct Does {
  Effects effects;
};
template <class... E>
Does does(E... effects) {
  return {Effects{effects...}};
}

}  // namespace deskcheck::conformance
