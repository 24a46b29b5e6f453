// What a fuzz target is: one function of one input that ends the process if a property does not
// hold. The same source is linked with libFuzzer (preset `fuzz`) and with a plain main that replays
// inputs (every other preset).
#pragma once

#include <google/protobuf/message.h>

#include <memory>
#include <string_view>

namespace deskcheck::fuzz {

// --- each target defines ------------------------------------------------------------------------

// Tries one input. Returns if all properties hold, whatever the input is.
void one_input(std::string_view input);
// An empty message of the type that inputs are; null if inputs are plain bytes or text.
std::unique_ptr<google::protobuf::Message> new_input();

// --- each target uses ---------------------------------------------------------------------------

// Ends the process with one line unless `holds`. `property`: what should have been true.
void require(bool holds, std::string_view property);

// True if the environment says DESKCHECK_FUZZ_PLANTED=1: then the harness puts its documented wrong
// thing between the input and the code under test, and the properties have to notice. It proves
// that fuzzer, mutator, seeds and properties together reach deep enough.
bool planted();

// The bytes as the target's input message; false if they do not parse.
template <class Input>
bool parse(std::string_view bytes, Input& input) {
  return input.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

}  // namespace deskcheck::fuzz
