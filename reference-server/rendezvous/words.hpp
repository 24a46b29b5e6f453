// The words of a command of the operator. Knows no commands.
#pragma once

#include <optional>
#include <string_view>

namespace deskcheck::server {

// Split at single spaces, as the open-source server does: two spaces hold an empty word between
// them. Spaces and line ends around the command do not count.
class Words {
 public:
  explicit Words(std::string_view command) {
    constexpr auto kSpace = " \t\r\n";
    const auto first = command.find_first_not_of(kSpace);
    if (first == std::string_view::npos) return;
    rest_ = command.substr(first, command.find_last_not_of(kSpace) - first + 1);
  }
  // Nothing after the last one.
  std::optional<std::string_view> next() {
    if (!rest_) return std::nullopt;
    const auto space = rest_->find(' ');
    const auto word = rest_->substr(0, space);
    if (space == std::string_view::npos)
      rest_.reset();
    else
      rest_->remove_prefix(space + 1);
    return word;
  }

 private:
  std::optional<std::string_view> rest_;
};

}  // namespace deskcheck::server
