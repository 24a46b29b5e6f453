// The expectations of cases, in the words of the protocol. GoogleMock's own matchers join freely:
// Arrives(AllOf(HasResult(...), ...)).
#pragma once

#include "client-sim/channel/datagram_channel.hpp"
#include "conformance/lab/answer.hpp"
#include "conformance/lab/show.hpp"
#include "proto/net/websocket.hpp"
#include "proto/schema/rendezvous.pb.h"
#include "proto/wire/address.hpp"
#include "proto/wire/identity.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>

namespace deskcheck::conformance {

// An answer that came, with a value that matches.
template <class Inner>
class ArrivesMatcher {
 public:
  using is_gtest_matcher = void;
  explicit ArrivesMatcher(Inner inner) : inner_(std::move(inner)) {}
  template <class T>
  bool MatchAndExplain(const Answer<T>& answer, testing::MatchResultListener* listener) const {
    if (!answer.arrived()) return false;
    return testing::SafeMatcherCast<const T&>(inner_).MatchAndExplain(answer.value(), listener);
  }
  void DescribeTo(std::ostream* out) const { describe(out, false); }
  void DescribeNegationTo(std::ostream* out) const { describe(out, true); }

 private:
  void describe(std::ostream* out, bool negated) const {
    *out << (negated ? "not " : "") << "an answer that ";
    inner_.DescribeTo(out);
  }
  Inner inner_;
};

MATCHER(Arrived, negation ? "no answer" : "an answer") { return arg.arrived(); }
// Nothing came until the deadline, and the connection stayed open.
MATCHER(StaysSilent, negation ? "something" : "silence, with the connection open") {
  return arg.timed_out();
}
// Of a bool: whether a party was still connected when a time was over.
MATCHER(StaysOpen, negation ? "a connection that ends" : "a connection that stays open") {
  return arg;
}
// The connection ended (orderly or not) before anything came.
MATCHER(Ends, negation ? "an open connection" : "the end of the connection") {
  return !arg.arrived() && !arg.timed_out();
}

// `inner` has to be a matcher for the value; polymorphic ones go through Arrives<T>(inner).
template <class T, class Inner>
auto Arrives(Inner inner) {
  return ArrivesMatcher<testing::Matcher<const T&>>(
      testing::SafeMatcherCast<const T&>(std::move(inner)));
}

// A payload or bytes, exactly.
inline auto Hears(std::string payload) {
  return Arrives<std::string>(testing::Eq(std::move(payload)));
}

// --- register_peer_response ----------------------------------------------------------------------
MATCHER_P(RequestsPk, wanted,
          std::string("a register_peer_response with request_pk = ") +
              (wanted ? "true" : "false")) {
  return arg.arrived() && arg->request_pk() == wanted;
}

// --- register_pk_response ------------------------------------------------------------------------
MATCHER_P(Results, wanted,
          "a register_pk_response " + hbb::RegisterPkResponse::Result_Name(wanted)) {
  return arg.arrived() && arg->result() == wanted;
}
MATCHER(Refused, "a register_pk_response other than OK") {
  return arg.arrived() && arg->result() != hbb::RegisterPkResponse::OK;
}

// --- punch_hole_response -------------------------------------------------------------------------
MATCHER_P(FailsWith, wanted,
          "a punch_hole_response with empty socket_addr and failure " +
              hbb::PunchHoleResponse::Failure_Name(wanted)) {
  return arg.arrived() && arg->socket_addr().empty() && arg->other_failure().empty() &&
         arg->failure() == wanted;
}
MATCHER(Succeeds, "a punch_hole_response with a socket_addr") {
  return arg.arrived() && !arg->socket_addr().empty();
}
MATCHER(HasNoAddress, "a punch_hole_response with empty socket_addr") {
  return arg.arrived() && arg->socket_addr().empty();
}

// --- messages of any kind, pushes
// ------------------------------------------------------------------ An envelope with this member:
// IsMember("fetch_local_addr").
MATCHER_P(IsMember, name, "a " + std::string(name)) {
  if (!arg.arrived()) return false;
  const auto* members = hbb::RendezvousMessage::descriptor()->FindOneofByName("union");
  const auto* member = arg->GetReflection()->GetOneofFieldDescriptor(*arg, members);
  return member && member->name() == name;
}
// The device's answer that proposed this relay: how answers are told apart. In an envelope.
MATCHER_P(IsAnswerWithRelay, relay,
          "a punch_hole_response or relay_response with relay_server " + std::string(relay)) {
  if (!arg.arrived()) return false;
  if (const auto* punch = get_if<hbb::PunchHoleResponse>(*arg))
    return punch->relay_server() == relay;
  const auto* response = get_if<hbb::RelayResponse>(*arg);
  return response && response->relay_server() == relay;
}
// A push whose socket_addr stands for the requester at this endpoint.
MATCHER_P(NamesRequester, endpoint, "a push whose socket_addr decodes to " + to_string(endpoint)) {
  return arg.arrived() && wire::normalise_v4(wire::decode_address(arg->socket_addr())) ==
                              wire::normalise_v4(endpoint);
}

// --- values --------------------------------------------------------------------------------------
MATCHER_P(Bytes, wanted, (negation ? "other bytes than " : "") + show_bytes(wanted)) {
  return arg == wanted;
}
// A mangled address that stands for this endpoint (IPv4-mapped ones are the same as IPv4).
MATCHER_P(DecodesTo, endpoint, "an address that decodes to " + to_string(endpoint)) {
  const auto decoded = wire::decode_address(arg);
  *result_listener << "decodes to " << to_string(decoded);
  return wire::normalise_v4(decoded) == wire::normalise_v4(endpoint);
}
// Bytes that the holder of this key has signed, with an identity inside.
MATCHER_P(VerifiesUnder, server, "an identity signed by the server") {
  const auto identity = wire::verify_identity(arg, server);
  if (!identity) *result_listener << identity.error().message();
  return identity.has_value();
}
// A signed identity of this id and key under the server's key.
MATCHER_P3(SignedIdentity, server, id, pk,
           "an identity of " + std::string(id) + " signed by the server") {
  auto identity = wire::verify_identity(arg, server, id);
  if (!identity) *result_listener << identity.error().message();
  return identity.has_value() && identity->pk() == pk;
}

MATCHER_P(IsShorterThan, limit, "less than " + show(net::Duration(limit))) { return arg < limit; }
MATCHER_P2(IsBetween, shortest, longest,
           "between " + show(net::Duration(shortest)) + " and " + show(net::Duration(longest))) {
  return shortest <= arg && arg <= longest;
}

// --- what came before a barrier ------------------------------------------------------------------
MATCHER(IsNothing, negation ? "something" : "nothing before the barrier") { return arg.empty(); }
// A message that makes a device act for a requester.
inline bool is_push(const sim::ReceivedDatagram& datagram) {
  if (!datagram.message) return false;
  const auto& message = *datagram.message;
  return message.has_punch_hole() || message.has_fetch_local_addr() || message.has_request_relay();
}
MATCHER(HasNoPush, negation ? "a push" : "no push before the barrier") {
  return std::none_of(arg.begin(), arg.end(), is_push);
}

}  // namespace deskcheck::conformance

namespace deskcheck::sim {
// How GoogleMock and show() print a datagram.
inline void PrintTo(const ReceivedDatagram& datagram, std::ostream* out) {
  if (datagram.message)
    *out << conformance::show_message(*datagram.message);
  else
    *out << conformance::show_bytes(datagram.bytes);
  *out << " from " << to_string(datagram.from);
}
}  // namespace deskcheck::sim

namespace deskcheck::net {
// "Binary message of 12 bytes: ..."
inline void PrintTo(const WebSocketMessage& message, std::ostream* out) {
  constexpr std::array kinds{"Binary", "Text", "Ping", "Pong"};
  *out << kinds.at(static_cast<std::size_t>(message.kind)) << " message of "
       << conformance::show_bytes(message.bytes);
}
}  // namespace deskcheck::net
