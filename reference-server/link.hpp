// What carries payloads on a connection of the rendezvous ports: frames over TCP, or binary
// messages of a WebSocket. Whole payloads in and out; knows neither messages nor encryption.
#pragma once

#include "proto/net/websocket.hpp"
#include "reference-server/frame_reader.hpp"

#include <memory>
#include <optional>

namespace deskcheck::server {

class Link {
 public:
  virtual ~Link() = default;
  // The next payload; nothing: the peer is there, but what it sent is no payload. eof, timed_out
  // (has lost nothing), frame_too_long, or another error, after which the connection is over.
  virtual net::awaitable<net::Result<std::optional<std::string>>> read(net::Deadline deadline) = 0;
  // One at a time. After an error nothing can be written any more.
  virtual net::awaitable<net::Result<void>> write(std::string payload, net::Deadline deadline) = 0;
  // After the last write and with no read() waiting: tells the peer that nothing more comes, and
  // drops what it still sends, so that a reset does not overtake the last answer.
  virtual net::awaitable<void> finish(net::Deadline deadline) = 0;
  // Ends the connection at once; a waiting read() fails.
  virtual void reset() = 0;
  // True after an end of the stream in the middle of a payload.
  virtual bool cut() const { return false; }
};

// `early`: what was read off the stream already. `limit`: the longest payload accepted, in bytes.
// `wrong` outlives the link.
std::unique_ptr<Link> make_framed_link(net::ByteStream stream, std::string early, std::size_t limit,
                                       const WrongPolicies& wrong);
std::unique_ptr<Link> make_websocket_link(net::WebSocket socket, const WrongPolicies& wrong);

}  // namespace deskcheck::server
