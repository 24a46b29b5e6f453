// One party of a relay: a TCP connection, or a WebSocket. Carries bytes or whole payloads; decides
// nothing about them.
#pragma once

#include "proto/net/network.hpp"
#include "proto/net/websocket.hpp"
#include "proto/wire/frame.hpp"

#include <functional>
#include <memory>

namespace deskcheck::server {

// The longest payload that is translated between frames and messages, in bytes. Between two TCP
// connections nothing is translated, and nothing is too long.
inline constexpr std::size_t kLongestRelayed = 16 << 20;

struct RelayParty {
  RelayParty() = default;
  RelayParty(net::ByteStream s, std::string e)
      : peer(s->remote()), stream(std::move(s)), early(std::move(e)) {}
  RelayParty(net::WebSocket s, net::Endpoint p)
      : peer(std::move(p)), socket(std::make_unique<net::WebSocket>(std::move(s))) {}
  // Ends the connection now.
  void reset();

  net::Endpoint peer;  // behind a trusted proxy: the client's
  net::ByteStream stream;
  std::string early;  // what it sent after its first frame, as far as it was read
  std::unique_ptr<net::WebSocket> socket;  // instead of `stream`
};

// A party as a source and sink of payloads.
class RelayLeg {
 public:
  virtual ~RelayLeg() = default;
  // The next payload, which may be empty; nothing: something came that is none, or not all of it.
  // timed_out has lost nothing.
  virtual net::awaitable<net::Result<std::optional<std::string>>> read(net::Deadline deadline) = 0;
  virtual net::awaitable<net::Result<void>> write(std::string payload, net::Deadline deadline) = 0;
  // Tells the party that nothing more comes, when nobody reads or writes any more.
  virtual net::awaitable<void> finish(net::Deadline deadline) = 0;
};

// `party` outlives the leg.
std::unique_ptr<RelayLeg> make_leg(RelayParty& party);

}  // namespace deskcheck::server
