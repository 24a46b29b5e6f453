#include "proto/wire/frame.hpp"

#include "proto/wire/test_support.hpp"

#include <malloc.h>
#include <sys/mman.h>

#include <vector>

namespace deskcheck::wire {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Payloads = std::vector<std::string>;

// All payloads that are complete by now.
Payloads take(FrameDecoder& decoder) {
  Payloads payloads;
  while (auto payload = decoder.next().value()) payloads.push_back(*std::move(payload));
  return payloads;
}

Payloads decode(std::string_view stream) {
  FrameDecoder decoder;
  decoder.feed(stream);
  return take(decoder);
}

std::string encode(const Payloads& payloads) {
  std::string stream;
  for (const auto& payload : payloads) stream += encode_frame(payload).value();
  return stream;
}

struct HeaderVector {
  std::size_t length;
  const char* header;
};

const HeaderVector kHeaders[] = {
    {0, "00"},
    {1, "04"},
    {2, "08"},
    {62, "f8"},
    {63, "fc"},
    {64, "0101"},
    {65, "0501"},
    {255, "fd03"},
    {256, "0104"},
    {0x3FFE, "f9ff"},
    {0x3FFF, "fdff"},
    {0x4000, "020001"},
    {65535, "feff03"},
    {0x3FFFFE, "faffff"},
    {0x3FFFFF, "feffff"},
    {0x400000, "03000001"},
    {0x1000000, "03000004"},
    {0x3FFFFFFE, "fbffffff"},
    {0x3FFFFFFF, "ffffffff"},
};

TEST(Frame, HeaderVectorsAreEncoded) {
  for (const auto& v : kHeaders) {
    EXPECT_EQ(hex(encode_header(v.length).value()), v.header) << v.length;
  }
}

// A limit tells what length a header announces, without a payload of that length.
TEST(Frame, HeaderVectorsAreDecoded) {
  for (const auto& v : kHeaders) {
    FrameDecoder exact(v.length);
    exact.feed(unhex(v.header));
    EXPECT_FALSE(exact.next().has_error()) << v.header;
    if (v.length == 0) continue;
    FrameDecoder below(v.length - 1);
    below.feed(unhex(v.header));
    EXPECT_EQ(error_of(below.next()), Error::frame_too_long) << v.header;
  }
}

TEST(Frame, PayloadsAtTheBoundsOfHeadersRoundTrip) {
  for (const auto& v : kHeaders) {
    if (v.length > 0x1000000) continue;
    const std::string payload = net::Random(v.length).bytes(v.length);
    EXPECT_TRUE(decode(encode_frame(payload).value()) == Payloads{payload}) << v.length;
  }
}

TEST(Frame, EveryLengthOfOneAndTwoByteHeadersRoundTrips) {
  for (std::size_t length = 0; length <= 0x4001; ++length) {
    const std::string payload(length, 'x');
    ASSERT_EQ(decode(encode_frame(payload).value()), Payloads{payload}) << length;
  }
}

TEST(Frame, LengthsThatNoHeaderCanExpressAreRefused) {
  EXPECT_EQ(error_of(encode_header(kMaxPayload + 1)), Error::frame_too_long);
  EXPECT_EQ(error_of(encode_header(static_cast<std::size_t>(-1))), Error::frame_too_long);
  // Pages that nobody may read: the refusal must not look at the payload.
  const std::size_t size = kMaxPayload + 1;
  void* pages =
      ::mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  ASSERT_NE(pages, MAP_FAILED);
  EXPECT_EQ(error_of(encode_frame({static_cast<const char*>(pages), size})), Error::frame_too_long);
  ::munmap(pages, size);
}

TEST(FrameDecoder, AcceptsHeadersThatAreLongerThanNeeded) {
  EXPECT_THAT(decode(unhex("0100")), ElementsAre(""));
  EXPECT_THAT(decode(unhex("020000")), ElementsAre(""));
  EXPECT_THAT(decode(unhex("03000000")), ElementsAre(""));
  EXPECT_THAT(decode(unhex("050061")), ElementsAre("a"));
  EXPECT_THAT(decode(unhex("06000061")), ElementsAre("a"));
  EXPECT_THAT(decode(unhex("0700000061")), ElementsAre("a"));
}

TEST(FrameDecoder, HasNothingAtFirst) {
  FrameDecoder decoder;
  EXPECT_FALSE(decoder.next().value().has_value());
  EXPECT_FALSE(decoder.mid_frame());
  EXPECT_EQ(decoder.take_rest(), "");
}

TEST(FrameDecoder, SegmentationMakesNoDifference) {
  // 15 bytes with headers of 1, 2 and 3 bytes: each of the 2^14 ways to cut them.
  const Payloads payloads{"", "a", "bc", "", "def"};
  const std::string stream = unhex(
      "00"
      "0461"
      "09006263"
      "020000"
      "0e0000646566");
  ASSERT_EQ(stream.size(), 16U);
  for (std::uint32_t cuts = 0; cuts < 1U << (stream.size() - 1); ++cuts) {
    FrameDecoder eager;  // asked after each piece
    FrameDecoder lazy;   // asked at the end
    Payloads got;
    std::size_t begin = 0;
    for (std::size_t end = 1; end <= stream.size(); ++end) {
      if (end < stream.size() && !(cuts >> (end - 1) & 1)) continue;
      const std::string piece = stream.substr(begin, end - begin);
      begin = end;
      lazy.feed(piece);
      eager.feed(piece);
      for (auto& payload : take(eager)) got.push_back(std::move(payload));
    }
    ASSERT_EQ(got, payloads) << "cuts " << cuts;
    ASSERT_EQ(take(lazy), payloads) << "cuts " << cuts;
    ASSERT_FALSE(eager.mid_frame() || lazy.mid_frame()) << "cuts " << cuts;
  }
}

Payloads random_payloads(net::Random& random) {
  const std::size_t bounds[] = {2, 64, 300, 0x4100};
  Payloads payloads(1 + random.below(8));
  for (auto& payload : payloads) payload = random.bytes(random.below(bounds[random.below(4)]));
  return payloads;
}

TEST(FrameDecoder, RandomStreamsInRandomPiecesRoundTrip) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    net::Random random(seed);
    const Payloads payloads = random_payloads(random);
    const std::string stream = encode(payloads);
    const std::size_t longest = 1 + random.below(stream.size());
    FrameDecoder decoder;
    Payloads got;
    for (std::size_t at = 0; at < stream.size();) {
      const std::string piece = stream.substr(at, 1 + random.below(longest));
      at += piece.size();
      decoder.feed(piece);
      if (random.chance(0.3)) continue;
      for (auto& payload : take(decoder)) got.push_back(std::move(payload));
    }
    for (auto& payload : take(decoder)) got.push_back(std::move(payload));
    ASSERT_TRUE(got == payloads) << "seed " << seed;
    ASSERT_FALSE(decoder.mid_frame()) << "seed " << seed;
  }
}

