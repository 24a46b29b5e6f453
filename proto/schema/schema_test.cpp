// The size of the rendezvous protocol, and the rules of protobuf that its peers rely on.
#include "proto/schema/rendezvous.pb.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <string>

namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using hbb::RendezvousMessage;
using std::string_literals::operator""s;

const google::protobuf::FileDescriptor& file() { return *RendezvousMessage::descriptor()->file(); }

TEST(Schema, Has27MessagesWith133Fields) {
  int fields = 0;
  for (int i = 0; i < file().message_type_count(); ++i) {
    fields += file().message_type(i)->field_count();
    EXPECT_EQ(file().message_type(i)->nested_type_count(), 0) << file().message_type(i)->name();
  }
  EXPECT_EQ(file().message_type_count(), 27);
  EXPECT_EQ(fields, 133);
}

TEST(Schema, UsesNoOptionalMapOrPackedFields) {
  for (int i = 0; i < file().message_type_count(); ++i) {
    const Descriptor& message = *file().message_type(i);
    for (int k = 0; k < message.field_count(); ++k) {
      const FieldDescriptor& field = *message.field(k);
      EXPECT_FALSE(field.has_optional_keyword() || field.is_map() || field.is_packed())
          << field.full_name();
    }
  }
}

TEST(Schema, EveryMessageOnTheWireIsAMemberOfTheUnion) {
  const auto& members = *RendezvousMessage::descriptor()->FindOneofByName("union");
  EXPECT_EQ(members.field_count(), RendezvousMessage::descriptor()->field_count());
  EXPECT_EQ(members.field_count(), 23);
  for (int number = 6; number <= 28; ++number) {
    EXPECT_NE(RendezvousMessage::descriptor()->FindFieldByNumber(number), nullptr) << number;
  }
}

TEST(Schema, AMessageWithoutAMemberIsEmpty) {
  RendezvousMessage message;
  EXPECT_EQ(message.SerializeAsString(), "");
  EXPECT_TRUE(message.ParseFromString(""));
  EXPECT_EQ(message.union_case(), RendezvousMessage::UNION_NOT_SET);
}

TEST(Schema, TheLastMemberWins) {
  RendezvousMessage first;
  first.mutable_register_peer()->set_id("device");
  RendezvousMessage second;
  second.mutable_hc()->set_token("token");
  RendezvousMessage both;
  ASSERT_TRUE(both.ParseFromString(first.SerializeAsString() + second.SerializeAsString()));
  EXPECT_TRUE(both.has_hc());
  ASSERT_TRUE(both.ParseFromString(second.SerializeAsString() + first.SerializeAsString()));
  EXPECT_TRUE(both.has_register_peer());
}

TEST(Schema, UnknownFieldsAndMembersAreSkipped) {
  RendezvousMessage message;
  ASSERT_TRUE(message.ParseFromString("\x32\x08\x0a\x01x\xa2\x06\x02hi"s));
  EXPECT_EQ(message.register_peer().id(), "x");
  ASSERT_TRUE(message.ParseFromString("\xea\x01\x00"s));  // a member 29
  EXPECT_EQ(message.union_case(), RendezvousMessage::UNION_NOT_SET);
}

TEST(Schema, UnknownNumbersOfEnumsAreKept) {
  RendezvousMessage message;
  message.mutable_register_pk_response()->set_result(
      static_cast<hbb::RegisterPkResponse::Result>(99));
  RendezvousMessage parsed;
  ASSERT_TRUE(parsed.ParseFromString(message.SerializeAsString()));
  EXPECT_EQ(static_cast<int>(parsed.register_pk_response().result()), 99);
}

TEST(Schema, TextThatIsNoUtf8MakesTheMessageUnparsable) {
  RendezvousMessage message;
  EXPECT_TRUE(message.ParseFromString("\x32\x04\x0a\x02\xc3\xa9"s));
  EXPECT_FALSE(message.ParseFromString("\x32\x03\x0a\x01\xc3"s));
  EXPECT_TRUE(message.ParseFromString("\x7a\x03\x12\x01\xc3"s));  // bytes may be anything
}

TEST(Schema, CutAtEveryLengthAMessageIsUnparsable) {
  RendezvousMessage message;
  message.mutable_register_peer()->set_id("123456789");
  const std::string bytes = message.SerializeAsString();
  for (std::size_t length = 1; length < bytes.size(); ++length) {
    EXPECT_FALSE(message.ParseFromString(bytes.substr(0, length))) << length;
  }
}

TEST(Schema, DeepNestingIsAParseErrorNotACrash) {
  RendezvousMessage message;
  EXPECT_TRUE(message.ParseFromString(std::string(10, '\x0b') + std::string(10, '\x0c')));
  constexpr std::size_t kDeep = 1'000'000;  // groups of the unknown field 1 in each other
  EXPECT_FALSE(message.ParseFromString(std::string(kDeep, '\x0b') + std::string(kDeep, '\x0c')));
}

}  // namespace
