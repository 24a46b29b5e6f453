#include "conformance/lab/simulated.hpp"

#include "conformance/lab/api_client.hpp"
#include "conformance/lab/http.hpp"
#include "proto/net/task_group.hpp"

#include <utility>

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

constexpr net::Duration kLongestCall = 60s;  // longer than any case

// A call and the tasks that keep it going; ended by end().
struct RunningCall {
  RunningCall(Lab& lab, sim::ControllerOptions options)
      : controller(lab.world(), std::move(options), lab.recorder("controller")),
        tasks(lab.world().executor) {}
  sim::Controller controller;
  net::TaskGroup tasks;
};

// The result is of no interest, but a session must not end before the case looked at it.
Task<void> connect_and_hold(sim::Controller& controller, std::string id, sim::ConnectOptions how,
                            net::Deadline deadline) {
  auto result = co_await controller.connect(std::move(id), std::move(how), deadline);
  co_await net::sleep_until(*deadline.clock, deadline.at);
}

Task<void> end(std::shared_ptr<RunningCall> call) {
  call->tasks.cancel();
  co_await call->tasks.join();
  if (call->tasks.failure()) std::rethrow_exception(call->tasks.failure());
}

Task<void> stop(std::shared_ptr<sim::Device> device) { co_await device->stop(); }
Task<void> stop(std::shared_ptr<sim::Agent> agent) { co_await agent->stop(); }

// What its sessions have left at the target.
void count_audits(Lab& lab, const sim::Agent& agent) {
  for (int record = 0; record < agent.audits().counters().delivered; ++record)
    lab.created(Thing::audit, lab.named("audit"));
}

}  // namespace

sim::DeviceOptions device_options(Lab& lab, const net::Endpoint& rendezvous) {
  sim::DeviceOptions options;
  options.id = lab.fresh_id();
  options.uuid = lab.fresh_uuid();
  options.keys = wire::make_key_pair(lab.random());
  options.home = lab.home();
  options.rendezvous = rendezvous;
  return options;
}

sim::ControllerOptions controller_options(Lab& lab, const net::Endpoint& rendezvous,
                                          net::Endpoint home) {
  sim::ControllerOptions options;
  options.id = lab.fresh_id();
  options.home = home;
  options.rendezvous = rendezvous;
  return options;
}

sim::Device& simulated_device(Lab& lab, sim::DeviceOptions options) {
  auto device =
      std::make_shared<sim::Device>(lab.world(), std::move(options), lab.recorder("device"));
  lab.at_end([device] { return stop(device); });
  device->start();
  return *device;
}

sim::ApiServer api_of_target(const Lab& lab) {
  const ApiPlace place = api_place(lab);
  auto api = sim::ApiServer::at(lab.target().api, place.at.address);
  if (api && place.tls) api->trust = net::TlsTrust::system_and(lab.target().api_certificates);
  if (!api) lab.environment("'" + lab.target().api + "' is no URL of an API");
  return std::move(*api);
}

sim::AgentOptions agent_options(const Lab& lab, const LabDevice& device) {
  sim::AgentOptions options;
  options.access.id = device.id();
  options.access.uuid = device.identity().uuid;
  options.access.home = device.home();
  options.access.api = api_of_target(lab);
  options.host_name = "host-of-" + device.id();
  if (!lab.target().key || !lab.target().claims("rendezvous.http-tunnel")) return options;
  options.access.rendezvous = lab.target().rendezvous;
  options.access.key = lab.target().licence_key;
  return options;
}

sim::Agent& simulated_agent(Lab& lab, sim::AgentOptions options) {
  auto agent = std::make_shared<sim::Agent>(lab.world(), std::move(options), lab.recorder("agent"));
  lab.at_end([agent, where = &lab] {
    count_audits(*where, *agent);
    return stop(agent);
  });
  agent->start();
  return *agent;
}

Task<bool> comes_to(Lab& lab, sim::Agent& agent, std::function<bool()> state,
                    net::Deadline deadline) {
  const auto& told = agent.counters();
  int answers = told.answers, limited = told.limited;
  std::optional<net::Time> limited_since;
  while (!state()) {
    const auto until = limited_since ? lab.within(lab.time_left()) : deadline;
    const auto change = co_await agent.changed(until);
    if (!change && !state() && limited_since) heartbeats_are_limited(lab);
    if (!change) co_return state();
    if (told.answers != answers && limited_since)
      deadline.at += lab.now() - *std::exchange(limited_since, std::nullopt);
    if (told.limited != limited && !limited_since) limited_since = lab.now();
    answers = told.answers;
    limited = told.limited;
  }
  co_return true;
}

void simulated_call(Lab& lab, sim::ControllerOptions options, std::string id,
                    sim::ConnectOptions how) {
  auto call = std::make_shared<RunningCall>(lab, std::move(options));
  lab.at_end([call] { return end(call); });
  call->tasks.spawn("controller", connect_and_hold(call->controller, std::move(id), std::move(how),
                                                   lab.within(kLongestCall)));
}

}  // namespace deskcheck::conformance
