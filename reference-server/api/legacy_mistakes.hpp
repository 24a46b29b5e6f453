// What a wrong server makes of legacy address books; one that is right takes them as they are.
#pragma once

#include "reference-server/faults/wrong_api.hpp"

#include <boost/json.hpp>

#include <optional>
#include <string>

namespace deskcheck::server::api {

// The stored text as it is shown.
std::string shown_legacy(const std::string& text, const WrongApi& wrong);
// What is stored of a pushed text; nothing: it is refused.
std::optional<std::string> taken_legacy(const std::string& pushed, const std::string& before,
                                        const WrongApi& wrong);
// The value that a text is JSON of; the text if it is not.
boost::json::value json_or_text(const std::string& text);

}  // namespace deskcheck::server::api
