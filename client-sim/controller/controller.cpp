#include "client-sim/controller/controller.hpp"

#include "client-sim/controller/attempt.hpp"

namespace deskcheck::sim {

std::string_view to_string(Path path) {
  switch (path) {
    case Path::none:
      return "none";
    case Path::direct:
      return "direct";
    case Path::lan:
      return "lan";
    case Path::relay_by_controller:
      return "relay asked for by the controller";
    case Path::relay_by_device:
      return "relay started by the device";
  }
  return "unknown";
}

Controller::Controller(net::World world, ControllerOptions options, Recorder recorder)
    : world_(world),
      options_(std::move(options)),
      recorder_(std::move(recorder)),
      random_(
          world.random.fork("controller " + options_.id + ' ' + net::to_string(options_.home))) {
  options_.key = effective_key(options_.key);
}

Task<ConnectResult> Controller::connect(std::string id, ConnectOptions options,
                                        net::Deadline deadline) {
  LoginOptions login;
  login.device_id = id;
  login.my_id = options_.id;
  login.my_name = options_.name;
  login.version = options_.version;
  login.conn_type = options.conn_type;
  const auto password = options.password;
  const net::Random random(random_.next());
  Attempt attempt(world_, options_, recorder_, random, std::move(id), std::move(options), deadline);
  auto result = co_await attempt.run();
  if (!result.session || !password) co_return result;
  login.password = *password;
  auto outcome = co_await result.session->login(std::move(login), deadline);
  if (outcome) {
    result.login = std::move(*outcome);
    co_return result;
  }
  result.failure = shown_to_user(failure_text(outcome.error()));
  result.retried = is_retried(result.failure);
  result.session.reset();
  result.path = Path::none;
  co_return result;
}

}  // namespace deskcheck::sim
