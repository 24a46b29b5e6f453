#include "proto/document/precheck.hpp"

#include "proto/document/document.hpp"
#include "proto/document/utf8.hpp"

namespace deskcheck::document {
namespace {

bool is_forbidden(std::string_view character) {
  return is_control(character) && character != "\t" && character != "\n" && character != "\r";
}

}  // namespace

std::optional<Mistake> precheck(std::string_view text, const std::string& name) {
  if (text.size() > kLongestText)
    return Mistake{name,
                   {},
                   "the file has " + std::to_string(text.size()) + " bytes",
                   "at most " + std::to_string(kLongestText) + " are read",
                   {}};
  Place place{1, 1};
  const auto mistake = [&](std::string what, std::string mend) {
    return Mistake{name, place, std::move(what), std::move(mend),
                   std::string(line_of(text, place.line))};
  };
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    const auto length = character_length(text.substr(i));
    if (length == 0) return mistake("this is not UTF-8", "save the file as UTF-8");
    if (is_forbidden(text.substr(i, length)))
      return mistake("a control character",
                     "write it as an escape in double quotes, or bytes in hex");
    if (c == '\t' && place.column == 1 &&
        line_of(text.substr(i), 1).find_first_not_of(" \t") != std::string_view::npos)
      return mistake("a tab at the start of the line", "indent with spaces");
    i += length;
    place.column += static_cast<int>(length);
    if (c == '\n') place = {place.line + 1, 1};
  }
  return std::nullopt;
}

}  // namespace deskcheck::document
