// The only file that knows Boost.Regex: unlike std::regex it neither recurses for each character
// nor goes on for ever.
#include "client-sim/scenario/matcher.hpp"

// Steps after which an expression counts as too slow for a text: a few hundredths of a second.
#define BOOST_REGEX_MAX_STATE_COUNT 1000000
#include <boost/regex.hpp>

namespace deskcheck::scenario {

struct Regex::Compiled {
  boost::regex expression;
};

Filled<Regex> Regex::parse(std::string_view text) {
  Regex result;
  result.written_ = text;
  try {
    auto compiled = std::make_shared<Compiled>();
    compiled->expression.assign(result.written_);
    result.compiled_ = std::move(compiled);
  } catch (const std::exception& error) {
    return trouble(error.what());
  }
  return result;
}

bool Regex::matches(const std::string& text) const {
  try {
    return boost::regex_search(text, compiled_->expression);
  } catch (const std::exception&) {  // it would take too long
    return false;
  }
}

}  // namespace deskcheck::scenario
