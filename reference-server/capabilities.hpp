// What the reference server can leave out, by the names that requirements call capabilities, and
// what it means to lack each: one table, in capabilities.cpp. Names are data: nothing here knows
// the registry.
#pragma once

#include "reference-server/options.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::server {

// All that can be left out, sorted.
std::vector<std::string_view> capabilities();
// `without`, and what cannot be there without one of them: no relay over WebSocket without a relay.
// Names that are no capability of this server stay as they are.
std::set<std::string> with_what_needs_them(std::set<std::string> without);
// The options of a server that lacks `Options::without` and whatever needs it. Doing it again
// changes nothing.
Options left_by(Options options);
// "POST /api/login": the routes that are answered as unknown ones are.
std::vector<std::string_view> routes_left_out(const Options& options);

}  // namespace deskcheck::server
