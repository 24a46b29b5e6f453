#include "reference-server/rendezvous/packed_endpoint.hpp"
#include "reference-server/rendezvous/packed_record.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace deskcheck::server {
namespace {

TEST(PackedRecord, GivesBackWhatWasPutIn) {
  for (const std::size_t length : {0u, 1u, 127u, 128u, 16383u, 16384u, 3'000'000u}) {
    const PeerRecord record{"123456789", std::string(length, 'u'), std::string(3, '\0'),
                            "10.0.0.1"};
    PackedRecord packed(record);
    const PackedRecord moved = std::move(packed);
    EXPECT_EQ(moved.id(), record.id);
    EXPECT_EQ(moved.uuid(), record.uuid);
    EXPECT_EQ(moved.pk(), record.pk);
    EXPECT_EQ(moved.address(), record.address);
    EXPECT_EQ(moved.unpacked().uuid, record.uuid);
  }
}

TEST(PackedRecord, OfNobodyIsEmpty) {
  EXPECT_EQ(PackedRecord().id(), "");
  EXPECT_EQ(PackedRecord().address(), "");
}

TEST(PackedEndpoint, GivesBackWhatWasPutIn) {
  EXPECT_LE(sizeof(PackedEndpoint), 24u);
  EXPECT_EQ(net::Endpoint(PackedEndpoint()), net::Endpoint());
  for (const char* address :
       {"10.1.2.3", "255.255.255.255", "::", "2001:db8::1", "::ffff:10.1.2.3", "fe80::1%3"}) {
    const auto endpoint = net::endpoint(address, 65535);
    EXPECT_EQ(net::Endpoint(PackedEndpoint(endpoint)), endpoint) << address;
    EXPECT_EQ(PackedEndpoint(endpoint).address(), endpoint.address) << address;
  }
}

}  // namespace
}  // namespace deskcheck::server
