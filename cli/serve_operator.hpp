// What the operator of the reference server may choose beyond its ports and keys: profile, relays,
// consoles, limits. Flags of `deskcheck serve`.
#pragma once

#include "cli/commands.hpp"

#include <CLI/CLI.hpp>

namespace deskcheck::server {
struct Options;
}

namespace deskcheck::cli {

void add_operator_flags(CLI::App& app, OperatorFlags& flags);
// The profile comes first: what else is chosen wins over it. `data`: the folder with the relay's
// lists, blacklist.txt and blocklist.txt, or empty. Throws UsageError.
void apply_operator_flags(const OperatorFlags& flags, const std::string& data,
                          server::Options& options);

}  // namespace deskcheck::cli
