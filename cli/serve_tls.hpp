// HTTPS of `deskcheck serve`: its flags and its files.
#pragma once

#include "cli/commands.hpp"

#include <CLI/CLI.hpp>

namespace deskcheck::server {
struct Options;
}

namespace deskcheck::cli {

// All of them or none. Returns one of them, for those that exclude it.
CLI::Option* add_tls_flags(CLI::App& app, ServeCommand& command);
// Reads the files and looks whether they can be served with. Says on standard error if the
// certificate has expired. Throws UsageError.
void choose_tls(const ServeCommand& command, server::Options& options);

}  // namespace deskcheck::cli