TEST(FrameDecoder, PiecesOfEverySizeRoundTrip) {
  net::Random random(1);
  const Payloads payloads{"", random.bytes(63), random.bytes(64), "", random.bytes(300), "end"};
  const std::string stream = encode(payloads);
  for (std::size_t size = 1; size <= stream.size(); ++size) {
    FrameDecoder decoder;
    Payloads got;
    for (std::size_t at = 0; at < stream.size(); at += size) {
      decoder.feed(std::string_view(stream).substr(at, size));
      for (auto& payload : take(decoder)) got.push_back(std::move(payload));
    }
    ASSERT_EQ(got, payloads) << "pieces of " << size;
  }
}

TEST(FrameDecoder, KnowsAtEveryLengthWhetherAFrameIsCut) {
  const std::string stream = encode({"", "a", std::string(70, 'b'), "cd"});
  const std::vector<std::size_t> whole{0, 1, 3, 75, 78};  // ends of frames
  ASSERT_EQ(stream.size(), whole.back());
  for (std::size_t length = 0; length <= stream.size(); ++length) {
    FrameDecoder decoder;
    decoder.feed(std::string_view(stream).substr(0, length));
    const std::size_t complete = take(decoder).size();
    ASSERT_LE(whole[complete], length);
    EXPECT_EQ(decoder.mid_frame(), whole[complete] != length) << length;
    EXPECT_EQ(decoder.take_rest(), stream.substr(whole[complete], length - whole[complete]));
    EXPECT_FALSE(decoder.mid_frame());
  }
}

