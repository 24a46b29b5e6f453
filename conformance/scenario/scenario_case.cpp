#include "conformance/scenario/scenario_case.hpp"

#include "client-sim/scenario/hooks.hpp"
#include "conformance/lab/lab.hpp"
#include "conformance/lab/totp.hpp"
#include "proto/net/resolve.hpp"

#include <algorithm>
#include <ostream>

namespace deskcheck::conformance {

namespace {

// What a scenario has seen, and what it makes of it: judged there, recorded here.
struct Seen {
  std::string text;
};
void PrintTo(const Seen& seen, std::ostream* out) { *out << seen.text; }

class IsAsExpected {
 public:
  using is_gtest_matcher = void;
  IsAsExpected(bool holds, std::string expected) : holds_(holds), expected_(std::move(expected)) {}
  bool MatchAndExplain(const Seen&, testing::MatchResultListener*) const { return holds_; }
  void DescribeTo(std::ostream* out) const { *out << expected_; }
  void DescribeNegationTo(std::ostream* out) const { *out << "not " << expected_; }

 private:
  bool holds_;
  std::string expected_;
};

class LabJudge final : public scenario::Judge {
 public:
  explicit LabJudge(Lab& lab) : lab_(lab) {}
  void judged(const std::string& requirement, bool holds, const std::string& expected,
              const std::string& actual) override {
    lab_.verdict(requirement, Seen{actual}, IsAsExpected(holds, expected));
  }

 private:
  Lab& lab_;
};

bool restarts(const std::vector<scenario::Step>& steps) {
  return std::ranges::any_of(steps, [](const scenario::Step& step) {
    return step.hook == scenario::kRestart || std::ranges::any_of(step.branches, restarts);
  });
}

Task<void> tell(Lab& lab, std::shared_ptr<const scenario::Scenario> scenario) {
  LabJudge judge(lab);
  if (scenario->requires_login)
    co_await lab.own_server(setup_for(*scenario));
  else if (restarts(scenario->steps))
    co_await lab.server_to_restart();
  scenario::Stage stage{lab.world(), site_of(lab.target()), [&lab] { return lab.home().address; },
                        lab.recorder("").transcript, &judge};
  stage.site.requires_login = scenario->requires_login;
  stage.id_prefix = lab.inventory().prefix();
  stage.operate = operator_of(lab);
  stage.target_time = [&lab] { return target_time(lab); };
  const auto outcome = co_await scenario::play(std::move(stage), *scenario);
  const auto where = scenario->file + ":" + std::to_string(outcome.place.line) + ": ";
  switch (outcome.status) {
    case scenario::Outcome::Status::passed:
      co_return;
    case scenario::Outcome::Status::not_applicable:
      lab.not_applicable(outcome.why);
    case scenario::Outcome::Status::failed:
      // Of a judged step the verdict is out; whatever the steps after it judge cannot be told.
      throw EarlyEnd{Status::blocked, Blame::prerequisite, where + outcome.why};
    case scenario::Outcome::Status::broken:
      throw std::runtime_error(where + outcome.why);
  }
}

std::optional<sim::ApiServer> api_of(const Target& target) {
  const auto place = net::parse_http_url(target.api);
  const auto address =
      place ? net::resolve(place->host)
            : net::Result<boost::asio::ip::address>(boost::asio::error::host_not_found);
  if (!address) return std::nullopt;
  auto server = sim::ApiServer::at(target.api, *address);
  if (server && server->place.tls && !target.api_certificates.empty())
    server->trust = net::TlsTrust::system_and(target.api_certificates);
  return server;
}

}  // namespace

scenario::Site site_of(const Target& target) {
  scenario::Site site;
  site.rendezvous = target.rendezvous;
  site.nat = target.nat;
  site.relay = target.relay;
  site.websocket = target.websocket;
  site.relay_websocket = target.relay_websocket;
  site.key = target.licence_key;
  site.relay_key = target.key_for_relay();
  site.signer = target.key;
  site.api = api_of(target);
  for (const auto& [role, account] : target.accounts) {
    site.accounts[role].user = account.user;
    site.accounts[role].password = account.password;
  }
  return site;
}

Case case_of(std::shared_ptr<const scenario::Scenario> scenario) {
  Case c;
  c.id = scenario->id;
  for (const auto& judged : scenario->requirements) c.requirements.push_back(judged.id);
  c.takes = scenario->longest;
  c.restarts_target = restarts(scenario->steps);
  if (scenario->requires_login || c.restarts_target) c.effects.insert(Effect::restarts);
  c.body = [scenario = std::move(scenario)](Lab& lab) { return tell(lab, scenario); };
  return c;
}

}  // namespace deskcheck::conformance
