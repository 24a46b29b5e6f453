// `control` of a target file: what the schema cannot say of it, and what it means.
#pragma once

#include "conformance/target/control.hpp"
#include "proto/document/document.hpp"

namespace deskcheck::conformance {

// Adds what is wrong to `mistakes`. `accounts` are those of the file; commands run in `folder`.
Control read_control(const document::Cursor& control,
                     const std::map<std::string, Account>& accounts, std::filesystem::path folder,
                     document::Mistakes& mistakes);

}  // namespace deskcheck::conformance
