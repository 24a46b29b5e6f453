#include "fuzz/targets/files.hpp"

#include "fuzz/engine/target.hpp"
#include "fuzz/targets/one_line.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstdio>

namespace deskcheck::fuzz {

namespace {

// In ASCII: what a file may not hold as it is, a text may hold as an escape.
std::string to_ascii(std::string_view utf8) {
  std::string text;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto first = static_cast<unsigned char>(utf8[i]);
    const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    std::uint32_t code = length == 1 ? first : first & (0x7Fu >> length);
    for (std::size_t j = 1; j < length; ++j)
      code = code << 6 | (static_cast<unsigned char>(utf8.at(i + j)) & 0x3Fu);
    if (code >= 0x20 && code < 0x7F) {
      text += static_cast<char>(code);
    } else {
      char escape[16];
      std::snprintf(escape, sizeof escape, "\\U%08x", code);
      text += escape;
    }
    i += length;
  }
  return text;
}

}  // namespace

bool is_within(const document::Place& place, std::string_view text) {
  const auto lines = 1 + std::count(text.begin(), text.end(), '\n');
  if (place.line < 1 || place.line > lines || place.column < 1) return false;
  return static_cast<std::size_t>(place.column) <= document::line_of(text, place.line).size() + 1;
}

void check_mistake(const document::Mistake& mistake, std::string_view text) {
  require(mistake.file == kFileName && !mistake.what.empty(), "a mistake says where and what");
  require(mistake.place == document::Place() || is_within(mistake.place, text),
          "a mistake is in the file");
  int lines = 0;
  std::string rendered = document::render(mistake);
  std::replace(rendered.begin(), rendered.end(), '\t',
               ' ');  // the file's own, for the caret's sake
  for (std::string_view rest = rendered; !rest.empty(); ++lines) {
    const auto end = rest.find('\n');
    require(end != rest.npos, "a mistake ends with a line feed");
    require(is_one_line(rest.substr(0, end)), "mistakes have no control characters");
    rest.remove_prefix(end + 1);
  }
  require(lines == 1 || lines == 3, "a mistake is one line, perhaps with the spot below it");
}

void check_mistakes(const document::Mistakes& mistakes, std::string_view text) {
  require(!mistakes.empty(), "what is refused has a mistake");
  for (const auto& mistake : mistakes) check_mistake(mistake, text);
}

std::string_view without_mark(std::string_view text) {
  constexpr std::string_view kMark = "\xef\xbb\xbf";
  return text.starts_with(kMark) ? text.substr(kMark.size()) : text;
}

std::string as_yaml(const boost::json::value& value) {
  return to_ascii(boost::json::serialize(value));
}

}  // namespace deskcheck::fuzz
