// The rendezvous logic: any series of messages, from any party over any transport, at any time,
// with restarts and a storage that fails. rendezvous_model.cpp holds the properties.
#include "fuzz/engine/target.hpp"
#include "fuzz/inputs/inputs.pb.h"
#include "fuzz/targets/rendezvous_model.hpp"
#include "reference-server/store/memory_api_store.hpp"
#include "reference-server/store/memory_peer_store.hpp"

namespace deskcheck::fuzz {

namespace {

using namespace std::chrono_literals;
using server::Transport;

constexpr std::uint32_t kAddresses = 6;
constexpr std::uint32_t kParties = 24;

class Store final : public server::PeerStore {
 public:
  boost::system::result<std::optional<server::PeerRecord>> find(std::string_view id) override {
    if (fails) return boost::system::errc::make_error_code(boost::system::errc::io_error);
    return memory_.find(id);
  }
  // Planted: of a uuid 16 bytes are kept, so that its owner is a stranger after a restart.
  boost::system::result<void> put(const server::PeerRecord& record) override {
    if (fails) return boost::system::errc::make_error_code(boost::system::errc::io_error);
    server::PeerRecord kept = record;
    if (planted()) kept.uuid = kept.uuid.substr(0, 16);
    return memory_.put(kept);
  }
  boost::system::result<void> rename(std::string_view old_id,
                                     const server::PeerRecord& record) override {
    if (fails) return boost::system::errc::make_error_code(boost::system::errc::io_error);
    return memory_.rename(old_id, record);
  }
  bool fails = false;

 private:
  server::MemoryPeerStore memory_;
};

server::Options options_of(const RendezvousInput& input) {
  server::Options options;
  if (input.licence()) options.licence_key = "key";
  options.always_use_relay = input.always_use_relay();
  options.serial = input.serial();
  options.rendezvous_servers = {"rendezvous.example"};
  for (std::uint32_t i = 0; i < input.relays() % 4; ++i)
    options.relay_servers.push_back("relay" + std::to_string(i));
  net::Random random(1);
  if (!input.no_identity()) options.identity = wire::make_key_pair(random);
  // Low, so that a short input reaches them.
  options.limits.registrations_per_address = 6;
  options.limits.ids_per_address = 4;
  return options;
}

// Every party has an address, a port and at most one connection to each TCP port at a time.
class Play {
 public:
  explicit Play(const RendezvousInput& input)
      : options_(options_of(input)),
        model_(options_),
        logic_(std::in_place, options_, store_, api_store_, net::Random(1)) {}

  void step(const RendezvousStep& step) {
    now_ += std::chrono::milliseconds(step.wait_ms());
    const std::uint32_t party = step.party() % kParties;
    const auto transport = static_cast<Transport>(step.transport() % 3);
    switch (step.what_case()) {
      case RendezvousStep::kMessage:
        return send(message_of(step), party, transport);
      case RendezvousStep::kBytes:
        return send(step.bytes(), party, transport);
      case RendezvousStep::kHangsUp:
        return hang_up(party, transport);
      case RendezvousStep::kRestart:
        return restart();
      case RendezvousStep::kStorageFails:
        store_.fails = step.storage_fails();
        if (store_.fails) model_.storage_fails();
        return;
      case RendezvousStep::WHAT_NOT_SET:
        return;
    }
  }

 private:
  using Place = std::pair<std::uint32_t, Transport>;

  hbb::RendezvousMessage message_of(const RendezvousStep& step) const {
    auto message = step.message();
    if (step.padding_kib() != 0) pad(message, step.padding_kib() % 128 * 1024);
    if (!step.about_last_push()) return message;
    if (message.has_punch_hole_sent())
      message.mutable_punch_hole_sent()->set_socket_addr(model_.last_push());
    if (message.has_local_addr()) message.mutable_local_addr()->set_socket_addr(model_.last_push());
    if (message.has_relay_response())
      message.mutable_relay_response()->set_socket_addr(model_.last_push());
    return message;
  }

  // Longer than datagrams can be, without inputs that long.
  static void pad(hbb::RendezvousMessage& message, std::size_t bytes) {
    if (message.has_request_relay())
      message.mutable_request_relay()->mutable_token()->append(bytes, 'x');
    else if (message.has_punch_hole_request())
      message.mutable_punch_hole_request()->mutable_socket_addr_v6()->append(bytes, 'x');
  }

  Origin origin(std::uint32_t party, Transport transport) {
    Origin from;
    from.transport = transport;
    from.peer.address = boost::asio::ip::address_v4(0x0A000001u + party % kAddresses);
    from.peer.port = static_cast<std::uint16_t>(4000 + party);
    if (transport == Transport::udp) return from;
    auto& connection = connections_[{party, transport}];
    if (connection == 0) connection = ++last_connection_;
    from.connection = connection;
    return from;
  }

  void send(const hbb::RendezvousMessage& message, std::uint32_t party, Transport transport) {
    const auto from = origin(party, transport);
    const auto actions = logic_->on(message, from, now_);
    model_.on(message, from, now_, actions);
    carry_out(actions);
  }

  void send(const std::string& bytes, std::uint32_t party, Transport transport) {
    hbb::RendezvousMessage message;
    if (parse(bytes, message)) return send(message, party, transport);
    const auto actions = logic_->on_unparsable(origin(party, transport));
    require(actions.size() == (transport == Transport::udp ? 0u : 1u),
            "bytes that are no message end a connection and nothing else");
    carry_out(actions);
  }

  void carry_out(const Actions& actions) {
    for (const auto& action : actions)
      if (const auto* close = std::get_if<server::CloseConnection>(&action)) forget(*close);
  }
  void forget(server::CloseConnection close) {
    std::erase_if(connections_, [&](const auto& c) { return c.second == close.connection; });
    logic_->closed(close.connection);
    model_.closed(close.connection);
  }
  void hang_up(std::uint32_t party, Transport transport) {
    const auto found = connections_.find({party, transport});
    if (found != connections_.end()) forget({found->second});
  }
  void restart() {
    connections_.clear();
    logic_.emplace(options_, store_, api_store_, net::Random(1));
    model_.restarted();
  }

  server::Options options_;
  Store store_;
  server::MemoryApiStore api_store_;
  RendezvousModel model_;
  std::optional<server::Rendezvous> logic_;
  net::Time now_{1h};
  std::map<Place, ConnectionId> connections_;
  ConnectionId last_connection_ = 0;
};

}  // namespace

std::unique_ptr<google::protobuf::Message> new_input() {
  return std::make_unique<RendezvousInput>();
}

void one_input(std::string_view bytes) {
  RendezvousInput input;
  if (!parse(bytes, input)) return;
  Play play(input);
  for (const auto& step : input.steps()) play.step(step);
}

}  // namespace deskcheck::fuzz
