#include "conformance/lab/effect.hpp"

#include <algorithm>
#include <iterator>

namespace deskcheck::conformance {

std::string_view to_string(Effect effect) {
  switch (effect) {
    case Effect::reads:
      return "reads";
    case Effect::creates:
      return "creates";
    case Effect::limits:
      return "limits";
    case Effect::load:
      return "load";
    case Effect::restarts:
      break;
  }
  return "restarts";
}

std::string_view describe(Effect effect) {
  switch (effect) {
    case Effect::reads:
      return "leaves the target as it was";
    case Effect::creates:
      return "creates devices or data of its own";
    case Effect::limits:
      return "uses up limits of the target";
    case Effect::load:
      return "is a load on the target";
    case Effect::restarts:
      break;
  }
  return "needs a server that is set up for it, or restarts the target";
}

const Effects& all_effects() {
  static const Effects all{Effect::reads, Effect::creates, Effect::limits, Effect::load,
                           Effect::restarts};
  return all;
}

std::optional<Effect> parse_effect(std::string_view name) {
  for (const Effect effect : all_effects())
    if (to_string(effect) == name) return effect;
  return std::nullopt;
}

std::string to_string(const Effects& effects) {
  std::string text;
  for (const Effect effect : effects)
    text += (text.empty() ? "" : ",") + std::string(to_string(effect));
  return text;
}

Effects beyond(const Effects& effects, const Effects& allowed) {
  Effects more;
  std::ranges::set_difference(effects, allowed, std::inserter(more, more.end()));
  more.erase(Effect::reads);
  return more;
}

}  // namespace deskcheck::conformance
