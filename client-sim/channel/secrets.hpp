// Passwords and tokens that one case knows by value: reports leave them out, wherever they stand.
// (What is secret by its name is left out by redact.hpp.)
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::sim {

class Secrets {
 public:
  // Shorter texts stand everywhere: nobody could read what is left without them.
  static constexpr std::size_t kShortest = 4;

  void add(std::string_view text);
  // The text with "***" in their place, also where they are percent-encoded or within JSON.
  std::string hide(std::string text) const;

 private:
  std::vector<std::string> texts_;  // the longest first
};

}  // namespace deskcheck::sim
