#include "cli/commands.hpp"

#include <google/protobuf/stubs/logging.h>

#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
  // Text fields of peers that are not UTF-8 would each print a line: any peer could flood the log.
  google::protobuf::SetLogHandler(nullptr);
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
