// Agents that live by their own clock, as the real ones do: at one server, from one start to the
// next, and on the way from another server.
#include "client-sim/lab/http_service.hpp"
#include "conformance/cases/strategy/agent.hpp"
#include "conformance/lab/simulated.hpp"

#include <boost/json/serialize.hpp>

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

// The longest pause between two heartbeats, of an agent that nobody controls, and until the answer.
constexpr net::Duration kRhythm = 18s + kHttpPatience;
// The same while somebody controls it.
constexpr net::Duration kFastRhythm = 3s + kHttpPatience;

// Where a device was before: an API that has told it to go to the target, under a time of its own.
class FormerServer {
 public:
  FormerServer(Lab& lab, std::int64_t modified_at)
      : service_(std::make_shared<sim::HttpService>(lab.world(), place(lab),
                                                    answers(modified_at, lab.target().api))) {
    service_->start();
    lab.at_end([service = service_] { return stop(service); });
  }
  sim::ApiServer api() const {
    return *sim::ApiServer::at("http://" + to_string(service_->local()));
  }

 private:
  static Task<void> stop(std::shared_ptr<sim::HttpService> service) { co_await service->stop(); }
  // Where no source addresses are given out, agents are on this machine.
  static net::Endpoint place(Lab& lab) {
    auto home = lab.home();
    if (!home.address.is_unspecified()) return home;
    if (home.address.is_v6())
      home.address = boost::asio::ip::address_v6::loopback();
    else
      home.address = boost::asio::ip::address_v4::loopback();
    return home;
  }
  static sim::HttpService::Handler answers(std::int64_t modified_at, std::string api) {
    return [=](const sim::HttpRequest& request) {
      sim::HttpResponse response;
      if (request.target == "/api/sysinfo") response.body = "SYSINFO_UPDATED";
      if (request.target != "/api/heartbeat") return response;
      const json::object options{{"api-server", api}, {kWhose, "former"}};
      response.body = json::serialize(json::object{
          {"modified_at", modified_at}, {"strategy", json::object{{"config_options", options}}}});
      return response;
    };
  }

  std::shared_ptr<sim::HttpService> service_;
};

}  // namespace

// Enrolled, controlled by three, left by them: what an operator orders comes once.
CASE(agent_by_itself, "api/heartbeat/agent-by-itself",
     checks("HTTP-SYS-10", "HTTP-HB-05", "HTTP-HB-07", "HTTP-HB-11"), after("api/strategy/pushed"),
     takes(180s)) {
  LabAdmin admin(lab, {"put-strategy", "remove-strategy", "strategy-of-device", "disconnect"});
  const std::string name = fresh_strategy(lab);
  auto device = co_await lab.registered_device();
  auto& agent = simulated_agent(lab, agent_options(lab, device));
  const auto& told = agent.counters();
  const auto enrolled = [&] { return agent.sysinfo_uploaded() && told.answers > 0; };
  (void)co_await comes_to(lab, agent, enrolled, lab.within(2 * kRhythm));
  if (!lab.verdict("HTTP-SYS-10", agent.is_pro(), testing::IsTrue())) co_return;
  const int uploads = told.sysinfos, early = told.answers;
  for (int one = 0; one < 3; ++one) agent.begin_session(sim::ControllerFacts());
  // The second heartbeat from here on tells of them in any case.
  const auto controlled = [&] { return told.answers >= early + 2; };
  (void)co_await comes_to(lab, agent, controlled, lab.within(2 * kFastRhythm));
  co_await admin.put_strategy(name, says("once"));
  remove_at_end(lab, admin, name);
  co_await admin.assign_to_device(device.id(), name);
  // Some servers say that there is none before there is one.
  const auto governed = [&] { return agent.options().contains(kWhose); };
  (void)co_await comes_to(lab, agent, governed, lab.within(2 * kFastRhythm));
  lab.require("the strategy has come", governed(), testing::IsTrue());
  const int strategies = told.strategies;
  const std::vector<std::int32_t> second{2};
  co_await admin.disconnect(device.id(), second);
  const auto ended = [&] { return told.disconnects > 0; };
  (void)co_await comes_to(lab, agent, ended, lab.within(kFastRhythm));
  lab.require("a session has been ended", told.disconnects, testing::Ge(1));
  // And nothing else in what comes every 3 s, or every 15 s when they have gone.
  const int known = told.answers;
  const auto fast = [&] { return told.answers >= known + 3; };
  (void)co_await comes_to(lab, agent, fast, lab.within(3 * kFastRhythm));
  lab.verdict("HTTP-HB-07", agent.connections(), testing::ElementsAre(1, 3));
  for (const std::int32_t connection : {1, 3}) agent.end_session(connection);
  const auto slow = [&] { return told.answers >= known + 4; };
  (void)co_await comes_to(lab, agent, slow, lab.within(kRhythm));
  lab.require("heartbeats are answered", told.answers, testing::Ge(known + 4));
  lab.verdict("HTTP-HB-07", told.disconnects, testing::Eq(1));
  lab.verdict("HTTP-HB-11", told.strategies, testing::Eq(strategies));
  lab.verdict("HTTP-HB-05", told.sysinfos, testing::Eq(uploads));
}

