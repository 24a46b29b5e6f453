// What is wrong in a file that a person wrote: where, what, and how to mend it. Always a value,
// never an exception: a reader gets one clear line and sees the spot.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::document {

// Line and column count from 1; columns count bytes of the line. 0: not known.
struct Place {
  int line = 0;
  int column = 0;

  friend bool operator==(const Place&, const Place&) = default;
};

struct Mistake {
  std::string file;
  Place place;
  std::string what;
  std::string mend;    // empty: `what` says it
  std::string source;  // the line of the file; empty: none to show
};

using Mistakes = std::vector<Mistake>;

// "call.yaml:3:5: unknown key 'exepct'; did you mean 'expect'?"
std::string to_string(const Mistake& mistake);

// The same, and below it the line with a caret:
//     3 |   - exepct: register_pk_response
//       |     ^
// Ends with a line feed. Characters that a terminal would obey are shown as '?'.
std::string render(const Mistake& mistake);
std::string render(const Mistakes& mistakes);

// The line of a text, counted from 1, without its end; empty if there is no such line.
std::string_view line_of(std::string_view text, int line);

}  // namespace deskcheck::document
