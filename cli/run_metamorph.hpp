// `deskcheck run --metamorph`: the run once more for each transformation of the network.
#pragma once

#include "cli/commands.hpp"
#include "conformance/report/text.hpp"
#include "conformance/runner/run.hpp"

namespace deskcheck::cli {

// Runs and shows, on standard output, which verdicts are others than in `plain`. True if none is.
bool run_metamorph(const RunCommand& command, const conformance::Registry& registry,
                   conformance::RunOptions options, const conformance::RunReport& plain,
                   conformance::TextStyle style);

}  // namespace deskcheck::cli
