#include "fuzz/mutator/mutate_input.hpp"

namespace deskcheck::fuzz {

namespace {

using google::protobuf::Message;

constexpr double kByteLevel = 0.02;  // how often bytes that parse are changed as bytes
constexpr int kTries = 10;           // edits that found nothing to work on are tried again

bool parse(Message& message, std::string_view bytes) {
  return message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

std::string serialise_within(Message& message, std::size_t most, MessageMutator& mutator) {
  while (message.ByteSizeLong() > most && mutator.shrink(message)) {
  }
  return message.SerializeAsString();
}

}  // namespace

std::string mutate_input(Message& scratch, std::string_view bytes, std::size_t most,
                         MessageMutator& mutator) {
  if (mutator.random().chance(kByteLevel) || !parse(scratch, bytes)) {
    std::string changed(bytes);
    mutator.mutate_bytes(changed, most);
    return changed;
  }
  for (auto edits = 1 + mutator.random().below(3); edits > 0; --edits)
    for (int i = 0; i < kTries && !mutator.mutate(scratch); ++i) {
    }
  return serialise_within(scratch, most, mutator);
}

std::string cross_inputs(Message& scratch, std::string_view bytes, std::string_view other,
                         std::size_t most, MessageMutator& mutator) {
  const std::unique_ptr<Message> from(scratch.New());
  if (!parse(scratch, bytes) || !parse(*from, other)) return std::string(bytes);
  mutator.cross_over(scratch, *from);
  return serialise_within(scratch, most, mutator);
}

}  // namespace deskcheck::fuzz
