#include "fuzz/mutator/mutate_input.hpp"
#include "fuzz/mutator/places.hpp"
#include "proto/schema/rendezvous.pb.h"
#include "proto/schema/session.pb.h"

#include <gmock/gmock.h>
#include <google/protobuf/unknown_field_set.h>

#include <set>

namespace deskcheck::fuzz {
namespace {

using hbb::OnlineRequest;
using hbb::RendezvousMessage;

// In place of libFuzzer's: flips, inserts and removes bytes.
MessageMutator::MutateBytes some_bytes(std::uint64_t seed) {
  return [random = net::Random(seed)](std::string& bytes, std::size_t most) mutable {
    if (bytes.size() < most) bytes += random.bytes(1);
    bytes[random.below(bytes.size())] = random.bytes(1)[0];
    if (random.chance(0.3)) bytes.erase(random.below(bytes.size()), 1);
  };
}
MessageMutator mutator(std::uint64_t seed) { return {seed, some_bytes(seed)}; }

OnlineRequest peers(std::initializer_list<const char*> names) {
  OnlineRequest request;
  for (const char* name : names) request.add_peers(name);
  return request;
}
std::string list(const OnlineRequest& request) {
  std::string text;
  for (const auto& peer : request.peers()) text += (text.empty() ? "" : " ") + peer;
  return text;
}

// What single edits of `message` lead to.
std::set<std::string> reached(const OnlineRequest& message, int tries = 4000) {
  std::set<std::string> texts;
  auto m = mutator(1);
  for (int i = 0; i < tries; ++i) {
    OnlineRequest edited = message;
    m.mutate(edited);
    texts.insert(list(edited));
  }
  return texts;
}

TEST(MessageMutator, MovesDuplicatesCopiesAndRemovesElements) {
  const auto lists = reached(peers({"a", "b", "c"}));
  EXPECT_THAT(lists, testing::IsSupersetOf({"b a c", "c b a", "a c b"})) << "swap";
  EXPECT_THAT(lists, testing::IsSupersetOf({"a a b c", "b a b c", "a b c c"})) << "duplicate";
  EXPECT_THAT(lists, testing::IsSupersetOf({"a a c", "a b b", "c b c"})) << "copy";
  EXPECT_THAT(lists, testing::IsSupersetOf({"b c", "a c", "a b"})) << "clear";
}

void collect_names(const google::protobuf::Message& message, std::set<std::string>& names) {
  std::vector<const FieldDescriptor*> fields;
  const auto& r = *message.GetReflection();
  r.ListFields(message, &fields);
  for (const auto* field : fields) {
    names.insert(field->full_name());
    if (!is_message(*field)) continue;
    if (!field->is_repeated()) collect_names(r.GetMessage(message, field), names);
    for (int i = 0; field->is_repeated() && i < r.FieldSize(message, field); ++i)
      collect_names(r.GetRepeatedMessage(message, field, i), names);
  }
}

template <class Envelope>
void expect_every_field_reached() {
  std::set<std::string> names;
  auto m = mutator(2);
  Envelope message;
  for (int i = 0; i < 60'000; ++i) {
    m.mutate(message);
    collect_names(message, names);
    if (message.ByteSizeLong() > 2000) message.Clear();
  }
  const auto* members = Envelope::descriptor();
  for (int i = 0; i < members->field_count(); ++i) {
    const auto* member = members->field(i)->message_type();
    for (int j = 0; j < member->field_count(); ++j)
      EXPECT_TRUE(names.contains(member->field(j)->full_name())) << member->field(j)->full_name();
  }
}

TEST(MessageMutator, ReachesEveryFieldFromNothing) {
  expect_every_field_reached<RendezvousMessage>();
  expect_every_field_reached<hbb::Message>();
}

bool has_unknown(const OnlineRequest& message) {
  return !message.GetReflection()->GetUnknownFields(message).empty();
}

TEST(MessageMutator, AddsAndDropsUnknownFields) {
  auto m = mutator(3);
  bool added = false, dropped = false;
  OnlineRequest message;
  for (int i = 0; i < 1000; ++i) {
    const bool before = has_unknown(message);
    m.mutate(message);
    const bool after = has_unknown(message);
    added |= !before && after;
    dropped |= before && !after;
  }
  EXPECT_TRUE(added && dropped);
}

TEST(MutateInput, StaysParsableWithinItsLengthAndRepeatsForASeed) {
  const auto run = [](std::uint64_t seed) {
    auto m = mutator(seed);
    std::string bytes;
    for (int i = 0; i < 3000; ++i) {
      RendezvousMessage scratch;
      const auto changed = mutate_input(scratch, bytes, 300, m);
      EXPECT_LE(changed.size(), 300u);
      if (RendezvousMessage again; again.ParseFromString(changed)) bytes = changed;
    }
    return bytes;
  };
  EXPECT_EQ(run(5), run(5));
  EXPECT_NE(run(5), run(6));
}

TEST(MutateInput, MostChangesOfAMessageAreMessages) {
  auto m = mutator(7);
  const std::string bytes = peers({"one", "two"}).SerializeAsString();
  int parsable = 0;
  for (int i = 0; i < 1000; ++i) {
    OnlineRequest scratch, again;
    parsable += again.ParseFromString(mutate_input(scratch, bytes, 300, m));
  }
  EXPECT_GT(parsable, 950);
}

TEST(MutateInput, ChangesWhatDoesNotParseAsBytes) {
  bool asked = false;
  MessageMutator m(8, [&](std::string& bytes, std::size_t most) {
    asked = true;
    EXPECT_EQ(most, 77u);
    bytes = "changed";
  });
  OnlineRequest scratch;
  EXPECT_EQ(mutate_input(scratch, "\xff\xff", 77, m), "changed");
  EXPECT_TRUE(asked);
}

TEST(CrossInputs, BringsPartsOfTheOther) {
  auto m = mutator(9);
  std::set<std::string> lists;
  for (int i = 0; i < 500; ++i) {
    OnlineRequest scratch, crossed;
    ASSERT_TRUE(crossed.ParseFromString(cross_inputs(
        scratch, peers({"a"}).SerializeAsString(), peers({"x", "y"}).SerializeAsString(), 300, m)));
    lists.insert(list(crossed));
  }
  EXPECT_THAT(lists, testing::IsSupersetOf({"a x", "a y", "x", "y"}));
  OnlineRequest scratch;
  EXPECT_EQ(cross_inputs(scratch, "\xff", "\xff", 300, m), "\xff");
}

TEST(AsUtf8, KeepsWhatIsValidAndNothingElse) {
  for (const std::string valid : {"", "abc", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"})
    EXPECT_EQ(as_utf8(valid), valid);
  EXPECT_EQ(as_utf8("\xC3"), "\x43");
  EXPECT_EQ(as_utf8("a\xFFz"), "a\x7Fz");
  EXPECT_EQ(as_utf8("\xED\xA0\x80"), std::string("m \0", 3)) << "surrogate";
  EXPECT_EQ(as_utf8("\xC0\xAF"), "\x40\x2F") << "overlong";
}

}  // namespace
}  // namespace deskcheck::fuzz
