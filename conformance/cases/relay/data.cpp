// What passes through a relayed session between two TCP connections: every byte, and nothing else.
#include "conformance/lab/matchers.hpp"
#include "conformance/lab/relay_party.hpp"
#include "proto/net/task_group.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

// A stream that a relay which looks at frames would change: empty frames, a header longer than
// needed, every byte value, and the start of a frame that never ends.
std::string awkward_stream(net::Random& random) {
  std::string bytes;
  bytes += std::string(3, '\0');                        // three empty frames
  bytes += std::string("\x0f\x00\x00\x00", 4) + "xyz";  // 3 bytes under a 4-byte header
  bytes += wire::encode_frame(random.bytes(1000)).value();
  for (int value = 0; value < 256; ++value) bytes += static_cast<char>(value);
  bytes += std::string("\xff\xff\xff\xff", 4) + "the rest";  // announces almost 1 GiB
  return bytes;
}

// One frame of a long transfer: recognisable by its number, so that a lost or doubled one shows.
constexpr std::size_t kFrameSize = 1024 * 1024;
std::string numbered(std::string block, int number) {
  const std::string text = std::to_string(number) + ":";
  block.replace(0, text.size(), text);
  return block;
}

// Tasks that run beside each other until the transfer ends or fails; they must not throw.
Task<void> send_frames(LabRelayParty* party, const std::string* block, int frames,
                       net::Deadline deadline) {
  for (int i = 0; i < frames; ++i) {
    auto sent = co_await party->connection().send(numbered(*block, i), deadline);
    if (!sent) co_return;
  }
}
Task<void> count_intact(LabRelayParty* party, const std::string* block, int frames,
                        net::Deadline deadline, int* intact) {
  for (int i = 0; i < frames; ++i) {
    auto payload = co_await party->connection().receive(deadline);
    if (!payload || *payload != numbered(*block, i)) co_return;
    ++*intact;
  }
}

// How many of `frames` frames of 1 MiB arrive in order and unchanged.
Task<int> transfer(Lab& lab, LabRelayParty& from, LabRelayParty& to, int frames,
                   net::Duration patience) {
  const std::string block = lab.random().bytes(kFrameSize);
  int intact = 0;
  const auto deadline = lab.within(patience);
  net::TaskGroup both(lab.world().executor);
  both.spawn("sender", send_frames(&from, &block, frames, deadline));
  both.spawn("receiver", count_intact(&to, &block, frames, deadline, &intact));
  co_await both.join();
  co_return intact;
}

}  // namespace

// The bytes after the first frame pass in both directions as they are, whether they make frames or
// not, and even when they came in one piece with the first frame.
CASE(byte_stream, "relay/data/byte-stream", checks("RLY-DATA-01"),
     after("relay/pairing/two-parties"), does(Effect::reads)) {
  const std::string number = fresh_session(lab);
  const std::string from_first = awkward_stream(lab.random());
  const std::string from_second = awkward_stream(lab.random());
  auto first = co_await relay_party(lab, "first", lab.home());
  const auto request = wrap<hbb::RendezvousMessage>(first.request_for(number)).SerializeAsString();
  co_await first.say_bytes(wire::encode_frame(request).value() + from_first);
  co_await lab.wait(200ms);  // for the first to be the first
  auto second = co_await relay_party(lab, "second", lab.home());
  co_await second.join(number);
  co_await second.say_bytes(from_second);

  auto at_second = co_await second.hear_bytes(from_first.size(), lab.within(5s));
  lab.verdict("RLY-DATA-01", at_second, Arrives<std::string>(Bytes(from_first)));
  auto at_first = co_await first.hear_bytes(from_second.size(), lab.within(5s));
  lab.verdict("RLY-DATA-01", at_first, Arrives<std::string>(Bytes(from_second)));
}

// 100 MiB in frames of 1 MiB arrive unchanged, and after them the other direction still works.
// Servers that limit a session to 128 Mb/s need 7 s for it, those with 16 Mb/s 53 s.
CASE(large_transfer, "relay/data/large-transfer", checks("RLY-DATA-05"),
     after("relay/pairing/two-parties"), takes(57s), heavy(), does(Effect::reads)) {
  auto session = co_await relay_session(lab);
  const int there = co_await transfer(lab, session.first, session.second, 100, 55s);
  lab.verdict("RLY-DATA-05", there, testing::Eq(100));
  if (there != 100) co_return;
  const int back = co_await transfer(lab, session.second, session.first, 1, 5s);
  lab.verdict("RLY-DATA-05", back, testing::Eq(1));
}

}  // namespace deskcheck::conformance
