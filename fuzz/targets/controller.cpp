// A simulated controller whose server, relay and device are scripted.
#include "client-sim/controller/controller.hpp"
#include "fuzz/engine/target.hpp"
#include "fuzz/targets/scripted_peer.hpp"

namespace deskcheck::fuzz {

namespace {

constexpr net::Duration kPatience = 5min;  // of the controller's owner

sim::ControllerOptions controller_options(const ControllerInput& input) {
  sim::ControllerOptions options;
  options.id = "987654321";
  options.home = cast().controller_at;
  options.rendezvous = cast().server_at;
  const auto& server = input.foreign_key() ? cast().stranger : cast().server;
  options.key = wire::to_text(server.public_key);
  return options;
}

sim::ConnectOptions connect_options(const ControllerInput& input) {
  sim::ConnectOptions options;
  options.conn_type = input.conn_type();
  options.force_relay = input.force_relay();
  options.nat_type = input.nat_type();
  if (input.has_token()) options.token = "token";
  options.failed_directly_before = input.failed_directly_before();
  if (input.logs_in()) options.password = cast().password;
  return options;
}

void check(const sim::ConnectResult& result, const ControllerInput& input, const Notes& notes,
           net::Duration took) {
  require(result.connected() == result.failure.empty(), "there is a session or a failure");
  require(result.connected() == (result.path != sim::Path::none), "a session goes over some path");
  require(!result.retried || !result.connected(), "only a failure is tried again");
  require(result.punch_attempts <= 3 && result.relay_attempts <= 3, "attempts are limited");
  require(took <= kPatience + 1s, "nothing takes longer than it may");
  require(
      !input.force_relay() || (result.path != sim::Path::direct && result.path != sim::Path::lan),
      "a forced relay is never left out");
  if (result.connected() && result.session->encrypted())
    require(notes.device_shook_hands && !input.foreign_key(),
            "a session is encrypted with the right device only");
  require(!result.login || input.logs_in(), "nobody logs in unasked");
  for (const auto& payload : notes.heard)
    require(payload.find(cast().password) == payload.npos, "the password itself is never sent");
}

Task<void> story(net::World world, const ControllerInput& input) {
  Notes notes;
  sim::Transcript transcript;
  net::Endpoint device = cast().device_at;
  device.port = 5000;
  ScriptedListener server(world, cast().server_at, input.servers(), notes);
  ScriptedListener relay(world, cast().relay_at, input.peers(), notes);
  ScriptedListener direct(world, device, input.peers(), notes);
  net::TaskGroup tasks(world.executor);
  tasks.spawn("server", server.run(&tasks));
  tasks.spawn("relay", relay.run(&tasks));
  tasks.spawn("device", direct.run(&tasks));
  {
    sim::Controller controller(world, controller_options(input),
                               sim::Recorder(&transcript, &world.clock, "controller"));
    const auto begun = world.clock.now();
    std::string id = cast().device_id;
    auto options = connect_options(input);
    auto result = co_await controller.connect(std::move(id), std::move(options),
                                              net::in(world.clock, kPatience));
    check(result, input, notes, world.clock.now() - begun);
    if (result.session) {
      (void)co_await result.session->idle(net::in(world.clock, 10s));
      std::string reason = "enough";
      co_await result.session->close(std::move(reason), net::in(world.clock, 1s));
    }
  }
  tasks.cancel();
  co_await tasks.join();
  if (tasks.failure()) std::rethrow_exception(tasks.failure());
  check_transcript(transcript);
}

}  // namespace

std::unique_ptr<google::protobuf::Message> new_input() {
  return std::make_unique<ControllerInput>();
}

void one_input(std::string_view bytes) {
  ControllerInput input;
  if (!parse(bytes, input)) return;
  const auto segment = input.servers_size() ? input.servers(0).segment() : 0;
  simulate([&](net::World world) { return story(world, input); }, segment);
}

}  // namespace deskcheck::fuzz
