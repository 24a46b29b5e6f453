// What is inside a frame or a datagram: bare messages, unknown fields, members with default values,
// enum values of the future, and nesting without end.
#include "conformance/cases/still_serves.hpp"
#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

#include <google/protobuf/unknown_field_set.h>

namespace deskcheck::conformance {
namespace {

using namespace std::chrono_literals;
using testing::IsTrue;

constexpr auto kOk = hbb::RegisterPkResponse::OK;

MATCHER_P(IsBareMessage, member, std::string("the bytes of one message with ") + member) {
  if (!arg.message) return false;
  const auto* field = hbb::RendezvousMessage::descriptor()->FindFieldByName(member);
  const auto* reflection = arg.message->GetReflection();
  return reflection->HasField(*arg.message, field) &&
         reflection->GetUnknownFields(*arg.message).empty();
}
// The type of a oneof member is there even if its value is the default.
MATCHER(HasNatType, "a punch_hole_response in which nat_type is set") {
  return arg.arrived() && arg->union_case() == hbb::PunchHoleResponse::kNatType;
}
MATCHER(HasPk, "a relay_response in which pk is set") {
  return arg.arrived() && arg->union_case() == hbb::RelayResponse::kPk;
}
MATCHER(HasEmptyPk, "a relay_response in which pk is set to nothing") {
  return arg.arrived() && arg->union_case() == hbb::RelayResponse::kPk && arg->pk().empty();
}

// Fields of all wire types that no release has.
void add_unknown_fields(google::protobuf::Message& message) {
  auto* fields = message.GetReflection()->MutableUnknownFields(&message);
  fields->AddVarint(1000, 1);
  fields->AddFixed32(1001, 2);
  fields->AddFixed64(1002, 3);
  fields->AddLengthDelimited(1003, "from the future");
  fields->AddGroup(1004)->AddVarint(1, 4);
  fields->AddLengthDelimited(536870911, "the last number");
}

// A message as it is, without anything around it, to the server and back.
CASE(bare_datagrams, "framing/bare-datagrams", checks("FRM-UDP-01")) {
  auto device = lab.device();
  device.send_bytes(wrap<hbb::RendezvousMessage>(device.register_pk_message()).SerializeAsString());
  const auto registered = co_await device.channel().next(lab.within(5s));
  lab.require("register_pk is answered", registered.has_value(), IsTrue());
  lab.verdict("FRM-UDP-01", *registered, IsBareMessage("register_pk_response"));

  auto caller = lab.controller();
  co_await caller.send(caller.request_for(device.id()));
  const auto push = co_await device.channel().next(lab.within(5s));
  lab.require("the device gets a push", push.has_value(), IsTrue());
  lab.verdict("FRM-UDP-01", *push, IsBareMessage("punch_hole"));
}

// Messages of a later release are handled as if they were of this one: over UDP ...
CASE(unknown_fields_udp, "framing/unknown-fields-udp", checks("FRM-PB-01"),
     after("framing/bare-datagrams")) {
  auto device = lab.device();
  auto key = device.register_pk_message();
  add_unknown_fields(key);
  auto with_key = wrap<hbb::RendezvousMessage>(key);
  add_unknown_fields(with_key);
  device.channel().send(lab.target().rendezvous, with_key);
  auto registered = co_await device.push<hbb::RegisterPkResponse>(lab.within(5s));
  lab.verdict("FRM-PB-01", registered, Results(kOk));

  auto alive = device.register_peer_message();
  add_unknown_fields(alive);
  auto answer = co_await device.ask<hbb::RegisterPeerResponse>(alive, lab.within(5s));
  lab.verdict("FRM-PB-01", answer, RequestsPk(false));
}

// ... and over TCP.
CASE(unknown_fields_tcp, "framing/unknown-fields-tcp", checks("FRM-PB-01"),
     after("framing/plain")) {
  auto stranger = lab.controller();
  auto request = stranger.request_for(lab.fresh_id());
  add_unknown_fields(request);
  auto failure = co_await stranger.ask(request, lab.within(5s));
  lab.verdict("FRM-PB-01", failure, HasNoAddress());

  auto device = co_await lab.registered_device();
  auto caller = lab.controller();
  auto known = caller.request_for(device.id());
  add_unknown_fields(known);
  co_await caller.send(known);
  auto push = co_await device.push<hbb::PunchHole>(lab.within(5s));
  if (!lab.verdict("FRM-PB-01", push, Arrived())) co_return;
  auto sent = device.answer_to(*push);
  add_unknown_fields(sent);
  const auto reply = co_await device.reply(sent);
  auto answer = co_await caller.next<hbb::PunchHoleResponse>(lab.within(5s));
  lab.verdict("FRM-PB-01", answer, Succeeds());
}

// A device with unknown NAT type: the member is written, though its value is the default.
CASE(default_nat_type, "framing/default-nat-type", checks("FRM-PB-02"), after("framing/plain")) {
  auto device = co_await lab.registered_device();
  auto caller = lab.controller();
  auto push = co_await caller.reach(device, lab.within(5s));
  lab.require("the device gets a punch_hole", push, Arrived());
  auto sent = device.answer_to(*push);
  sent.set_nat_type(hbb::UNKNOWN_NAT);
  const auto reply = co_await device.reply(sent);
  auto answer = co_await caller.next<hbb::PunchHoleResponse>(lab.within(5s));
  lab.verdict("FRM-PB-02", answer, HasNatType());
}

// The device starts a relay itself, and asks for its signed key to be passed on: what comes back.
Task<Answer<hbb::RelayResponse>> device_starts_relay(Lab& lab, std::string version) {
  auto device = co_await lab.registered_device();
  auto caller = lab.controller();
  auto push = co_await caller.reach(device, lab.within(5s));
  lab.require("the device gets a punch_hole", push, Arrived());
  hbb::RelayResponse start;
  start.set_socket_addr(push->socket_addr());
  start.set_id(device.id());
  start.set_uuid(lab.fresh_uuid());
  start.set_relay_server("relay.test");
  start.set_version(version);
  const auto reply = co_await device.reply(start);
  co_return co_await caller.next<hbb::RelayResponse>(lab.within(5s));
}

// The key of a device in a relay_response is a oneof member as well, empty or not.
CASE(relay_pk, "framing/relay-pk", checks("FRM-PB-02"), after("framing/plain")) {
  auto with_version = co_await device_starts_relay(lab, "1.4.9");
  lab.verdict("FRM-PB-02", with_version, HasPk());
  auto without = co_await device_starts_relay(lab, "");
  lab.verdict("FRM-PB-02", without, HasPk());
}

// A server that cannot sign has none to pass on: empty, but there.
CASE(empty_relay_pk, "framing/empty-relay-pk", checks("FRM-PB-02"), after("framing/relay-pk"),
     does(Effect::restarts)) {
  ServerSetup setup;
  setup.signs = false;
  setup.licence = ServerSetup::Licence::none;
  co_await lab.own_server(setup);
  auto answer = co_await device_starts_relay(lab, "1.4.9");
  lab.verdict("FRM-PB-02", answer, HasEmptyPk());
}

// Groups in groups, all of them closed again. No parser may follow them all the way down.
std::string nested_groups(std::size_t depth) {
  constexpr char kStart = 0x0B, kEnd = 0x0C;  // of group 1, which no message has
  return std::string(depth, kStart) + std::string(depth, kEnd);
}

// In a datagram, together with a register_pk. Parsers differ in how deep they follow; what counts
// is that the server goes on.
CASE(nesting_udp, "framing/nesting-udp", checks("FRM-PB-03"), after("framing/bare-datagrams")) {
  auto device = lab.device();
  const auto key = wrap<hbb::RendezvousMessage>(device.register_pk_message());
  device.send_bytes(key.SerializeAsString() + nested_groups(600));
  device.send_bytes(key.SerializeAsString() + std::string(1300, 0x0B));
  const auto before = co_await device.before_barrier();
  lab.note(std::to_string(before.size()) + " answers");
  co_await still_serves(lab, "FRM-PB-03");
}

// In frames, which have room for a million of them.
CASE(nesting_tcp, "framing/nesting-tcp", checks("FRM-PB-03"), after("framing/plain"),
     does(Effect::reads)) {
  for (const std::size_t depth : {1000U, 100000U, 1000000U}) {
    auto caller = lab.controller();
    co_await caller.connect();
    const auto request = wrap<hbb::RendezvousMessage>(caller.request_for(lab.fresh_id()));
    std::string payload = request.SerializeAsString() + nested_groups(depth);
    (void)co_await caller.connection().send(std::move(payload), lab.within(10s));
    if (!co_await still_serves(lab, "FRM-PB-03")) co_return;
  }
}

// A NAT type that a later release may know.
CASE(future_nat_type, "framing/future-nat-type", checks("FRM-PB-04"), after("framing/plain")) {
  auto device = co_await lab.registered_device();
  auto caller = lab.controller();
  auto request = caller.request_for(device.id());
  request.set_nat_type(static_cast<hbb::NatType>(77));
  co_await caller.send(request);
  auto push = co_await device.push<hbb::PunchHole>(lab.within(5s));
  lab.verdict("FRM-PB-04", push, Arrived());
}

}  // namespace
}  // namespace deskcheck::conformance
