// What comes to the other doors of a rendezvous server: its consoles, its tunnel, its WebSockets.
#include "fuzz/seed_maker/seeds.hpp"

namespace deskcheck::fuzz {

namespace {

using sim::TranscriptLine;
using What = TranscriptLine::What;

bool whole(const TranscriptLine& line) {
  return line.what == What::sent && line.size == line.bytes.size();
}

// Commands, and the datagrams and questions of others meanwhile.
void add_console(const Conversation& c, Seeds& seeds) {
  ConsoleInput input;
  std::map<net::Endpoint, std::uint32_t> parties;
  const TranscriptLine* last = nullptr;
  bool commands = false;
  for (const auto& line : c.lines) {
    const bool relay = line.remote == c.target.relay;
    const bool console = line.protocol == sim::Protocol::raw &&
                         line.transport == sim::Transport::tcp &&
                         (relay || line.remote == c.target.nat);
    const auto message = rendezvous_message(line);
    const bool said = message && line.remote == c.target.rendezvous;
    if (!whole(line) || !(console || said)) continue;
    auto& step = *input.add_steps();
    if (last) step.set_wait_ms(ms_between(*last, line));
    last = &line;
    if (console) {
      step.set_relay(relay);
      commands ? step.set_command(line.bytes) : step.set_opening(line.bytes);
      commands = true;
    } else {
      const auto next = static_cast<std::uint32_t>(parties.size());
      step.set_party(parties.try_emplace(line.local, next).first->second);
      *step.mutable_message() = *message;
    }
  }
  if (commands) add_seed(c, "console", input.SerializeAsString(), seeds);
}

void add_tunnel(const Conversation& c, Seeds& seeds) {
  TunnelInput input;
  for (const auto& line : c.lines) {
    const auto message = rendezvous_message(line);
    if (!whole(line) || !message || !message->has_http_proxy_request()) continue;
    auto& step = *input.add_steps();
    step.set_plain(!line.encrypted);
    *step.mutable_request() = message->http_proxy_request();
    // Of the account that the target has.
    for (auto& header : *step.mutable_request()->mutable_headers())
      if (header.value().starts_with("Bearer ")) header.set_value("Bearer token-of-one");
  }
  if (input.steps_size() != 0) add_seed(c, "tunnel", input.SerializeAsString(), seeds);
}

// A message of at most 125 bytes as a frame of a client, masked with zeros.
std::string frame(const std::string& payload) {
  std::string bytes{'\x82', static_cast<char>(0x80 | payload.size()), 0, 0, 0, 0};
  return bytes + payload;
}

// The same as bytes.
void as_bytes(WebSocketInput& input) {
  input.set_upgrade(
      "GET / HTTP/1.1\r\nHost: server\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
  for (auto& step : *input.mutable_steps()) {
    const auto payload = step.has_message() ? step.message().SerializeAsString() : step.binary();
    if (payload.size() < 126) step.set_raw(frame(payload));
  }
}

// The first of its WebSockets, as a reverse proxy carries it.
void add_websocket(const Conversation& c, Seeds& seeds) {
  WebSocketInput input;
  const TranscriptLine* last = nullptr;
  for (const auto& line : c.lines) {
    if (!whole(line) || line.transport != sim::Transport::websocket) continue;
    if (line.remote != c.target.websocket || (last && last->local != line.local)) continue;
    auto& step = *input.add_steps();
    if (last) step.set_wait_ms(ms_between(*last, line));
    last = &line;
    if (auto message = rendezvous_message(line))
      *step.mutable_message() = std::move(*message);
    else
      step.set_binary(line.bytes);
  }
  input.set_from_proxy(true);
  for (const char* name : {"X-Real-IP", "X-Forwarded-For"}) {
    auto& header = *input.add_headers();
    header.set_name(name);
    header.set_value("198.51.100." + std::to_string(input.headers_size()));
  }
  if (c.case_id == "websocket/binary") as_bytes(input);
  if (input.steps_size() != 0) add_seed(c, "websocket", input.SerializeAsString(), seeds);
}

}  // namespace

void add_seeds_of_doors(const Conversation& conversation, Seeds& seeds) {
  add_console(conversation, seeds);
  add_tunnel(conversation, seeds);
  add_websocket(conversation, seeds);
}

}  // namespace deskcheck::fuzz
