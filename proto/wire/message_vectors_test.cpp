// The vectors of the rendezvous protocol: each message as text, its payload, its TCP header.
#include "proto/schema/rendezvous.pb.h"
#include "proto/wire/frame.hpp"
#include "proto/wire/test_support.hpp"

#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>

namespace deskcheck::wire {
namespace {

struct Vector {
  const char* name;
  const char* text;
  const char* payload;
  const char* header;
};

const Vector kVectors[] = {
    {"RegisterPeerSerial0", R"(register_peer { id: "123456789" })", "320b0a09313233343536373839",
     "34"},
    {"RegisterPeerSerial3", R"(register_peer { id: "123456789" serial: 3 })",
     "320d0a093132333435363738391003", "3c"},
    {"RegisterPeerResponseNo", "register_peer_response {}", "3a00", "08"},
    {"RegisterPeerResponseYes", "register_peer_response { request_pk: true }", "3a021001", "10"},
    {"RegisterPk",
     R"(register_pk { id: "123456789" uuid: "u1" pk:
        "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"
        "\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f" })",
     "7a310a09313233343536373839120275311a20"
     "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
     "cc"},
    {"RegisterPkResponseOk", "register_pk_response {}", "820100", "0c"},
    {"RegisterPkResponseUuidMismatch", "register_pk_response { result: UUID_MISMATCH }",
     "8201020802", "14"},
    {"RegisterPkResponseTooFrequent", "register_pk_response { result: TOO_FREQUENT }", "8201020804",
     "14"},
    {"RegisterPkResponseNotSupport", "register_pk_response { result: NOT_SUPPORT }", "8201020806",
     "14"},
    {"RegisterPkResponseKeepAlive", "register_pk_response { keep_alive: 60 }", "820102103c", "14"},
    {"PunchHoleRequest", R"(punch_hole_request { id: "123456789" nat_type: ASYMMETRIC })",
     "420d0a093132333435363738391001", "3c"},
    {"PunchHoleResponseIdNotExist", "punch_hole_response {}", "5a00", "08"},
    {"PunchHoleResponseOffline", "punch_hole_response { failure: OFFLINE }", "5a021802", "10"},
    {"PunchHoleResponseLicenseMismatch", "punch_hole_response { failure: LICENSE_MISMATCH }",
     "5a021803", "10"},
    {"PunchHoleResponseLicenseOveruse", "punch_hole_response { failure: LICENSE_OVERUSE }",
     "5a021804", "10"},
    {"PunchHoleResponseNatType",
     R"(punch_hole_response { socket_addr: "\x01\x02" nat_type: UNKNOWN_NAT })", "5a060a0201022800",
     "20"},
    {"PunchHoleResponseIsLocal",
     R"(punch_hole_response { socket_addr: "\x01\x02" is_local: true })", "5a060a0201023001", "20"},
    {"TestNatRequest", "test_nat_request {}", "a20100", "0c"},
    {"TestNatResponse", "test_nat_response { port: 54321 }", "aa010408b1a803", "1c"},
    {"OnlineRequest", R"(online_request { id: "1" peers: "a" peers: "b" })",
     "ba01090a0131120161120162", "30"},
    {"OnlineResponse", R"(online_response { states: "\x80" })", "c201030a0180", "18"},
    {"OnlineResponseEmpty", "online_response {}", "c20100", "0c"},
    {"RelayResponseEmptyPk", R"(relay_response { pk: "" })", "9a01022a00", "14"},
    {"RequestRelay", R"(request_relay { uuid: "x" })", "920103120178", "18"},
    {"HealthCheck", R"(hc { token: "t" })", "d201030a0174", "18"},
    {"HttpProxyRequest", R"(http_proxy_request { method: "GET" path: "/api/x" })",
     "da010d0a0347455412062f6170692f78", "40"},
    {"HttpProxyResponse", R"(http_proxy_response { status: 200 body: "{}" })",
     "e2010708c8011a027b7d", "28"},
    {"KeyExchangeOneEmptyKey", R"(key_exchange { keys: "" })", "ca01020a00", "14"},
    {"ConfigUpdate", R"(configure_update { serial: 4 rendezvous_servers: "a.example" })",
     "720d08041209612e6578616d706c65", "3c"},
    {"SoftwareUpdate", R"(software_update { url: "1.2.3" })", "8a01070a05312e322e33", "28"},
    {"Unset", "", "", "00"},
};

class MessageVector : public testing::TestWithParam<Vector> {};

hbb::RendezvousMessage from_text(const char* text) {
  hbb::RendezvousMessage message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

TEST_P(MessageVector, IsSerialised) {
  const std::string payload = from_text(GetParam().text).SerializeAsString();
  EXPECT_EQ(hex(payload), GetParam().payload);
  EXPECT_EQ(hex(encode_frame(payload).value()),
            std::string(GetParam().header) + GetParam().payload);
}

TEST_P(MessageVector, IsParsed) {
  FrameDecoder decoder;
  decoder.feed(unhex(std::string(GetParam().header) + GetParam().payload));
  const auto payload = decoder.next().value();
  ASSERT_TRUE(payload.has_value());
  EXPECT_EQ(hex(*payload), GetParam().payload);

  hbb::RendezvousMessage message;
  ASSERT_TRUE(message.ParseFromString(*payload));
  const auto expected = from_text(GetParam().text);
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(message, expected))
      << message.ShortDebugString();
}

INSTANTIATE_TEST_SUITE_P(Rendezvous, MessageVector, testing::ValuesIn(kVectors),
                         [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace deskcheck::wire
