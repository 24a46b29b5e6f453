// Mail of `deskcheck serve`: its flags, and who sends it.
#pragma once

#include "cli/commands.hpp"
#include "proto/net/real_world.hpp"
#include "reference-server/mail/post_office.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace deskcheck::server {
struct Options;
}

namespace deskcheck::cli {

void add_mail_flags(CLI::App& app, ServeCommand& command);
// Who sends the mails of a server with these options; outlives it, and so does `real`. Null if no
// way to send mail was chosen. Throws UsageError.
std::unique_ptr<server::mail::PostOffice> choose_mail(const ServeCommand& command,
                                                      net::RealWorld& real,
                                                      server::Options& options);

}  // namespace deskcheck::cli
