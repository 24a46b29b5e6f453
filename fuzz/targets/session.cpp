// A session between two simulated clients, one of which is scripted: handshake, login, delay tests,
// end. The subject is either side.
#include "client-sim/device/serve.hpp"
#include "client-sim/session/handshake.hpp"
#include "fuzz/engine/target.hpp"
#include "fuzz/targets/scripted_peer.hpp"
#include "proto/wire/identity.hpp"

namespace deskcheck::fuzz {

namespace {

constexpr net::Duration kWhole = 3min;  // what a session may take here

class Meeting {
 public:
  Meeting(net::World world, const SessionInput& input) : world_(world), input_(input) {}

  Task<void> run() {
    auto listener = world_.network.listen(net::endpoint("10.0.1.1", 5000));
    net::TaskGroup tasks(world_.executor);
    tasks.spawn("peer", peer(listener->local()));
    auto accepted = co_await listener->accept(net::in(world_.clock, 1min));
    if (accepted) {
      sim::MessageStream stream(std::move(*accepted),
                                sim::Recorder(&transcript_, &world_.clock, "subject"));
      tasks.spawn("subject", input_.as_controller() ? be_controller(std::move(stream))
                                                    : be_device(std::move(stream)));
    }
    (void)co_await tasks.join_until(net::in(world_.clock, kWhole));
    tasks.cancel();
    co_await tasks.join();
    if (tasks.failure()) std::rethrow_exception(tasks.failure());
    check_transcript(transcript_);
  }

 private:
  Task<void> peer(net::Endpoint to) {
    auto stream = co_await sim::MessageStream::connect(world_, cast_.controller_at, to,
                                                       sim::Recorder(), net::in(world_.clock, 5s));
    if (!stream) co_return;
    PeerScript script = input_.peer();
    ScriptedPeer peer(world_, notes_);
    co_await peer.play(std::move(*stream), std::move(script));
  }

  Task<void> be_device(sim::MessageStream stream) {
    sim::DeviceIdentity identity(cast_.device_id, cast_.device);
    auto session =
        co_await sim::secure_as_device(std::move(stream), std::move(identity), !input_.not_secure(),
                                       net::Random(5), net::in(world_.clock, kWhole));
    if (!session) co_return;
    const bool encrypted = session->encrypted();
    require(encrypted == (session->protection() == sim::Protection::encrypted),
            "a session is encrypted if it says so");
    // An answer that opens is as good as the harness's own: whoever has the key made it.
    require(!encrypted || !input_.not_secure(), "a device that may not offer does not encrypt");
    sim::ServeOptions options;
    options.device_id = cast_.device_id;
    options.password = input_.no_password() ? "" : cast_.password;
    options.salt = "salt";
    options.challenge = "challenge";
    std::function<void()> changed = [this] {
      require(!record_.logged_in || (notes_.proved && !input_.no_password()),
              "nobody logs in without the password");
    };
    co_await sim::serve_session(&world_.clock, std::move(*session), std::move(options), &record_,
                                std::move(changed));
    require(record_.over && !record_.why_over.empty(), "a session that is over says why");
  }

  Task<void> be_controller(sim::MessageStream stream) {
    const auto signed_key = wire::sign_identity(
        cast_.device_id, wire::view(cast_.device.public_key.bytes), cast_.server);
    const auto& server = input_.foreign_key() ? cast_.stranger : cast_.server;
    sim::ExpectedDevice device(cast_.device_id, signed_key, server.public_key);
    auto session = co_await sim::secure_as_controller(
        std::move(stream), std::move(device), net::Random(6), net::in(world_.clock, kWhole));
    if (!session) co_return;
    require(!session->encrypted() || (notes_.device_shook_hands && !input_.foreign_key()),
            "a session is encrypted with the right device only");
    sim::LoginOptions options;
    options.device_id = cast_.device_id;
    options.password = input_.no_password() ? "" : cast_.password;
    auto login = co_await session->login(std::move(options), net::in(world_.clock, 1min));
    for (const auto& payload : notes_.heard)
      require(payload.find(cast_.password) == payload.npos, "the password itself is never sent");
    if (!login) co_return;
    (void)co_await session->idle(net::in(world_.clock, 10s));
    std::string reason = "enough";
    co_await session->close(std::move(reason), net::in(world_.clock, 1s));
  }

  net::World world_;
  const SessionInput& input_;
  const Cast& cast_ = cast();
  Notes notes_;
  sim::Transcript transcript_;
  sim::SessionRecord record_;
};

}  // namespace

std::unique_ptr<google::protobuf::Message> new_input() { return std::make_unique<SessionInput>(); }

void one_input(std::string_view bytes) {
  SessionInput input;
  if (!parse(bytes, input)) return;
  simulate(
      [&](net::World world) -> Task<void> {
        Meeting meeting(world, input);
        co_await meeting.run();
      },
      input.peer().segment());
}

}  // namespace deskcheck::fuzz
