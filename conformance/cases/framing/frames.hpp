// Frames by hand: headers that encoders do not make, payloads of an exact size, and what a server
// sends with its header still on.
#pragma once

#include "conformance/lab/controller.hpp"

namespace deskcheck::conformance {

// `length` in a header of `bytes` bytes, 1 to 4, whether that is the shortest or not.
std::string header_of(std::size_t bytes, std::size_t length);
// The shortest header, then the payload.
std::string frame(const std::string& payload);

// The payload of a request for an unknown id, filled up to exactly `size` bytes with a field that
// nobody knows. Below 150 bytes it may have to go without the licence key.
std::string request_of_size(Lab& lab, LabController& controller, std::size_t size);

// Sends bytes as they are and scans for the answer.
Task<Answer<hbb::PunchHoleResponse>> ask_raw(Lab& lab, LabController& controller, std::string bytes,
                                             net::Deadline deadline);

struct RawFrame {
  std::string header;
  std::string payload;
};
void PrintTo(const RawFrame& frame, std::ostream* out);

// The next frame with a message of this kind inside.
Task<Answer<RawFrame>> next_raw_frame(Lab& lab, LabController& controller, std::string member,
                                      net::Deadline deadline);

}  // namespace deskcheck::conformance
