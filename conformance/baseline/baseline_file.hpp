// A baseline as people write it: YAML, see docs/write-a-target-file.md.
#pragma once

#include "conformance/baseline/baseline.hpp"
#include "proto/document/document.hpp"

#include <boost/system/result.hpp>

#include <string_view>

namespace deskcheck::conformance {

// The JSON Schema, for editors.
std::string_view baseline_schema();

// Exactly YYYY-MM-DD, and a day of the calendar.
std::optional<Date> parse_date(std::string_view text);

enum class Reasons {
  required,
  may_be_empty,  // of a file that is about to be rewritten
};

// `name` is what mistakes and reports call the file. All mistakes at once: form, then names,
// dates, reasons, repeated entries.
boost::system::result<Baseline, document::Mistakes> parse_baseline(
    std::string_view text, const std::string& name, const KnownCases& known,
    Reasons reasons = Reasons::required);

}  // namespace deskcheck::conformance
