// What the registry knows about one requirement. Pure data: it decides nothing about cases and
// verdicts. What each column means is explained in docs/requirements.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace deskcheck::conformance {

enum class Level { must, should, may };

// "MUST", "SHOULD", "MAY".
std::string_view to_string(Level level);

// An empty string is a column without a value ("-" in the data files).
struct Requirement {
  std::string id;
  Level level = Level::must;
  std::string area;        // the exchange it belongs to, e.g. RegisterPk/UDP or ab.legacy.get
  std::string capability;  // what a server declares to have it checked; api.AREA for the HTTP API
  std::string text;        // the statement, without the marks [FULL], [CLIENT], [OSS]
  std::string evidence;    // source files and lines that prove it
  std::string oss;         // does the open-source server follow it: yes, no, partial, n/a

  std::string harm_class;  // e.g. cannot-connect
  std::string harm;        // what users of a client notice when it is broken

  std::string first_release;    // first client release that is harmed; empty: the oldest known one
  std::string last_release;     // last one; empty: still so
  std::string server_versions;  // open-source server releases that follow it; empty: see oss

  std::string effect;      // what a check of it does to a server
  std::string transports;  // comma-separated: udp, tcp, ws
  std::string testable;    // from which source addresses it can be checked
  std::string basis;       // how harm and releases are known: history, reading, judgement

  bool full = false;      // applies only to servers that claim the feature
  bool client = false;    // describes the client: it binds the simulator, not a server
  bool oss_only = false;  // a particularity of the open-source server that others need not copy

  std::optional<std::string> excluded_because;

  // What its failure mostly means, and how to mend it: docs/failures/PAGE.md#HEADING.
  std::string guide;
};

}  // namespace deskcheck::conformance
