// What the browser of somebody shows who comes back from an identity provider: plain HTML without
// scripts, which nobody else can write into.
#pragma once

#include "reference-server/api/http.hpp"

namespace deskcheck::server::oidc {

// 200 whatever happened. The text is plain.
api::Response callback_page(std::string_view title, std::string_view text);

}  // namespace deskcheck::server::oidc
