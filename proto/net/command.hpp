// A program that is run for the suite: its arguments are its own (no shell reads them), what it
// writes is kept, and it ends in time. Of the real world only. Own code rather than Boost.Process:
// a group of its own, so that its children end with it, and no descriptor of ours, are not to be
// had there.
#pragma once

#include "proto/net/network.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace deskcheck::net {

struct Command {
  std::vector<std::string> words;  // the program, by $PATH unless it has a slash, and its arguments
  std::filesystem::path folder;    // where it runs; empty: here
  std::size_t longest_output = 16 << 20;  // bytes
  // Whom it leaves behind when it ends by itself goes on: a server that it has started.
  bool leaves_children = false;

  Command() = default;
};

struct CommandEnd {
  // exited: by itself; signal: somebody else ended it; late, too_much: it was killed.
  enum class How { exited, signal, late, too_much } how = How::exited;
  int code = 0;            // the exit code, or the number of the signal
  std::string output;      // its standard output
  std::string last_words;  // the last line of its standard error that is not empty

  CommandEnd() = default;
};

// Kills it, and whom it started, at the deadline and when the task is cancelled. Errors: why it
// could not be started; operation_not_supported in a simulated world.
awaitable<Result<CommandEnd>> run_command(World world, Command command, Deadline deadline);

}  // namespace deskcheck::net
