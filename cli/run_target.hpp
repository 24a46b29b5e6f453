// The server that a command is pointed at: its file, and the flags, which win.
#pragma once

#include "cli/commands.hpp"
#include "conformance/runner/lack.hpp"
#include "conformance/runner/preflight.hpp"
#include "conformance/target/target_file.hpp"

#include <optional>
#include <string>

namespace deskcheck::cli {

// Throws UsageError for names and networks that do not exist.
void check_target_flags(const TargetFlags& flags, const conformance::Registry& registry);
// Nothing: the reference server in this process. Throws UsageError.
std::optional<conformance::TargetProfile> choose_target(const TargetFlags& flags,
                                                        const conformance::Registry& registry);
// What the reference server in this process lacks; nothing if another one is the target. Throws
// UsageError.
conformance::Lack lack_of_built_in(const TargetFlags& flags, const conformance::Registry& registry);
// The baseline of the flag or of the target file; empty: none.
std::string choose_baseline(const RunCommand& command,
                            const std::optional<conformance::TargetProfile>& profile);
// What names the target again in another command.
std::string target_flags(const TargetFlags& flags);
// Whether anybody is there, and the key fits.
std::optional<conformance::Problem> find_problem(
    const conformance::Target& target, const std::optional<boost::asio::ip::network_v4>& sources);
// For --dry-run, several lines.
std::string describe(const conformance::TargetProfile& profile, const conformance::Target& target);

}  // namespace deskcheck::cli
