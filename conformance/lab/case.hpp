// What a case is: a name, the requirements that it judges, and a coroutine that tells its story.
#pragma once

#include "client-sim/channel/message_stream.hpp"
#include "conformance/lab/effect.hpp"
#include "proto/net/time.hpp"

#include <functional>
#include <string>
#include <vector>

namespace deskcheck::conformance {

using sim::Task;
class Lab;

struct Case {
  std::string id;                         // "rendezvous/register-pk/foreign-uuid"
  std::vector<std::string> requirements;  // each is judged at least once, or the case is blocked
  std::function<Task<void>(Lab&)> body;
  // The case of the same group that must pass first: it proves that the group can be judged at all.
  std::string control;
  // Of what the control judges: the requirements that this case builds on. It is judged where they
  // hold, whatever else the control has found. Empty: everything has to hold.
  std::vector<std::string> needed;
  // The protocol time that the story needs; it is cut off 30 s later.
  net::Duration takes{};
  // What it does to the target: `creates`, or `reads`, and what else.
  Effects effects{Effect::creates};
  // One at a time of all that say so.
  bool alone = false;
  // Restarts somebody else's server, where that can be done: beside such cases only.
  bool restarts_target = false;
};

// The arguments of CASE.
struct Checks {
  std::vector<std::string> ids;
};
template <class... Id>
Checks checks(Id... ids) {
  return {{std::string(ids)...}};
}
struct After {
  std::string control;
  std::vector<std::string> needed;
};
template <class... Id>
After after(std::string control, Id... needed) {
  return {std::move(control), {std::string(needed)...}};
}
struct Takes {
  net::Duration time;
};
inline Takes takes(net::Duration time) { return {time}; }
// Moves so much that another one beside it could make both miss their deadlines.
struct Heavy {};
inline Heavy heavy() { return {}; }
// Needs for itself what a target has once, like the address book of an account.
struct Alone {};
inline Alone alone() { return {}; }

// Has the target restarted, whoever's it is; Lab::server_to_restart(). It does Effect::restarts.
struct RestartsTarget {};
inline RestartsTarget restarts_target() { return {}; }

inline void apply(Case& c, Checks option) { c.requirements = std::move(option.ids); }
inline void apply(Case& c, After option) {
  c.control = std::move(option.control);
  c.needed = std::move(option.needed);
}
inline void apply(Case& c, Takes option) { c.takes = option.time; }
inline void apply(Case& c, Alone) { c.alone = true; }
inline void apply(Case& c, Heavy) {
  c.alone = true;
  c.effects.insert(Effect::load);
}
inline void apply(Case& c, RestartsTarget) {
  c.restarts_target = true;
  c.effects.insert(Effect::restarts);
}
inline void apply(Case& c, Does option) { c.effects.merge(option.effects); }

template <class... Option>
Case make_case(std::string id, Task<void> (*body)(Lab&), Option... options) {
  Case c;
  c.id = std::move(id);
  c.body = body;
  c.effects.clear();
  (apply(c, std::move(options)), ...);
  if (!c.effects.contains(Effect::reads)) c.effects.insert(Effect::creates);
  return c;
}

// Adds a case to all_cases() before main begins. Throws std::logic_error if the id is taken.
struct Registration {
  explicit Registration(Case c);
};
// Every case that is linked in, ordered by id.
const std::vector<Case>& all_cases();

}  // namespace deskcheck::conformance

// CASE(name, "area/group/name", checks("ID", ...), after("control", "ID", ...), takes(61s),
// heavy(), alone(), restarts_target(), does(Effect::limits)) { ...coroutine... }
// The only macro of the project: it registers a coroutine and leaves its body readable.
#define CASE(name, id, ...)                                                         \
  static ::deskcheck::conformance::Task<void> name(::deskcheck::conformance::Lab&); \
  static const ::deskcheck::conformance::Registration name##_registration(          \
      ::deskcheck::conformance::make_case(id, name, __VA_ARGS__));                  \
  static ::deskcheck::conformance::Task<void> name(::deskcheck::conformance::Lab& lab)
