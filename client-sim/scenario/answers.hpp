// What hooks of a target answer, in the form in which scenarios speak of everything else that they
// expect: a member of Observation.
#pragma once

#include "client-sim/scenario/observations.pb.h"
#include "client-sim/scenario/scenario.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace deskcheck::scenario {

// `member`: as HookForm::answer has it. Members of the answer that nobody knows are left out, and
// those that are missing have their defaults. An error in words for what is no such answer at all.
Filled<Observation> observed_answer(std::string_view member, const boost::json::value& answer);

// The first member that the pattern is about and that is nowhere in the answer, which can say
// nothing of it then; empty: there is none.
std::string not_shown(const Pattern& pattern, const boost::json::value& answer);

}  // namespace deskcheck::scenario
