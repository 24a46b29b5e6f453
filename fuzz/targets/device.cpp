// A simulated device whose server, relay and visitors are scripted.
#include "client-sim/device/device.hpp"
#include "fuzz/engine/target.hpp"
#include "fuzz/targets/scripted_peer.hpp"
#include "proto/wire/address.hpp"

#include <set>

namespace deskcheck::fuzz {

namespace {

constexpr net::Duration kAfterwards = 40s;  // for what the last datagram has begun

sim::DeviceOptions device_options(const DeviceInput& input) {
  sim::DeviceOptions options;
  options.id = cast().device_id;
  options.uuid = "uuid";
  options.keys = cast().device;
  options.home = cast().device_at;
  options.rendezvous = cast().server_at;
  options.key = wire::to_text(cast().server.public_key);
  if (input.own_relay()) options.relay_server = net::to_string(cast().relay_at);
  options.nat_type = input.nat_type();
  options.password = cast().password;
  options.key_confirmed = input.key_confirmed();
  options.tcp_listening = !input.not_listening();
  options.relay_only = input.relay_only();
  options.firewalled = input.firewalled();
  return options;
}

class Life {
 public:
  Life(net::World world, const DeviceInput& input)
      : world_(world),
        input_(input),
        udp_(world, cast().server_at, sim::Recorder()),
        stranger_(world, net::endpoint("10.0.3.1", 21116), sim::Recorder()),
        server_(world, cast().server_at, input.servers(), notes_),
        relay_(world, cast().relay_at, input.relays(), notes_),
        tasks_(world.executor) {
    server_.on_heard = [this](const net::Endpoint& from, const std::string& payload) {
      on_server_heard(from, payload);
    };
    relay_.on_heard = [this](const net::Endpoint& from, const std::string& payload) {
      on_relay_heard(from, payload);
    };
  }

