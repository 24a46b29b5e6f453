// The JSON Schema of scenario files: schema_base.json, and what follows from the descriptors of all
// messages, so that editors complete and checkers know every field.
#pragma once

#include "proto/document/schema.hpp"

namespace deskcheck::scenario {

// Compiled at the first use.
const document::Schema& schema();

}  // namespace deskcheck::scenario
