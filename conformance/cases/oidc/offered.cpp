#include "conformance/cases/oidc/offered.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t kMostNames = 4;  // of those that a target advertises

MATCHER(HasReadableButtons, "a list of providers that clients can read") {
  return arg.arrived() && buttons_in(*arg).has_value();
}

}  // namespace

Task<Offered> offered_providers(Lab& lab) {
  Offered offered;
  if (takes_providers(lab)) {
    offered.ours = co_await LabProvider::registered(lab);
    offered.names = {offered.ours->name()};
    co_return offered;
  }
  ApiClient client(lab);
  const auto answer = co_await client.login_options();
  lab.require("the providers that the target advertises", answer, HasReadableButtons());
  offered.names = *buttons_in(*answer);
  if (offered.names.empty())
    lab.not_applicable(
        "the target advertises no identity provider, and has no hook 'put-identity-provider'");
  if (offered.names.size() > kMostNames) offered.names.resize(kMostNames);
  co_return offered;
}

Task<sim::Visit> sign_in_at(Lab& lab, const LabProvider& provider, std::string url) {
  auto browser = provider.browser();
  const auto visit = co_await browser.open(std::move(url), lab.within(kHttpPatience));
  if (!visit) lab.require("the way of a browser", visit.error(), boost::system::error_code());
  co_return *visit;
}

Task<Answer<HttpAnswer>> whole_sign_in(Lab& lab, ApiClient client, const LabProvider& provider) {
  const auto start = co_await begin_oidc(lab, client, provider.name());
  const auto visit = co_await sign_in_at(lab, provider, start.url);
  lab.note("the browser ends at status " + std::to_string(visit.status));
  co_return co_await poll_until_over(lab, client, start.code, kOidcPolls);
}

}  // namespace deskcheck::conformance
