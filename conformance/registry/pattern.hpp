// The patterns of the tables beside the requirements: an id, or its beginning and '*'.
#pragma once

#include <string_view>

namespace deskcheck::conformance {

inline bool is_id_pattern(std::string_view pattern) {
  if (pattern.ends_with('*')) pattern.remove_suffix(1);
  return !pattern.empty() && pattern.find('*') == pattern.npos;
}

inline bool id_matches(std::string_view pattern, std::string_view id) {
  if (!pattern.ends_with('*')) return id == pattern;
  pattern.remove_suffix(1);
  return id.starts_with(pattern);
}

}  // namespace deskcheck::conformance
