// A baseline as people write it: YAML, see docs/baselines.md.
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

enum class Purpose {
  to_use,
  // Reasons may be empty, and limits of patterns may be missing, until the file has been rewritten.
  to_rewrite,
};

// `name` is what mistakes and reports call the file. All mistakes at once: form, then names,
// limits, dates, reasons, repeated entries.
boost::system::result<Baseline, document::Mistakes> parse_baseline(
    std::string_view text, const std::string& name, const KnownCases& known,
    Purpose purpose = Purpose::to_use);

}  // namespace deskcheck::conformance
