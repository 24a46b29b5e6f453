// A target under libFuzzer.
#include "fuzz/engine/target.hpp"
#include "fuzz/mutator/mutate_input.hpp"

#include <cstring>

using namespace deskcheck;

// libFuzzer's own mutations of plain bytes: they use the dictionary and what comparisons looked at.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace {

void mutate_bytes(std::string& bytes, std::size_t most) {
  const std::size_t size = std::min(bytes.size(), most);
  bytes.resize(most);
  bytes.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(bytes.data()), size, most));
}

std::string_view view(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

std::size_t give(const std::string& bytes, std::uint8_t* into, std::size_t most) {
  const std::size_t size = std::min(bytes.size(), most);
  std::memcpy(into, bytes.data(), size);
  return size;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  google::protobuf::SetLogHandler(nullptr);  // it would tell of each invalid string
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::one_input(view(data, size));
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  const auto input = fuzz::new_input();
  if (!input) return LLVMFuzzerMutate(data, size, most);
  fuzz::MessageMutator mutator(seed, mutate_bytes);
  return give(mutate_input(*input, view(data, size), most, mutator), data, most);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* data, std::size_t size,
                                                 const std::uint8_t* other, std::size_t other_size,
                                                 std::uint8_t* out, std::size_t most,
                                                 unsigned seed) {
  const auto input = fuzz::new_input();
  if (!input) return 0;  // libFuzzer has a cross-over of bytes
  fuzz::MessageMutator mutator(seed, mutate_bytes);
  const auto crossed =
      cross_inputs(*input, view(data, size), view(other, other_size), most, mutator);
  return give(crossed, out, most);
}
