// What people may sign in with: the suite's own provider where the target takes one, else what the
// target advertises by itself. Nobody is followed to a provider on the internet, so of those only
// the shapes of answers are judged.
#pragma once

#include "conformance/lab/identity_provider.hpp"
#include "conformance/lab/oidc.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deskcheck::conformance {

// How often a client is let ask after its user has done his part.
inline constexpr int kOidcPolls = 10;

struct Offered {
  std::optional<LabProvider> ours;
  std::vector<std::string> names;  // of ours, or of the buttons that clients show; never empty

  Offered() = default;
};
// Not applicable if there is nothing; blocked if login-options cannot be read.
Task<Offered> offered_providers(Lab& lab);

// The person goes through with it in a browser; blocked if it ends nowhere.
Task<sim::Visit> sign_in_at(Lab& lab, const LabProvider& provider, std::string url);

// The whole way of a client and its user; the answer of the last poll.
Task<Answer<HttpAnswer>> whole_sign_in(Lab& lab, ApiClient client, const LabProvider& provider);

}  // namespace deskcheck::conformance
