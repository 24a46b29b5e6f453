// The data files of this folder, compiled in by embed.cmake so that programs need no data files.
#pragma once

#include "conformance/registry/source_text.hpp"

#include <span>

namespace deskcheck::conformance {

std::span<const SourceText> embedded_requirements();
SourceText embedded_exclusions();
SourceText embedded_guide();
SourceText embedded_issued_ids();
SourceText embedded_profiles();

}  // namespace deskcheck::conformance
