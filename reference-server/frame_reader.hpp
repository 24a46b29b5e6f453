// Takes frames off a connection, whatever the segmentation. Decides nothing about what they mean.
#pragma once

#include "proto/net/network.hpp"
#include "proto/wire/frame.hpp"
#include "reference-server/faults/policies.hpp"

namespace deskcheck::server {

class FrameReader {
 public:
  // `limit`: the longest payload accepted, in bytes. The stream outlives the reader.
  FrameReader(net::ByteStream& stream, std::size_t limit, const WrongPolicies& wrong)
      : stream_(stream), wrong_(wrong), limit_(limit), decoder_(limit) {}

  // What was read of the stream before.
  void feed(std::string_view bytes) { decoder_.feed(bytes); }
  // The next payload. eof or another error of the stream, timed_out, frame_too_long.
  net::awaitable<net::Result<std::string>> next(net::Deadline deadline);
  // True after an end of the stream that cut a frame.
  bool mid_frame() const { return decoder_.mid_frame(); }
  // What was received after the last payload.
  std::string take_rest() { return decoder_.take_rest(); }

 private:
  net::ByteStream& stream_;
  const WrongPolicies& wrong_;
  std::size_t limit_;
  wire::FrameDecoder decoder_;
};

}  // namespace deskcheck::server
