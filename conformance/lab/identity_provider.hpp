// An identity provider of the suite's own that the target knows for the time of a case, and the
// browser of somebody who signs in there. Cases say who that is and what goes wrong.
#pragma once

#include "client-sim/lab/browser.hpp"
#include "client-sim/lab/identity_provider.hpp"
#include "conformance/lab/lab.hpp"

#include <memory>

namespace deskcheck::conformance {

// Whether the target has the hooks with which the suite's provider is made known to it.
bool takes_providers(const Lab& lab);

class LabProvider {
 public:
  // Starts a provider and makes it known to the target; both end with the case. Without `name` it
  // is one that no other case has. Not applicable if the target has no hooks for it.
  static Task<LabProvider> registered(Lab& lab, std::string name = "");
  // The same with a name that may be refused; nothing then.
  static Task<std::optional<LabProvider>> tried(Lab& lab, std::string name);

  // What clients ask for: the name of the button.
  const std::string& name() const { return name_; }
  sim::IdentityProvider& operator*() const;
  sim::IdentityProvider* operator->() const { return &**this; }
  // Another browser with its own cookies. It goes to this provider and to the target's API, also
  // where that is called `alias` (host:port).
  sim::Browser browser(std::string alias = "") const;

 private:
  struct Running;
  LabProvider(Lab& lab, std::string name);
  static LabProvider started(Lab& lab, std::string name);

  Lab* lab_;
  std::string name_;
  std::shared_ptr<Running> running_;
};

// Somebody whom neither the provider nor the target has seen.
sim::Person fresh_person(Lab& lab);

}  // namespace deskcheck::conformance

namespace deskcheck::sim {
// How GoogleMock prints the end of a way through the web; queries stay out of reports.
void PrintTo(const Visit& visit, std::ostream* out);
}  // namespace deskcheck::sim
