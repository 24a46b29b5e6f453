#include "cli/commands.hpp"

#include <google/protobuf/stubs/logging.h>

#include <csignal>
#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
  // Text fields of peers that are not UTF-8 would each print a line: any peer could flood the log.
  google::protobuf::SetLogHandler(nullptr);
  // A file that may not grow any more is an error like a full disk, and not the end.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    const auto command = deskcheck::cli::parse_arguments(argc, argv);
    return std::visit([](const auto& c) { return execute(c); }, command);
  } catch (const deskcheck::cli::UsageError& error) {
    std::fprintf(stderr, "deskcheck: %s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "deskcheck: %s\n", error.what());
    return 4;
  }
}
