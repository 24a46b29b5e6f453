#include "proto/document/mistake.hpp"

#include "proto/document/utf8.hpp"

#include <algorithm>

namespace deskcheck::document {
namespace {

// Of a long line only the part around the place is shown.
constexpr std::size_t kShown = 120;
constexpr std::size_t kShownBefore = 80;

bool continues_a_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Whole characters of UTF-8 only; what is no UTF-8, and controls, become '?'.
std::string printable(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const auto length = character_length(bytes);
    const auto character = bytes.substr(0, std::max<std::size_t>(length, 1));
    if (length == 0 || (is_control(character) && character != "\t"))
      text += '?';
    else
      text += character;
    bytes.remove_prefix(character.size());
  }
  return text;
}

// What stands below the part of a line before the place: as wide as that part.
std::string spaces_below(std::string_view before) {
  std::string spaces;
  for (const char c : before)
    if (!continues_a_character(c)) spaces += c == '\t' ? '\t' : ' ';
  return spaces;
}

}  // namespace

std::string_view line_of(std::string_view text, int line) {
  for (int i = 1; i < line; ++i) {
    const auto end = text.find('\n');
    if (end == text.npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

std::string to_string(const Mistake& mistake) {
  std::string text = mistake.file;
  if (mistake.place.line > 0)
    text += ":" + std::to_string(mistake.place.line) + ":" + std::to_string(mistake.place.column);
  text += ": " + mistake.what;
  if (!mistake.mend.empty()) text += "; " + mistake.mend;
  return printable(text);
}

std::string render(const Mistake& mistake) {
  std::string text = to_string(mistake) + "\n";
  if (mistake.source.empty() || mistake.place.line <= 0) return text;
  std::string_view line = mistake.source;
  std::size_t before =
      mistake.place.column > 0 ? static_cast<std::size_t>(mistake.place.column - 1) : 0;
  before = std::min(before, line.size());
  const bool cut_before = before > kShownBefore;
  if (cut_before) {
    std::size_t cut = before - kShownBefore;
    while (cut < before && continues_a_character(line[cut])) ++cut;
    line.remove_prefix(cut);
    before -= cut;
  }
  const bool cut_after = line.size() > kShown;
  if (cut_after) {
    std::size_t end = kShown;
    while (end > 0 && continues_a_character(line[end])) --end;
    line = line.substr(0, end);
  }
  const std::string number = std::to_string(mistake.place.line);
  const std::string margin(number.size(), ' ');
  const std::string dots = cut_before ? "..." : "";
  text += "    " + number + " | " + dots + printable(line) + (cut_after ? "..." : "") + "\n";
  text += "    " + margin + " | " + std::string(dots.size(), ' ') +
          spaces_below(printable(line.substr(0, before))) + "^\n";
  return text;
}

std::string render(const Mistakes& mistakes) {
  std::string text;
  for (const auto& mistake : mistakes) text += render(mistake);
  return text;
}

}  // namespace deskcheck::document
