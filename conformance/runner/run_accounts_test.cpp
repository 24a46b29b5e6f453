// The accounts of a run, against a server that is written here: who is made, who is lent, what
// happens if that fails, and that whoever is still there afterwards is named.
#include "conformance/runner/run_accounts.hpp"

#include "client-sim/lab/http_service.hpp"
#include "client-sim/lab/mailbox.hpp"
#include "conformance/lab/api_client.hpp"
#include "conformance/runner/address_pools.hpp"
#include "conformance/runner/run_case.hpp"
#include "conformance/runner/scope.hpp"
#include "proto/net/sim_world.hpp"

#include <gmock/gmock.h>
#include <boost/json.hpp>

namespace deskcheck::conformance {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using testing::MatchesRegex;
using testing::UnorderedElementsAre;

// People with their passwords, and an administrator's office below /office.
struct Town {
  std::map<std::string, std::string> people{{"root", "secret"}};
  std::vector<std::string> heard;
  std::string broken;      // an office that answers 500
  bool keeps_all = false;  // whoever is removed stays
  bool silent = false;     // does not answer people who sign in

  sim::HttpResponse answer(const sim::HttpRequest& request) {
    sim::HttpResponse response;
    const auto body = json::parse(request.body).as_object();
    if (request.target == "/api/login") return login(body);
    response.body = "{}";
    if (request.target == "/api/logout") return response;
    heard.push_back(request.target);
    const std::string user(body.at("user").as_string());
    if (request.target == broken) {
      response.status = 500;
    } else if (request.target == "/office/put-user") {
      people[user] = std::string(body.at("password").as_string());
    } else if (request.target == "/office/remove-user") {
      if (!keeps_all) people.erase(user);
    } else if (request.target == "/office/enable-totp") {
      response.body = R"({"secret":"JBSWY3DPEHPK3PXP"})";
    }
    return response;
  }

  sim::HttpResponse login(const json::object& body) const {
    sim::HttpResponse response;
    const std::string user(body.at("username").as_string());
    response.silent = silent && user != "root";
    const auto found = people.find(user);
    const bool right = found != people.end() && body.at("password") == json::value(found->second);
    response.body = right ? R"({"type":"access_token","access_token":"t"})" : R"({"error":"no"})";
    return response;
  }
};

Control office_hooks(const std::set<std::string>& names) {
  const std::map<std::string, json::object> all{
      {"put-user", {{"user", "${user}"}, {"password", "${password}"}, {"email", "${email}"}}},
      {"remove-user", {{"user", "${user}"}}},
      {"enable-totp", {{"user", "${user}"}}},
      {"require-email-code", {{"user", "${user}"}, {"address", "${address}"}}}};
  Control control;
  for (const auto& name : names) {
    HookCall call;
    call.path = "/office/" + name;
    call.body = all.at(name);
    if (name == "enable-totp") call.answer = "/secret";
    control.hooks[name] = Hook(call);
  }
  return control;
}

const std::set<std::string> kAll{"put-user", "remove-user", "enable-totp", "require-email-code"};

struct Outcome {
  Target target;
  std::vector<std::string> left;
};

using RunStory = std::function<Task<void>(LabSetup)>;

struct RunWish {
  std::set<std::string> hooks = kAll;
  std::map<std::string, Account> named;
  bool has_mailbox = true;
  std::function<void(Town&)> between;  // making and removing
  RunStory cases;

