// The two things that everybody does with a ByteStream. Framing belongs to proto/wire.
#pragma once

#include "proto/net/network.hpp"

namespace deskcheck::net {

// Writes all of `bytes`, or tells why not; on an error an unknown part of them has been sent.
awaitable<Result<void>> write_all(ByteStream& stream, std::string bytes, Deadline deadline);

// At least one byte and at most `max`; error::eof when the peer has sent its last.
awaitable<Result<std::string>> read_some(ByteStream& stream, std::size_t max, Deadline deadline);

}  // namespace deskcheck::net
