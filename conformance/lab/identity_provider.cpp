#include "conformance/lab/identity_provider.hpp"

#include "conformance/lab/admin.hpp"
#include "conformance/lab/http.hpp"
#include "conformance/lab/totp.hpp"

namespace deskcheck::conformance {

namespace {

net::Endpoint reachable_home(Lab& lab) {
  const auto home = lab.home();
  if (home.address.is_unspecified())
    lab.not_applicable(
        "the target cannot be told where the suite's identity provider is: see --source-addresses");
  return home;
}

sim::RelyingParty fresh_client(Lab& lab) {
  sim::RelyingParty client;
  client.client_id = "client-" + lab.fresh_id();
  client.client_secret = lab.fresh_id() + lab.fresh_id();
  return client;
}

Task<void> removed(LabAdmin admin, std::string name) {
  co_await admin.remove_identity_provider(std::move(name));
}

}  // namespace

struct LabProvider::Running {
  explicit Running(Lab& lab)
      : service(lab.world(), reachable_home(lab),
                [this, which = &lab](const sim::HttpRequest& request) {
                  return provider.on(request, target_time(*which));
                }),
        provider("http://" + to_string(service.local()), fresh_client(lab),
                 lab.random().fork("idp")) {}

  sim::HttpService service;
  sim::IdentityProvider provider;
};

bool takes_providers(const Lab& lab) {
  return find_hook(lab.target(), "put-identity-provider") &&
         find_hook(lab.target(), "remove-identity-provider");
}

LabProvider::LabProvider(Lab& lab, std::string name)
    : lab_(&lab),
      name_(name.empty() ? lab.named("idp") : std::move(name)),
      running_(std::make_shared<Running>(lab)) {}

sim::IdentityProvider& LabProvider::operator*() const { return running_->provider; }

// Ends after it was removed from the target: what is registered last is done first.
LabProvider LabProvider::started(Lab& lab, std::string name) {
  LabProvider made(lab, std::move(name));
  auto running = made.running_;
  lab.at_end([running]() -> Task<void> { return running->service.stop(); });
  running->service.start();
  made->sign_in(fresh_person(lab));
  return made;
}

Task<LabProvider> LabProvider::registered(Lab& lab, std::string name) {
  LabAdmin admin(lab, {"put-identity-provider", "remove-identity-provider"});
  LabProvider made = started(lab, std::move(name));
  co_await admin.put_identity_provider(made.name(), made->issuer(), made->client().client_id,
                                       made->client().client_secret);
  lab.at_end([admin, removing = made.name()] { return removed(admin, removing); });
  co_return made;
}

Task<std::optional<LabProvider>> LabProvider::tried(Lab& lab, std::string name) {
  LabAdmin admin(lab, {"put-identity-provider", "remove-identity-provider"});
  LabProvider made = started(lab, std::move(name));
  const bool taken = co_await admin.try_identity_provider(
      made.name(), made->issuer(), made->client().client_id, made->client().client_secret);
  if (!taken) co_return std::nullopt;
  lab.at_end([admin, removing = made.name()] { return removed(admin, removing); });
  co_return made;
}

sim::Browser LabProvider::browser(std::string alias) const {
  const ApiPlace api = api_place(*lab_);
  sim::Browser browser(lab_->world(), lab_->home(), lab_->recorder("browser"));
  browser.allow(to_string(running_->service.local()), running_->service.local());
  browser.allow(api.host, api.at);
  if (lab_->target().api.starts_with("https://"))
    browser.believe(net::TlsTrust::system_and(lab_->target().api_certificates));
  if (!alias.empty()) browser.allow(std::move(alias), api.at);
  return browser;
}

sim::Person fresh_person(Lab& lab) {
  sim::Person person;
  person.subject = "subject-" + lab.fresh_id();
  person.user_name = lab.named("person");
  person.display_name = "Zo\u00eb \u6771\u4eac";
  person.email = person.user_name + "@example.com";
  return person;
}

}  // namespace deskcheck::conformance

namespace deskcheck::sim {
void PrintTo(const Visit& visit, std::ostream* out) {
  const std::string end = visit.urls.empty() ? "" : visit.urls.back();
  *out << (visit.left ? "the way to " : std::to_string(visit.status) + " at ")
       << end.substr(0, end.find('?'));
}
}  // namespace deskcheck::sim
