// Which options make sense in a strategy. A device takes any key, so a mistake would stay unseen.
// Source of the rules: http-api.md appendix A; HTTP-STRAT-04, HTTP-STRAT-06.
#pragma once

#include <string>

namespace deskcheck::server::admin {

// Empty, or what is wrong with it, as the end of a sentence. Keys that are not known are taken:
// clients of tomorrow may have them.
std::string mistake_of_option(const std::string& key, const std::string& value);

}  // namespace deskcheck::server::admin
