// The text of a baseline as lines, with the place of each entry: what update.cpp edits.
#pragma once

#include "conformance/baseline/baseline.hpp"
#include "proto/document/mistake.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <vector>

namespace deskcheck::conformance {

class BaselineListing {
 public:
  // Errors: an entry that does not begin in a line of its own, an empty list that is not written
  // as one.
  static boost::system::result<BaselineListing, document::Mistakes> read(const std::string& text,
                                                                         const Baseline& baseline);

  // Of an entry that was read from here; writes the key if it is not there yet.
  void set_limit(const BaselineEntry& entry, int at_most);
  // The text without the entries of these positions, and with new ones at its end.
  std::string rewritten(const std::vector<bool>& remove,
                        const std::vector<BaselineEntry>& add) const;

 private:
  struct Extent {
    std::size_t first, last;  // lines [first, last), the comments above and within included
  };

  void read_extents(const Baseline& baseline);
  void add_lines(std::string& out, const std::vector<BaselineEntry>& entries) const;

  std::vector<std::string> lines_;  // without line feeds, but with carriage returns
  std::string end_of_line_ = "\n";  // as the file writes them
  bool ends_in_line_ = false;       // the last line has no end
  std::vector<Extent> entries_;
  std::size_t head_ = 0;  // the line of the key, if there is no entry
  std::string indent_ = "  ";
};

// As YAML, one key a line.
std::vector<std::string> lines_of(const BaselineEntry& entry, const std::string& indent);

}  // namespace deskcheck::conformance
