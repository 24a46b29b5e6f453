// For the targets of files that people write: what every mistake in one has to be like, and values
// as files.
#pragma once

#include "proto/document/document.hpp"

namespace deskcheck::fuzz {

// What mistakes call the file.
inline constexpr char kFileName[] = "fuzz.yaml";

// A place in the text, which is without byte order mark; the end of a line belongs to it.
bool is_within(const document::Place& place, std::string_view text);
// Says where and what, in one line and perhaps with the spot below it, without control characters.
void check_mistake(const document::Mistake& mistake, std::string_view text);
// At least one, each as above.
void check_mistakes(const document::Mistakes& mistakes, std::string_view text);
// The text as document::parse() sees it.
std::string_view without_mark(std::string_view text);
// JSON is YAML; in ASCII, so that texts may hold what files may not.
std::string as_yaml(const boost::json::value& value);

}  // namespace deskcheck::fuzz
