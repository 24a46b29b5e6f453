#include "client-sim/device/changes.hpp"
#include "client-sim/scenario/party.hpp"
#include "proto/net/task_group.hpp"

namespace deskcheck::scenario {

namespace {

constexpr net::Duration kLongestCall = std::chrono::hours(1);  // the client has no limit

CallResult::Path path_of(sim::Path path) {
  switch (path) {
    case sim::Path::none:
      return CallResult::none;
    case sim::Path::direct:
      return CallResult::direct;
    case sim::Path::lan:
      return CallResult::lan;
    case sim::Path::relay_by_controller:
      return CallResult::relay_by_controller;
    case sim::Path::relay_by_device:
      return CallResult::relay_by_device;
  }
  return CallResult::none;
}

Heard result_of(const sim::ConnectResult& result) {
  Heard heard;
  heard.what = Heard::What::result;
  auto* call = heard.observation.mutable_result();
  call->set_connected(result.connected());
  call->set_path(path_of(result.path));
  call->set_encrypted(result.session && result.session->encrypted());
  call->set_logged_in(result.login && result.login->error.empty());
  call->set_failure(result.login && !result.login->error.empty() ? result.login->error
                                                                 : result.failure);
  return heard;
}

sim::ControllerOptions options_of(const Birth& birth) {
  sim::ControllerOptions options;
  options.id = birth.identity.id;
  options.home = birth.home;
  options.rendezvous = birth.site.rendezvous;
  options.key = birth.site.key;
  options.transport = birth.role->transport;
  return options;
}

}  // namespace

struct ControllerParty::Call {
  explicit Call(const Birth& birth)
      : controller(birth.world, options_of(birth), birth.recorder), tasks(birth.world.executor) {}

  // The session stays until the call is ended.
  Task<void> run(std::string id, sim::ConnectOptions options, net::Deadline deadline) {
    auto result = co_await controller.connect(std::move(id), std::move(options), deadline);
    connected.emplace(std::move(result));
    changes.announce();
    if (connected->session) (void)co_await connected->session->idle(deadline);
  }

  sim::Controller controller;
  std::optional<sim::ConnectResult> connected;
  sim::Changes changes;
  net::TaskGroup tasks;
};

ControllerParty::ControllerParty(Birth birth) : Party(std::move(birth)) {}
ControllerParty::~ControllerParty() = default;

void ControllerParty::call(std::string id, sim::ConnectOptions options) {
  call_ = std::make_unique<Call>(birth_);
  call_->tasks.spawn(
      "call of " + role().name,
      call_->run(std::move(id), std::move(options), net::in(birth_.world.clock, kLongestCall)));
}

Task<net::Result<Heard>> ControllerParty::hear(bool first, net::Deadline deadline) {
  if (!call_ || (!first && call_->connected)) {
    co_await net::sleep_until(*deadline.clock, deadline.at);
    co_return boost::asio::error::timed_out;
  }
  if (!call_->connected) {
    auto changed = co_await call_->changes.next(deadline);
    if (!changed) co_return changed.error();
  }
  co_return result_of(*call_->connected);
}

Task<void> ControllerParty::end() {
  if (!call_) co_return;
  call_->tasks.cancel();
  co_await call_->tasks.join();
  const auto failure = call_->tasks.failure();
  call_.reset();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace deskcheck::scenario
