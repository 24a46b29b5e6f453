// The server that `deskcheck run` is pointed at: its file, and the flags, which win.
#pragma once

#include "cli/commands.hpp"
#include "conformance/target/target_file.hpp"

#include <optional>
#include <string>

namespace deskcheck::cli {

// Nothing: the reference server in this process. Throws UsageError.
std::optional<conformance::TargetProfile> choose_target(const RunCommand& command,
                                                        const conformance::Registry& registry);
// The baseline of the flag or of the target file; empty: none.
std::string choose_baseline(const RunCommand& command,
                            const std::optional<conformance::TargetProfile>& profile);
// What names the target again in another command.
std::string target_flags(const RunCommand& command);
// For --dry-run, several lines.
std::string describe(const conformance::TargetProfile& profile, const conformance::Target& target);

}  // namespace deskcheck::cli
