#include "conformance/registry/glob.hpp"

#include <cstddef>

namespace deskcheck::conformance {

bool glob_matches(std::string_view glob, std::string_view name) {
  // Where to go on after a mismatch: the last '*' takes one more character. Linear in practice,
  // unlike recursion.
  std::size_t after_star = glob.npos;
  std::size_t taken_until = 0;
  std::size_t g = 0;
  std::size_t n = 0;
  while (n < name.size()) {
    if (g < glob.size() && glob[g] == '*') {
      after_star = ++g;
      taken_until = n;
    } else if (g < glob.size() && glob[g] == name[n]) {
      ++g;
      ++n;
    } else if (after_star != glob.npos) {
      g = after_star;
      n = ++taken_until;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', g) == glob.npos;
}

}  // namespace deskcheck::conformance
