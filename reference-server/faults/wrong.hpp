// What wrong policies need in order to be wrong. Nothing here is used by a server that is right.
#pragma once

#include "proto/net/endpoint.hpp"
#include "proto/wire/keys.hpp"

#include <google/protobuf/message.h>

#include <string>

namespace deskcheck::server {

// A field that the schema does not have, at any depth.
bool has_unknown_fields(const google::protobuf::Message& message);
// 18 bytes also for IPv4: the IPv4-mapped address.
std::string mapped_address(const net::Endpoint& endpoint);
// A header of four bytes whatever the length.
std::string frame_with_long_header(const std::string& payload);
// A key pair that is nobody's.
wire::KeyPair another_key();

}  // namespace deskcheck::server
