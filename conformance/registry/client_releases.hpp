// The releases of the client that requirements are tied to: whom it harms when one is broken.
#pragma once

#include "conformance/registry/requirement.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace deskcheck::conformance {

// The oldest first; the last is "head", the development after the newest release. Those before
// 1.2.1 are not looked at.
std::span<const std::string_view> client_releases();

// Positions in that list. Nothing for other texts.
std::optional<std::size_t> client_release_named(std::string_view name);
inline std::string_view name_of_release(std::size_t release) { return client_releases()[release]; }

// Whether a client of this release is harmed by a server that breaks the requirement.
bool concerns(const Requirement& requirement, std::size_t release);

}  // namespace deskcheck::conformance
