#include "proto/wire/describe.hpp"

#include "proto/schema/members.hpp"
#include "proto/wire/address.hpp"
#include "proto/wire/identity.hpp"

#include <gmock/gmock.h>

namespace deskcheck::wire {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

template <class Member>
std::string shown(Member member) {
  return describe(wrap<hbb::RendezvousMessage>(std::move(member)));
}

std::string mangled(const char* address, std::uint16_t port) {
  return encode_address(net::endpoint(address, port), 0x12345678);
}

TEST(Describe, EmptyMessage) {
  EXPECT_EQ(describe(hbb::RendezvousMessage{}), "(empty message)");
  EXPECT_EQ(describe(hbb::Message{}), "(empty message)");
}

TEST(Describe, NumbersStringsAndLists) {
  hbb::RegisterPeer peer;
  peer.set_id("123456789");
  peer.set_serial(3);
  EXPECT_EQ(shown(peer), R"(register_peer {id: "123456789", serial: 3})");

  hbb::ConfigUpdate update;
  update.set_serial(4);
  update.add_rendezvous_servers("a.example");
  update.add_rendezvous_servers("b.example");
  EXPECT_EQ(shown(update),
            R"(configure_update {serial: 4, rendezvous_servers: ["a.example", "b.example"]})");
  EXPECT_EQ(shown(hbb::TestNatRequest{}), "test_nat_request {}");
}

TEST(TakeApart, NameAndFieldsAsDescribed) {
  const auto empty = take_apart(hbb::RendezvousMessage{});
  EXPECT_EQ(empty.name, "");
  EXPECT_TRUE(empty.fields.empty());
  hbb::RegisterPkResponse response;
  response.GetReflection()->MutableUnknownFields(&response)->AddVarint(99, 7);
  const auto message = wrap<hbb::RendezvousMessage>(response);
  const auto parts = take_apart(message);
  EXPECT_EQ(parts.name, "register_pk_response");
  std::string fields;
  for (const auto& [name, value] : parts.fields)
    fields += (fields.empty() ? "" : ", ") + name + ": " + value;
  EXPECT_EQ(fields, "result: OK, unknown field 99: 7");
  EXPECT_EQ(describe(message), parts.name + " {" + fields + "}");
}

TEST(Describe, AddressesAreDecoded) {
  hbb::PunchHole punch;
  punch.set_socket_addr(mangled("203.0.113.7", 54321));
  punch.set_nat_type(hbb::SYMMETRIC);
  punch.set_socket_addr_v6(mangled("2001:db8::1", 21116));
  EXPECT_EQ(shown(punch),
            "punch_hole {socket_addr: 203.0.113.7:54321, nat_type: SYMMETRIC, "
            "socket_addr_v6: [2001:db8::1]:21116}");
}

TEST(Describe, SignedIdentityIsNamedButCut) {
  const auto server = key_pair_from_seed(Bytes32{});
  const auto device = key_pair_from_seed(Bytes32{1});
  hbb::PunchHoleResponse response;
  response.set_socket_addr(mangled("203.0.113.7", 54321));
  response.set_pk(sign_identity("123456789", view(device.public_key.bytes), server));
  response.set_nat_type(hbb::UNKNOWN_NAT);
  const auto text = shown(response);
  EXPECT_THAT(text, HasSubstr(R"(pk: signed IdPk of "123456789", 109 bytes )"));
  EXPECT_THAT(text, HasSubstr("…"));
  EXPECT_THAT(text, EndsWith("nat_type: UNKNOWN_NAT}"));
  response.set_pk(std::string(70, '\x01'));
  EXPECT_THAT(shown(response), HasSubstr("pk: 70 bytes 0101010101010101…"));
}

TEST(Describe, MeaningfulDefaultsAreShown) {
  EXPECT_EQ(shown(hbb::RegisterPkResponse{}), "register_pk_response {result: OK}");
  EXPECT_EQ(shown(hbb::RegisterPeerResponse{}), "register_peer_response {request_pk: false}");
  EXPECT_EQ(shown(hbb::PunchHoleResponse{}), "punch_hole_response {failure: ID_NOT_EXIST}");
  hbb::PunchHoleResponse refused;
  refused.set_other_failure("no licence");
  EXPECT_EQ(shown(refused), R"(punch_hole_response {other_failure: "no licence"})");
}

TEST(Describe, UnknownEnumNumberIsANumber) {
  hbb::RegisterPkResponse response;
  response.set_result(static_cast<hbb::RegisterPkResponse::Result>(77));
  EXPECT_EQ(shown(response), "register_pk_response {result: 77}");
}

TEST(Describe, EmptyUnionMemberIsShown) {
  hbb::RelayResponse response;
  response.set_pk("");
  EXPECT_EQ(shown(response), "relay_response {pk: empty}");
}

TEST(Describe, BytesAsTextWhenTheyAreText) {
  hbb::RegisterPk request;
  request.set_uuid("u-1");
  request.set_pk(std::string("\x00\x01", 2));
  EXPECT_EQ(shown(request), R"(register_pk {uuid: "u-1", pk: 2 bytes 0001})");
}

TEST(Describe, StringsAreEscapedAndCut) {
  hbb::SoftwareUpdate update;
  update.set_url("a\"\\\n\x7f é");
  EXPECT_EQ(shown(update), "software_update {url: \"a\\\"\\\\\\x0a\\x7f é\"}");
  update.set_url(std::string(79, 'x') + "é" + std::string(20, 'y'));  // é would be cut in two
  EXPECT_EQ(shown(update), "software_update {url: \"" + std::string(79, 'x') + "…\" (101 bytes)}");
}

TEST(Describe, NestedMessages) {
  hbb::HttpProxyRequest request;
  request.set_method("GET");
  auto* header = request.add_headers();
  header->set_name("A");
  header->set_value("b");
  request.add_headers()->set_name("C");
  EXPECT_EQ(
      shown(request),
      R"(http_proxy_request {method: "GET", headers: [{name: "A", value: "b"}, {name: "C"}]})");
}

TEST(Describe, UnknownFieldsAreMentioned) {
  hbb::RendezvousMessage future;
  ASSERT_TRUE(future.ParseFromString(std::string("\xc2\x02\x02xy", 5)));  // field 40
  EXPECT_EQ(describe(future), "(empty message) and unknown field 40: 2 bytes 7879");

  hbb::RendezvousMessage extended;
  ASSERT_TRUE(extended.ParseFromString(std::string("\x32\x03\x98\x06\x07", 5)));  // 6 { 99: 7 }
  EXPECT_EQ(describe(extended), "register_peer {unknown field 99: 7}");

  hbb::RendezvousMessage fixed;
  ASSERT_TRUE(fixed.ParseFromString(std::string("\x0d\x01\x02\x03\x04", 5)));  // field 1, 32 bits
  EXPECT_EQ(describe(fixed), "(empty message) and unknown field 1");
}

TEST(Describe, SessionMessages) {
  hbb::Message message;
  message.mutable_hash()->set_salt("abc");
  message.mutable_hash()->set_challenge("123456");
  EXPECT_EQ(describe(message), R"(hash {salt: "abc", challenge: "123456"})");
  message.mutable_login_request()->set_password(std::string(32, '\xff'));
  message.mutable_login_request()->set_session_id(~0ull);
  EXPECT_EQ(describe(message),
            "login_request {password: 32 bytes ffffffffffffffff…, "
            "session_id: 18446744073709551615}");
  message.mutable_test_delay()->set_time(-5);
  message.mutable_test_delay()->set_last_delay(7);
  EXPECT_EQ(describe(message), "test_delay {time: -5, last_delay: 7}");
  message.mutable_signed_id()->set_id("short");
  EXPECT_THAT(describe(message), StartsWith("signed_id {id: 5 bytes "));
}

TEST(Describe, ControlCharactersAreMadeVisible) {
  EXPECT_EQ(one_line("a\r\n\x1b[2Jb\x7f"), "a\\x0d\\x0a\\x1b[2Jb\\x7f");
  EXPECT_EQ(one_line("\xc2\x9b"
                     "2J"),
            "\\xc2\\x9b2J")
      << "U+009B begins a control sequence, too";
  EXPECT_EQ(one_line("é ü \"quoted\" \\ \xc2\xa0"), "é ü \"quoted\" \\ \xc2\xa0");
  EXPECT_EQ(one_line("cut \xc2"), "cut \xc2");
  hbb::RendezvousMessage message;
  message.mutable_relay_response()->set_refuse_reason(
      "\xc2\x9b"
      "2J\x1b");
  EXPECT_EQ(describe(message), R"(relay_response {refuse_reason: "\xc2\x9b2J\x1b"})");
}

TEST(Describe, Bytes) {
  EXPECT_EQ(describe_bytes(""), "empty");
  EXPECT_EQ(describe_bytes("a"), "1 byte 61");
  EXPECT_EQ(describe_bytes(std::string(16, 'a')), "16 bytes 61616161616161616161616161616161");
  EXPECT_EQ(describe_bytes(std::string(17, 'a')), "17 bytes 6161616161616161…");
}

}  // namespace
}  // namespace deskcheck::wire
