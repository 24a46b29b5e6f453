// Texts of scenarios with ${variables} in them. A variable is bytes: an id, a captured key, a
// number in decimal digits.
#pragma once

#include <boost/system/result.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::scenario {

using Variables = std::map<std::string, std::string, std::less<>>;

// Why a text or a value cannot be filled in, in words.
struct Trouble {
  struct Tag {};  // else a result of text could not tell the one from the other
  Trouble() = default;
  Trouble(Tag, std::string why) : text(std::move(why)) {}
  std::string text;
};
inline Trouble trouble(std::string why) { return {Trouble::Tag(), std::move(why)}; }
template <class T>
using Filled = boost::system::result<T, Trouble>;

class Text {
 public:
  Text() = default;
  // "${name}" stands for the variable, "$$" for "$". A "${" without end is an error.
  static Filled<Text> parse(std::string_view text);
  static Text constant(std::string text);

  bool is_constant() const;
  std::vector<std::string> variables() const;
  // An error if a variable has no value yet.
  Filled<std::string> fill(const Variables& variables) const;
  // As it was written.
  const std::string& written() const { return written_; }

 private:
  struct Piece {
    bool is_variable = false;
    std::string text;
  };
  std::vector<Piece> pieces_;
  std::string written_;
};

}  // namespace deskcheck::scenario
