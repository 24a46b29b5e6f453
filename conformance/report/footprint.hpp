// What a run did to its target, and what it has left there, for the reports.
#pragma once

#include "conformance/runner/result.hpp"

#include <boost/json/array.hpp>

namespace deskcheck::conformance {

struct FootprintTotals {
  std::size_t created = 0, removed = 0, left = 0;
};
FootprintTotals totals_of(const Footprint& footprint);

// Which cases the run has spared the target, and how to have them judged: one line, or none.
std::string effects_line(const RunReport& report);
// What was created, removed and left: one line; more if what was left could have been removed. None
// for the suite's own server.
std::string footprint_lines(const Footprint& footprint);

boost::json::array effects_json(const Effects& effects);
// Null for the suite's own server.
boost::json::value footprint_json(const Footprint& footprint);

}  // namespace deskcheck::conformance