// It has what it had, tells what it is, and hears nothing twice; what has changed meanwhile it
// hears.
CASE(strategy_restarted_agent, "api/strategy/restarted-agent",
     checks("HTTP-HB-11", "HTTP-HB-05", "HTTP-STRAT-08"), after("api/strategy/pushed"),
     takes(kLongStory)) {
  LabAdmin admin(lab, {"put-strategy", "remove-strategy", "strategy-of-device"});
  const std::string name = fresh_strategy(lab);
  co_await admin.put_strategy(name, says("first"));
  remove_at_end(lab, admin, name);
  auto device = co_await lab.registered_device();
  StrategyAgent agent(lab, device);
  co_await agent.upload();
  co_await admin.assign_to_device(device.id(), name);
  const auto pushed = co_await agent.beat();
  lab.require("the strategy is pushed", pushed, Pushes(kWhose, "first"));
  for (const Way way : ways(lab)) {
    agent.use(way);
    co_await agent.upload();
    const std::int64_t known = agent.modified_at();
    const auto again = co_await agent.beat();
    lab.verdict("HTTP-HB-11", again, PushesOnlyAtAnotherTime(known));
    lab.verdict("HTTP-HB-05", again, LacksMember("sysinfo"));
    const std::string edited = "edited for " + std::string(to_string(way));
    co_await admin.put_strategy(name, says(edited));
    co_await agent.upload();
    co_await has_now(lab, agent, edited);
    // Installed anew, it has nothing.
    co_await agent.upload();
    const auto fresh = co_await agent.beat_with(0);
    lab.verdict("HTTP-HB-11", fresh, Pushes(kWhose, edited));
  }
}

// The time that it brings along is another server's, and says nothing here.
CASE(strategy_new_server, "api/strategy/new-server",
     checks("HTTP-HB-11", "HTTP-HB-10", "HTTP-SYS-10"), after("api/strategy/pushed"), takes(180s)) {
  LabAdmin admin(lab, {"put-strategy", "remove-strategy", "strategy-of-device"});
  const std::string name = fresh_strategy(lab);
  co_await admin.put_strategy(name, says("here"));
  remove_at_end(lab, admin, name);
  // A count of changes, and a clock of milliseconds.
  for (const std::int64_t foreign : {std::int64_t{3}, std::int64_t{4'102'444'800'000}}) {
    auto device = co_await lab.registered_device();
    const FormerServer former(lab, foreign);
    auto options = agent_options(lab, device);
    options.other_apis = {options.access.api};
    options.access.api = former.api();
    auto& agent = simulated_agent(lab, std::move(options));
    const auto& told = agent.counters();
    const auto gone = [&] { return told.strategies > 0; };
    (void)co_await comes_to(lab, agent, gone, lab.within(kFastRhythm));
    lab.require("the former server has sent it here", agent.modified_at(), testing::Eq(foreign));
    const auto enrolled = [&] {
      return agent.stacks().access().api.url != former.api().url && agent.sysinfo_uploaded();
    };
    (void)co_await comes_to(lab, agent, enrolled, lab.within(kRhythm));
    if (!lab.verdict("HTTP-SYS-10", enrolled(), testing::IsTrue())) co_return;
    agent.begin_session(sim::ControllerFacts());
    const auto heard = [&] { return told.answers > 1; };
    (void)co_await comes_to(lab, agent, heard, lab.within(kFastRhythm));
    co_await admin.assign_to_device(device.id(), name);
    const auto governed = [&] { return agent.options().at(kWhose) == "here"; };
    (void)co_await comes_to(lab, agent, governed, lab.within(2 * kFastRhythm));
    if (!lab.verdict("HTTP-HB-11", agent.options().at(kWhose), testing::Eq(std::string("here"))))
      co_return;
    lab.verdict("HTTP-HB-10", agent.modified_at(), testing::Ne(foreign));
    const int strategies = told.strategies, answers = told.answers;
    const auto later = [&] { return told.answers >= answers + 3; };
    (void)co_await comes_to(lab, agent, later, lab.within(3 * kFastRhythm));
    lab.verdict("HTTP-HB-11", told.strategies, testing::Eq(strategies));
  }
}

}  // namespace deskcheck::conformance
