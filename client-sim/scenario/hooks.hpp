// What scenarios may ask of the owner of a target: the hooks of docs/control-hooks.md, with what is
// said to each and what its answer looks like. The same names stand in
// conformance/target/hooks.cpp, which says what target files may define; a test compares them.
#pragma once

#include <boost/json/object.hpp>

#include <span>
#include <string_view>
#include <vector>

namespace deskcheck::scenario {

struct HookArgument {
  enum class Kind { text, number, texts, numbers, options };
  std::string_view name;
  Kind kind = Kind::text;
  bool may_be_missing = false;  // it is an empty text then
};

struct HookForm {
  std::string_view name;
  std::vector<HookArgument> arguments;
  // The member of Observation (observations.proto) that its answer is; empty: it may say anything.
  std::string_view answer;

  // It may be asked again until the answer is as expected: nothing is changed by it.
  bool only_reads() const { return name.starts_with("read-"); }
};

// After this one the target is waited for, and cases that use it run beside no others.
inline constexpr std::string_view kRestart = "restart";

std::span<const HookForm> hook_forms();
// Null: there is no such hook.
const HookForm* find_hook_form(std::string_view name);

// What the schema of scenario files allows under `operator`.
boost::json::object operator_schema();

}  // namespace deskcheck::scenario
