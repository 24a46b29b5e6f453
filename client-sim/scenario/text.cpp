#include "client-sim/scenario/text.hpp"

#include <algorithm>

namespace deskcheck::scenario {

Filled<Text> Text::parse(std::string_view text) {
  Text result;
  result.written_ = text;
  std::string plain;
  while (!text.empty()) {
    if (text.starts_with("$$")) {
      plain += '$';
      text.remove_prefix(2);
    } else if (text.starts_with("${")) {
      const auto end = text.find('}');
      if (end == text.npos) return trouble("a '${' without its '}'");
      if (!plain.empty()) result.pieces_.push_back({false, std::exchange(plain, {})});
      result.pieces_.push_back({true, std::string(text.substr(2, end - 2))});
      text.remove_prefix(end + 1);
    } else {
      plain += text.front();
      text.remove_prefix(1);
    }
  }
  if (!plain.empty()) result.pieces_.push_back({false, std::move(plain)});
  return result;
}

Text Text::constant(std::string text) {
  Text result;
  result.written_ = text;
  if (!text.empty()) result.pieces_.push_back({false, std::move(text)});
  return result;
}

bool Text::is_constant() const {
  return std::ranges::none_of(pieces_, [](const Piece& piece) { return piece.is_variable; });
}

std::vector<std::string> Text::variables() const {
  std::vector<std::string> names;
  for (const auto& piece : pieces_)
    if (piece.is_variable) names.push_back(piece.text);
  return names;
}

Filled<std::string> Text::fill(const Variables& variables) const {
  std::string result;
  for (const auto& piece : pieces_) {
    if (!piece.is_variable) {
      result += piece.text;
      continue;
    }
    const auto value = variables.find(piece.text);
    if (value == variables.end()) return trouble("${" + piece.text + "} has no value yet");
    result += value->second;
  }
  return result;
}

}  // namespace deskcheck::scenario
