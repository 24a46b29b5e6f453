// What is wrong with a text before anybody asks what it means: too long, no UTF-8, control
// characters, tabs that indent. YAML readers differ in what they make of these; people get one
// clear answer.
#pragma once

#include "proto/document/mistake.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace deskcheck::document {

std::optional<Mistake> precheck(std::string_view text, const std::string& name);

}  // namespace deskcheck::document