  Task<void> run() {
    device_.emplace(world_, device_options(input_),
                    sim::Recorder(&transcript_, &world_.clock, "device"));
    tasks_.spawn("server", server_.run(&tasks_));
    tasks_.spawn("relay", relay_.run(&tasks_));
    tasks_.spawn("udp", hear_datagrams());
    device_->start();
    for (const auto& datagram : input_.datagrams()) {
      co_await net::sleep_for(world_.clock, datagram.wait_ms() % 60'000 * 1ms);
      send(datagram);
    }
    co_await net::sleep_for(world_.clock, kAfterwards);
    co_await device_->stop();
    tasks_.cancel();
    co_await tasks_.join();
    if (tasks_.failure()) std::rethrow_exception(tasks_.failure());
    check_afterwards();
  }

 private:
  void send(const Datagram& datagram) {
    auto& channel = datagram.of_stranger() ? stranger_ : udp_;
    auto message = datagram.message();
    if (datagram.has_bytes() && !parse(datagram.bytes(), message))
      return channel.send_bytes(device_->local(), datagram.bytes());
    if (message.has_punch_hole()) complete(*message.mutable_punch_hole(), datagram);
    if (message.has_fetch_local_addr()) complete(*message.mutable_fetch_local_addr(), datagram);
    if (message.has_request_relay()) {
      complete(*message.mutable_request_relay(), datagram);
      pushed_uuids_.insert(message.request_relay().uuid());
    }
    channel.send(device_->local(), message);
  }

  template <class Push>
  void complete(Push& push, const Datagram& datagram) const {
    if (datagram.requester() != 0) {
      const boost::asio::ip::address_v4 address(0x0A000201u + datagram.requester() % 4);
      push.set_socket_addr(wire::encode_address({address, 4000}, 9));
    }
    if (datagram.names_relay()) push.set_relay_server(net::to_string(cast().relay_at));
  }

  Task<void> hear_datagrams() {
    for (;;) {
      auto datagram = co_await udp_.next(net::never(world_.clock));
      if (!datagram) continue;
      require(datagram->message.has_value(), "a device sends messages only");
      check_registration(*datagram->message);
    }
  }

  void check_registration(const hbb::RendezvousMessage& message) {
    ++registrations_;
    require(message.has_register_peer() || message.has_register_pk(),
            "a device only registers over UDP");
    if (message.has_register_peer()) {
      require(!message.register_peer().id().empty(), "a device has an id");
      require(message.register_peer().serial() >= 3, "no client reports a serial below 3");
    } else {
      const auto& request = message.register_pk();
      require(request.id().size() >= 6, "a device has an id that servers accept");
      require(
          request.uuid() == "uuid" && request.pk() == wire::view(cast().device.public_key.bytes),
          "a device registers its own uuid and key");
    }
  }

  static bool is_made(const std::string& uuid) {
    return uuid.size() == 36 && uuid[8] == '-' && uuid[13] == '-' && uuid[14] == '4' &&
           uuid[18] == '-' && uuid[23] == '-';
  }

  // Planted: the relay keeps 35 characters of uuids that are not 36 long, as they are in practice.
  static std::string as_heard(std::string uuid) {
    if (planted() && uuid.size() != 36) uuid.resize(35, '0');
    return uuid;
  }

  void on_server_heard(const net::Endpoint& from, const std::string& payload) {
    hbb::RendezvousMessage message;
    require(parse(payload, message), "a device sends messages only");
    require(
        message.has_punch_hole_sent() || message.has_local_addr() || message.has_relay_response(),
        "a device answers pushes with their answers");
    ++answers_;
    if (!message.has_relay_response() && !input_.visitors().empty())
      tasks_.spawn("visitor", visit(from));
  }

  void on_relay_heard(const net::Endpoint& from, const std::string& payload) {
    if (!relayed_.insert(from).second) return;  // after its first message the session begins
    hbb::RendezvousMessage message;
    require(parse(payload, message) && message.has_request_relay(),
            "a device tells a relay first which pair it belongs to");
    const auto uuid = as_heard(message.request_relay().uuid());
    require(pushed_uuids_.contains(uuid) || is_made(uuid),
            "a device meets at a relay with the uuid that it was told, or with one that it made");
    require(message.request_relay().licence_key() == wire::to_text(cast().server.public_key),
            "a device shows its key to relays");
  }

  Task<void> visit(net::Endpoint to) {
    const auto which = visits_++;
    if (which >= 8) co_return;
    PeerScript script = input_.visitors(which % input_.visitors_size());
    // By then the device listens.
    co_await net::sleep_for(world_.clock, 100ms);
    auto stream = co_await sim::MessageStream::connect(world_, cast().controller_at, to,
                                                       sim::Recorder(), net::in(world_.clock, 5s));
    if (!stream) co_return;
    ScriptedPeer peer(world_, notes_);
    co_await peer.play(std::move(*stream), std::move(script));
  }

  void check_afterwards() const {
    const auto& counters = device_->counters();
    require(counters.register_peer + counters.register_pk >= registrations_,
            "a device counts what it sends");
    require(counters.pushes <= input_.datagrams_size(), "a device counts the pushes that came");
    const auto served = static_cast<std::size_t>(counters.pushes - counters.duplicates);
    require(device_->sessions().size() <= served, "a push leads to at most one session");
    require(answers_ <= static_cast<int>(2 * served), "a push leads to at most two answers");
    for (const auto& session : device_->sessions()) {
      require(!session.logged_in || notes_.proved, "nobody logs in without the password");
      require(session.protection != sim::Protection::encrypted || notes_.controller_shook_hands,
              "only a handshake encrypts");
      require(session.over || session.why_over.empty(), "only what is over says why");
    }
    check_transcript(transcript_);
  }

  net::World world_;
  const DeviceInput& input_;
  Notes notes_;
  sim::Transcript transcript_;
  sim::DatagramChannel udp_, stranger_;
  ScriptedListener server_, relay_;
  std::optional<sim::Device> device_;
  std::set<std::string> pushed_uuids_;
  std::set<net::Endpoint> relayed_;
  int registrations_ = 0, answers_ = 0, visits_ = 0;
  net::TaskGroup tasks_;
};

}  // namespace

std::unique_ptr<google::protobuf::Message> new_input() { return std::make_unique<DeviceInput>(); }

void one_input(std::string_view bytes) {
  DeviceInput input;
  if (!parse(bytes, input)) return;
  const auto segment = input.servers_size() ? input.servers(0).segment() : 0;
  simulate(
      [&](net::World world) -> Task<void> {
        Life life(world, input);
        co_await life.run();
      },
      segment);
}

}  // namespace deskcheck::fuzz