  RunWish() = default;
};

Outcome run(Town& town, const RunWish& wish) {
  net::SimWorld sim(1);
  const net::World world = sim.world();
  Outcome outcome;
  const auto scenario = [&]() -> Task<void> {
    NetworkPool addresses(boost::asio::ip::make_network_v4("127.7.0.0/16"), 9, {});
    const net::Endpoint home{boost::asio::ip::make_address("127.7.0.1"), 0};
    sim::HttpService service(world, home,
                             [&](const sim::HttpRequest& request) { return town.answer(request); });
    service.start();
    sim::Mailbox mailbox(world, home);
    Inventory inventory("run1");
    LabSetup setup{nullptr, world, Target(), nullptr, nullptr, nullptr, {}, {}, &inventory};
    setup.target.api = "http://" + to_string(service.local());
    setup.target.accounts = wish.named;
    setup.target.accounts["admin"] = {"root", "secret"};
    setup.target.control = std::make_shared<const Control>(office_hooks(wish.hooks));
    setup.addresses = &addresses;
    if (wish.has_mailbox) setup.mailbox = &mailbox;
    RunAccounts accounts(setup);
    outcome.target = co_await accounts.make();
    setup.target = outcome.target;
    if (wish.cases) co_await wish.cases(setup);
    if (wish.between) wish.between(town);
    Footprint footprint;
    co_await accounts.remove(footprint);
    outcome.left = footprint.notes;
    for (const auto& [thing, count] : footprint.things) {
      EXPECT_EQ(thing, Thing::user);
      EXPECT_EQ(count.left.size(), outcome.left.size());
    }
    co_await service.stop();
  };
  sim.run(scenario());
  return outcome;
}

TEST(RunAccounts, AreMadeLentAndRemoved) {
  Town town;
  RunWish wish;
  std::size_t most = 0;
  wish.between = [&](Town& there) { most = there.people.size(); };
  const auto outcome = run(town, wish);
  const auto& lent = outcome.target.accounts;
  EXPECT_THAT(lent, UnorderedElementsAre(Key("admin"), Key("user"), Key("other"), Key("totp"),
                                         Key("email")));
  for (const auto& [role, account] : lent) {
    if (role == "admin") continue;
    EXPECT_THAT(account.user, MatchesRegex("dcrun1-run-" + role + "[0-9]"));
    EXPECT_THAT(account.password, MatchesRegex("[A-Z][a-z][0-9]-[A-Za-z0-9]{14}"));
    EXPECT_EQ(account.email, account.user + "@example.com");
  }
  EXPECT_NE(lent.at("user").password, lent.at("other").password);
  EXPECT_EQ(lent.at("totp").totp_secret, "JBSWY3DPEHPK3PXP");
  EXPECT_THAT(outcome.target.no_accounts, IsEmpty());
  EXPECT_EQ(most, 5U);
  EXPECT_THAT(town.people, ElementsAre(Key("root")));
  EXPECT_THAT(outcome.left, IsEmpty());
}

TEST(RunAccounts, WhoIsNamedIsNotMade) {
  Town town;
  RunWish wish;
  wish.named["user"] = {"alice", "a"};
  wish.named["totp"] = {"carol", "c"};
  wish.has_mailbox = false;
  const auto outcome = run(town, wish);
  EXPECT_EQ(outcome.target.accounts.at("user").user, "alice");
  EXPECT_EQ(outcome.target.accounts.at("totp").user, "carol");
  EXPECT_TRUE(outcome.target.accounts.contains("other"));
  EXPECT_FALSE(outcome.target.accounts.contains("email")) << "nobody would read the mail";
  EXPECT_THAT(town.heard, ElementsAre("/office/put-user", "/office/remove-user"));
}

TEST(RunAccounts, TakeAllHooksThatTheyNeed) {
  for (const char* hook : {"put-user", "remove-user"}) {
    Town town;
    RunWish wish;
    wish.hooks.erase(hook);
    const auto outcome = run(town, wish);
    EXPECT_THAT(outcome.target.accounts, ElementsAre(Key("admin")));
    EXPECT_THAT(town.heard, IsEmpty()) << "what cannot be taken away again is not made";
  }
  Town town;
  RunWish wish;
  wish.hooks.erase("enable-totp");
  EXPECT_FALSE(run(town, wish).target.accounts.contains("totp"));
}

TEST(RunAccounts, ThatCannotBeMadeBlockTheirCases) {
  Town town;
  town.broken = "/office/enable-totp";
  RunWish wish;
  CaseResult result;
  wish.cases = [&](LabSetup setup) -> Task<void> {
    Case c;
    c.id = "test/totp";
    c.requirements = {"HTTP-LOGIN-04"};
    c.takes = 10s;
    c.body = [](Lab& lab) -> Task<void> {
      lab.verdict("HTTP-LOGIN-04", account_of(lab, "totp").user, testing::Eq("nobody"));
      co_return;
    };
    setup.which = &c;
    co_await run_case(setup, result);
  };
  const auto outcome = run(town, wish);
  EXPECT_EQ(result.status, Status::blocked);
  EXPECT_EQ(result.blame, Blame::environment);
  EXPECT_THAT(result.why, AllOf(HasSubstr("the account 'totp' could not be made"),
                                HasSubstr("'enable-totp' failed with status 500")));
  EXPECT_TRUE(outcome.target.accounts.contains("user"));
  EXPECT_THAT(town.people, ElementsAre(Key("root"))) << "who was made by half goes as well";
  EXPECT_THAT(outcome.left, IsEmpty());
}

TEST(RunAccounts, WhoIsStillThereIsNamed) {
  Town town;
  town.keeps_all = true;
  RunWish wish;
  wish.hooks = {"put-user", "remove-user"};
  EXPECT_THAT(run(town, wish).left,
              ElementsAre(AllOf(HasSubstr("-user"), HasSubstr("removed him, but he signs in")),
                          HasSubstr("-other")));
  Town other;
  wish.between = [](Town& there) { there.broken = "/office/remove-user"; };
  EXPECT_THAT(run(other, wish).left, ElementsAre(HasSubstr("'remove-user' failed with status 500"),
                                                 HasSubstr("'remove-user' failed")));
  Town mute;
  wish.between = [](Town& there) { there.silent = true; };
  EXPECT_THAT(run(mute, wish).left,
              ElementsAre(HasSubstr("is not known"), HasSubstr("the target does not answer")));
}

TEST(RunAccounts, OnlyQuestionsToTheApiNeedThem) {
  Case rendezvous, api;
  rendezvous.requirements = {"RDV-REGPEER-02"};
  api.requirements = {"FRM-HDR-01", "HTTP-LOGIN-02"};
  EXPECT_FALSE(RunAccounts::needed_by({&rendezvous}));
  EXPECT_TRUE(RunAccounts::needed_by({&rendezvous, &api}));
}

}  // namespace
}  // namespace deskcheck::conformance
