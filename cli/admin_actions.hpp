// What `deskcheck admin` can be told: one row per action, with the route of the admin API behind it
// and the members of its body. Talks to nobody.
#pragma once

#include "cli/commands.hpp"

#include <boost/json.hpp>

#include <span>

namespace CLI {
class App;
}

namespace deskcheck::cli {

struct AdminArgument {
  // How what is typed becomes a member of the body (or of the query).
  enum class Kind {
    text,
    flag,      // true or false
    given,     // true if it is there
    names,     // joined by commas
    number,    // one
    numbers,   // joined by commas
    pairs,     // KEY=VALUE, as often as one likes
    rules,     // USER=1, joined by commas
    password,  // the name of an environment variable
    segment,   // the end of the path
  };
  const char* member;
  const char* spelling;  // "--devices"; or of one that stands for itself, "name"
  Kind kind;
  const char* help;
  bool required = false;
};

struct AdminAction {
  const char *group, *verb, *help;
  const char *method, *route;  // below /api/admin/
  std::span<const AdminArgument> arguments;
  // Of a list: the member of the answer, and the columns that people see.
  const char* list = "";
  std::span<const char* const> columns = {};
};

void add_admin(CLI::App& app, AdminCommand& command);
// After the arguments were parsed: which action it is.
void take_given(const CLI::App& app, AdminCommand& command);

// The path and query, and the body, of what was asked for. Throws UsageError: a value that is none,
// an environment variable without a password.
std::string target_of(const AdminCommand& command);
boost::json::object body_of(const AdminCommand& command);

}  // namespace deskcheck::cli
