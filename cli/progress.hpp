// How long work shows that it goes on: one line that is rewritten on a terminal, plain lines
// elsewhere.
#pragma once

#include "conformance/report/text.hpp"

#include <cstddef>

namespace deskcheck::cli {

// Whether standard output is one.
bool is_terminal();

class Progress {
 public:
  explicit Progress(conformance::TextStyle style) : style_(style), terminal_(is_terminal()) {}
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void finished(const conformance::CaseResult& result, std::size_t done, std::size_t total);

 private:
  conformance::TextStyle style_;
  bool terminal_;
  bool line_open_ = false;
  std::size_t unexpected_ = 0;
};

}  // namespace deskcheck::cli
