// The mutator as a fuzzer calls it: bytes in, bytes out.
#pragma once

#include "fuzz/mutator/message_mutator.hpp"

namespace deskcheck::fuzz {

// `bytes` after a few edits of the message that they are, at most `most` bytes long. Bytes that do
// not parse, and now and then those that do, are changed as bytes. `scratch`: an empty message.
std::string mutate_input(google::protobuf::Message& scratch, std::string_view bytes,
                         std::size_t most, MessageMutator& mutator);
// `bytes` with parts of `other` in it; only `bytes` if one of the two does not parse.
std::string cross_inputs(google::protobuf::Message& scratch, std::string_view bytes,
                         std::string_view other, std::size_t most, MessageMutator& mutator);

}  // namespace deskcheck::fuzz
