// What servers are told: series of messages with who says them and when.
#include "fuzz/seed_maker/seeds.hpp"

namespace deskcheck::fuzz {

namespace {

using sim::TranscriptLine;
using What = TranscriptLine::What;

// Endpoints as the target `rendezvous` numbers them: party modulo 6 chooses the address.
class Parties {
 public:
  std::uint32_t number(const net::Endpoint& endpoint) {
    const auto next = static_cast<std::uint32_t>(addresses_.size());
    auto& address = addresses_.try_emplace(endpoint.address, Address(next)).first->second;
    const auto port = static_cast<std::uint32_t>(address.ports.size());
    return address.number % 6 + 6 * address.ports.try_emplace(endpoint.port, port).first->second;
  }

 private:
  // Both are numbered as they come.
  struct Address {
    explicit Address(std::uint32_t n) : number(n) {}
    std::uint32_t number;
    std::map<std::uint16_t, std::uint32_t> ports;
  };
  std::map<boost::asio::ip::address, Address> addresses_;
};

// The question that the device answers is, in a series of messages, the last one.
bool takes_address_of_push(hbb::RendezvousMessage& message) {
  std::string address;
  if (message.has_punch_hole_sent())
    address.swap(*message.mutable_punch_hole_sent()->mutable_socket_addr());
  if (message.has_local_addr()) address.swap(*message.mutable_local_addr()->mutable_socket_addr());
  if (message.has_relay_response())
    address.swap(*message.mutable_relay_response()->mutable_socket_addr());
  return !address.empty();
}

void add_rendezvous_step(const TranscriptLine& line, std::uint32_t party, std::uint32_t transport,
                         RendezvousStep& step) {
  step.set_party(party);
  step.set_transport(transport);
  if (line.what == What::closed) return step.set_hangs_up(true);
  auto message = rendezvous_message(line);
  if (!message) return step.set_bytes(line.bytes);
  step.set_about_last_push(takes_address_of_push(*message));
  *step.mutable_message() = std::move(*message);
}

void add_rendezvous(const Conversation& c, Seeds& seeds) {
  RendezvousInput input;
  Parties parties;
  const TranscriptLine* last = nullptr;
  for (const auto& line : c.lines) {
    const bool main = line.remote == c.target.rendezvous, nat = line.remote == c.target.nat;
    const bool said = line.what == What::sent && line.protocol == sim::Protocol::rendezvous;
    const bool hung_up = line.what == What::closed && line.text == "by this side";
    if (!(main || nat) || !(said || hung_up) || line.size != line.bytes.size()) continue;
    auto& step = *input.add_steps();
    if (last) step.set_wait_ms(ms_between(*last, line));
    const std::uint32_t transport = line.transport == sim::Transport::udp ? 0 : main ? 1 : 2;
    add_rendezvous_step(line, parties.number(line.local), transport, step);
    last = &line;
  }
  if (input.steps_size() > 1) add_seed(c, "rendezvous", input.SerializeAsString(), seeds);
}

void add_relay(const Conversation& c, Seeds& seeds) {
  RelayInput input;
  std::map<net::Endpoint, bool> begun;
  const TranscriptLine* last = nullptr;
  for (const auto& line : c.lines) {
    if (line.what != What::sent || line.remote != c.target.relay) continue;
    const auto message = rendezvous_message(line);
    if (!message || !begun.try_emplace(line.local, true).second) continue;
    auto& step = *input.add_steps();
    if (last) step.set_wait_ms(ms_between(*last, line));
    *step.mutable_first() = *message;
    last = &line;
  }
  if (input.steps_size() == 0) return;
  auto& end = *input.add_steps();
  end.set_wait_ms(30'000);
  end.set_expire(true);
  add_seed(c, "relay", input.SerializeAsString(), seeds);
}

}  // namespace

void add_seeds_of_servers(const Conversation& conversation, Seeds& seeds) {
  add_rendezvous(conversation, seeds);
  add_relay(conversation, seeds);
}

}  // namespace deskcheck::fuzz