TEST(FrameDecoder, RefusesForGoodWhatIsAboveTheLimit) {
  FrameDecoder decoder(3);
  decoder.feed(encode({"abc", "abcd", "a"}));
  EXPECT_EQ(decoder.next().value(), "abc");
  EXPECT_EQ(error_of(decoder.next()), Error::frame_too_long);
  decoder.feed("more");
  EXPECT_EQ(error_of(decoder.next()), Error::frame_too_long);
  EXPECT_EQ(decoder.take_rest(), encode({"abcd", "a"}) + "more");
}

TEST(FrameDecoder, RefusesBeforeThePayloadArrives) {
  FrameDecoder decoder(1024);
  const std::string header = unhex("ffffffff");
  decoder.feed(std::string_view(header).substr(0, 3));
  EXPECT_FALSE(decoder.next().value().has_value());
  decoder.feed(std::string_view(header).substr(3));
  EXPECT_EQ(error_of(decoder.next()), Error::frame_too_long);
}

TEST(FrameDecoder, HandsOverWhatFollowsTheLastFrame) {
  FrameDecoder decoder;
  decoder.feed(encode({"first", "second"}) + "raw bytes");
  EXPECT_EQ(decoder.next().value(), "first");
  EXPECT_EQ(decoder.next().value(), "second");
  EXPECT_EQ(decoder.take_rest(), "raw bytes");
  EXPECT_EQ(decoder.take_rest(), "");
  decoder.feed(encode({"third"}));
  EXPECT_EQ(decoder.next().value(), "third");
}

std::size_t allocated() {
  const auto info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

TEST(FrameDecoder, MemoryFollowsWhatCameNotWhatIsAnnounced) {
  const std::size_t before = allocated();
  std::vector<FrameDecoder> decoders(1000);
  for (auto& decoder : decoders) {
    decoder.feed(unhex("ffffffff") + "start");
    EXPECT_FALSE(decoder.next().value().has_value());
  }
  EXPECT_LT(allocated(), before + 1'000'000);
}

// Each of the next three takes hours if a byte is moved for each frame or for each piece.
TEST(FrameDecoder, ManySmallFramesAtOnceTakeLinearTime) {
  constexpr std::size_t kFrames = 4'000'000;
  FrameDecoder decoder;
  decoder.feed(std::string(kFrames, '\0'));
  std::size_t count = 0;
  while (decoder.next().value()) ++count;
  EXPECT_EQ(count, kFrames);
}

TEST(FrameDecoder, OneLongFrameInSmallPiecesTakesLinearTime) {
  const std::string payload = net::Random(1).bytes(2'000'000);
  FrameDecoder decoder;
  for (const char c : encode_frame(payload).value()) {
    ASSERT_FALSE(decoder.next().value().has_value());
    decoder.feed({&c, 1});
  }
  EXPECT_TRUE(decoder.next().value() == payload);
}

TEST(FrameDecoder, AStandingBacklogTakesLinearTime) {
  constexpr std::size_t kFrames = 200'000;
  const std::string large(64 << 20, 'x');
  FrameDecoder decoder;
  decoder.feed(std::string(kFrames, '\0') + encode_frame(large).value());
  for (std::size_t i = 0; i < kFrames; ++i) {
    ASSERT_TRUE(decoder.next().value().has_value());
    decoder.feed(std::string_view("\0", 1));
  }
  EXPECT_TRUE(decoder.next().value() == large);
  EXPECT_EQ(take(decoder).size(), kFrames);
}

}  // namespace
}  // namespace deskcheck::wire
