// The client's side of KeyExchange with a rendezvous server: which of its connections are
// encrypted is for the caller to know. client src/common.rs:1999-2047.
#pragma once

#include "client-sim/channel/message_stream.hpp"

namespace deskcheck::sim {

// Waits up to 18 s for the server's offer, checks it against `key`, the server's public key as
// configured, and answers. Afterwards server->encrypted() tells what came of it: anything that is
// no KeyExchange is discarded and the connection goes on in plain text, also after an end of the
// stream, which shows at the next use. On a WebSocket nothing is awaited and nothing encrypted.
// Errors end the attempt: bad_base64 (the configured key is none), timed_out (nothing came),
// wrong_key_count, bad_signature, bad_key_length, weak_key (of the offer), and those of sending.
Task<net::Result<void>> secure_with_server(MessageStream* server, std::string key,
                                           net::Random* random, net::Deadline deadline);

}  // namespace deskcheck::sim
