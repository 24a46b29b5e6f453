// What everybody does with a ByteStream. Framing belongs to proto/wire.
#pragma once

#include "proto/net/network.hpp"

namespace deskcheck::net {

// Writes all of `bytes`, or tells why not; on an error an unknown part of them has been sent.
awaitable<Result<void>> write_all(ByteStream& stream, std::string bytes, Deadline deadline);

// At least one byte and at most `max`; error::eof when the peer has sent its last.
awaitable<Result<std::string>> read_some(ByteStream& stream, std::size_t max, Deadline deadline);

// The same stream with `bytes` before everything that is still to come: for those who had to look
// at its beginning to know what it is.
ByteStream with_prefix(ByteStream stream, std::string bytes);

}  // namespace deskcheck::net
