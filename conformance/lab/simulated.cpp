#include "conformance/lab/simulated.hpp"

#include "proto/net/task_group.hpp"

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

void simulated_call(Lab& lab, sim::ControllerOptions options, std::string id,
                    sim::ConnectOptions how) {
  auto call = std::make_shared<RunningCall>(lab, std::move(options));
  lab.at_end([call] { return end(call); });
  call->tasks.spawn("controller", connect_and_hold(call->controller, std::move(id), std::move(how),
                                                   lab.within(kLongestCall)));
}

}  // namespace deskcheck::conformance
