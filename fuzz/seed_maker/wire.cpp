// What travels: frames, addresses, signed identities, encrypted streams.
#include "fuzz/seed_maker/seeds.hpp"
#include "proto/wire/frame.hpp"
#include "proto/wire/keys.hpp"

#include <algorithm>

namespace deskcheck::fuzz {

namespace {

using sim::TranscriptLine;
using What = TranscriptLine::What;

// The stream of the first connection, in pieces of 7 and 64 bytes.
void add_frame(const Conversation& c, Seeds& seeds) {
  std::string stream{"\x17\x02\x07\x40"};  // limit 2^23, two lengths
  const auto header = stream.size();
  std::optional<net::Endpoint> connection;
  for (const auto& line : c.lines) {
    const bool framed = line.transport == sim::Transport::tcp && line.what == What::sent &&
                        line.protocol != sim::Protocol::raw && line.size == line.bytes.size();
    if (!framed || (connection && *connection != line.local)) continue;
    connection = line.local;
    stream += *wire::encode_frame(line.bytes);
  }
  if (stream.size() > header) add_seed(c, "frame", std::move(stream), seeds);
}

const std::string& address_in(const hbb::RendezvousMessage& message) {
  if (message.has_punch_hole()) return message.punch_hole().socket_addr();
  if (message.has_fetch_local_addr()) return message.fetch_local_addr().socket_addr();
  return message.punch_hole_response().socket_addr();
}

// Who heard an address, as the endpoint to be encoded, and the address itself.
void add_address(const Conversation& c, Seeds& seeds) {
  for (const auto& line : c.lines) {
    const auto message = rendezvous_message(line);
    if (!message || address_in(*message).empty()) continue;
    std::string seed;
    if (line.local.address.is_v4()) {
      const auto octets = line.local.address.to_v4().to_bytes();
      seed.assign(octets.begin(), octets.end());
      seed.resize(16);
    } else {
      const auto octets = line.local.address.to_v6().to_bytes();
      seed.assign(octets.begin(), octets.end());
    }
    seed += static_cast<char>(line.local.port & 0xFF);
    seed += static_cast<char>(line.local.port >> 8);
    seed += static_cast<char>(line.local.address.is_v4());
    seed += "\x78\x56\x34\x12" + address_in(*message);
    return add_seed(c, "address", std::move(seed), seeds);
  }
}

void add_identity(const Conversation& c, Seeds& seeds) {
  for (const auto& line : c.lines) {
    const auto message = rendezvous_message(line);
    if (!message) continue;
    const auto& pk = message->has_punch_hole_response() ? message->punch_hole_response().pk()
                                                        : message->relay_response().pk();
    IdentityInput input;
    if (pk.size() <= 64 || !input.mutable_identity()->ParseFromString(pk.substr(64))) continue;
    input.set_expected_id(input.identity().id());
    if (c.target.key) input.set_key_text(wire::to_text(*c.target.key));
    input.set_key_bytes(input.identity().pk());
    return add_seed(c, "identity", input.SerializeAsString(), seeds);
  }
}

// The encrypted session of the party that has one, frame by frame as they were sent and opened.
void add_secure_channel(const Conversation& c, Seeds& seeds) {
  constexpr int kMost = 16;
  SecureChannelInput input;
  input.set_session(true);
  std::optional<std::string> party;
  for (const auto& line : c.lines) {
    if (!line.encrypted || !session_message(line) || (party && *party != line.party)) continue;
    if (input.transfers_size() == kMost) break;
    party = line.party;
    const bool other = line.what == What::received;
    auto& seal = *input.add_transfers()->mutable_seal();
    seal.set_second_side(other);
    seal.set_plain(line.bytes);
    auto& open = *input.add_transfers()->mutable_open();
    open.set_second_side(!other);
    open.set_which(static_cast<std::uint32_t>(input.transfers_size() / 2 - 1));
  }
  if (party) add_seed(c, "secure_channel", input.SerializeAsString(), seeds);
}

}  // namespace

void add_seeds_of_wire(const Conversation& conversation, Seeds& seeds) {
  add_frame(conversation, seeds);
  add_address(conversation, seeds);
  add_identity(conversation, seeds);
  add_secure_channel(conversation, seeds);
}

}  // namespace deskcheck::fuzz
