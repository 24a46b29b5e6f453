// The operator's consoles as bytes on a connection: who may give commands, where a command ends,
// how its answer leaves. Knows no commands. rendezvous.md chapter 6.
//
// The consoles share their ports (TCP P-1 and TCP Q) with the protocol, and clients may run on the
// server's own host. So, by default, what comes from loopback is a command only if it is text up to
// the end of a line: printable ASCII, at most 1024 bytes. No first frame of a client looks like
// that: the first bytes of those served on these ports (test_nat_request, online_request,
// request_relay) hold a protobuf tag above 0x7F. A command without line end, as `printf h | nc`
// sends it, counts when the sender has ended its side or a second has passed. So does silence,
// which ends the connection as the consoles of real servers do: a client says something at once.
#pragma once

#include "proto/net/network.hpp"
#include "reference-server/options.hpp"

namespace deskcheck::server {

struct Opening {
  enum class Kind {
    protocol,  // `bytes` is what was read of it so far
    command,   // `bytes` is the command
    nothing,   // to be closed without a word
  };
  Opening(Kind k, std::string b) : kind(k), bytes(std::move(b)) {}
  Kind kind;
  std::string bytes;
};

// Reads the begin of a connection to one of the two ports.
net::awaitable<Opening> read_opening(net::Clock& clock, net::ByteStream& stream,
                                     const Options& options);

// Sends what the console prints, which may be nothing, and ends the connection.
net::awaitable<void> answer_command(net::Clock& clock, net::ByteStream& stream, std::string text,
                                    const WrongPolicies& wrong);

}  // namespace deskcheck::server
