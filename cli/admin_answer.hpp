// What an administrator sees of an answer: a table, or a line per member.
#pragma once

#include "cli/admin_actions.hpp"

namespace deskcheck::cli {

// Ends with a line feed, or is empty if there is nothing to say. Control characters of others do
// not reach the terminal.
std::string shown_answer(const AdminAction& action, const boost::json::object& answer);

}  // namespace deskcheck::cli
