#include "cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace deskcheck::cli {

namespace {
constexpr const char* kRewrite = "\r\x1b[K";
}

bool is_terminal() { return ::isatty(STDOUT_FILENO) == 1; }

void Progress::finished(const conformance::CaseResult& result, std::size_t done,
                        std::size_t total) {
  using conformance::Status;
  if (result.beyond_effects) return;  // all of them are counted in one line at the end
  unexpected_ += result.unexpected() && result.status != Status::not_run;
  if (!terminal_) {
    fmt::print("{}", result_line(result, style_));
    std::fflush(stdout);  // who reads a pipe wants to see it go on, too
    return;
  }
  fmt::print("{}", kRewrite);
  if (result.unexpected()) fmt::print("{}", result_line(result, style_));
  constexpr std::size_t kWidth = 30;
  const std::size_t full = total == 0 ? kWidth : kWidth * done / total;
  fmt::print("[{}{}] {}/{}  {} unexpected  {}", std::string(full, '#'),
             std::string(kWidth - full, '.'), done, total, unexpected_, result.id);
  std::fflush(stdout);
  line_open_ = true;
}

Progress::~Progress() {
  if (line_open_) fmt::print("{}", kRewrite);
}

}  // namespace deskcheck::cli
