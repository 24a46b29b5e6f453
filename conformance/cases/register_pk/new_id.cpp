// RegisterPk of new ids: what makes a device known, and what is not enough.
#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {
namespace {

using namespace std::chrono_literals;
using testing::IsTrue;

// A fresh installation shows its key once. Six bytes of id are enough.
CASE(new_id, "rendezvous/register-pk/new-id", checks("RDV-REGPK-01")) {
  auto usual = lab.device();
  auto shortest = lab.device(lab.fresh_id().substr(6));
  for (LabDevice* device : {&usual, &shortest}) {
    auto answer = co_await device->register_pk(lab.within(5s));
    lab.verdict("RDV-REGPK-01", answer, Results(hbb::RegisterPkResponse::OK));
  }
}

// It can be reached at once, without having sent anything else.
CASE(online_at_once, "rendezvous/register-pk/online-at-once", checks("RDV-REGPK-01"),
     after("rendezvous/register-pk/new-id")) {
  auto usual = lab.device();
  auto shortest = lab.device(lab.fresh_id().substr(6));
  for (LabDevice* device : {&usual, &shortest}) {
    auto answer = co_await device->register_pk(lab.within(5s));
    lab.require("register_pk is answered", answer, Results(hbb::RegisterPkResponse::OK));
    auto caller = lab.controller();
    auto push = co_await caller.reach(*device, lab.within(5s));
    lab.verdict("RDV-REGPK-01", push, Arrived());
  }
}

// The answer of a server that leaves the keep-alive to the client, byte for byte.
CASE(ok_bytes, "rendezvous/register-pk/ok-bytes", checks("RDV-REGPK-18"),
     after("rendezvous/register-pk/new-id")) {
  auto device = lab.device();
  device.send(device.register_pk_message());
  const auto deadline = lab.within(5s);
  for (;;) {
    const auto datagram = co_await device.channel().next(deadline);
    lab.require("register_pk is answered", datagram.has_value(), IsTrue());
    const auto* answer =
        datagram->message ? get_if<hbb::RegisterPkResponse>(*datagram->message) : nullptr;
    if (!answer) continue;
    if (answer->keep_alive() != 0) lab.not_applicable("the server sets keep_alive");
    lab.verdict("RDV-REGPK-18", datagram->bytes, Bytes(std::string("\x82\x01\x00", 3)));
    co_return;
  }
}

// Without a machine id or without a key there is nothing to answer.
CASE(incomplete, "rendezvous/register-pk/incomplete", checks("RDV-REGPK-02"),
     after("rendezvous/register-pk/new-id")) {
  auto device = lab.device();
  auto no_uuid = device.register_pk_message();
  no_uuid.clear_uuid();
  auto no_pk = device.register_pk_message();
  no_pk.clear_pk();
  for (const auto* message : {&no_uuid, &no_pk}) {
    device.send(*message);
    const auto before = co_await device.before_barrier();
    lab.verdict("RDV-REGPK-02", before, IsNothing());
  }
}

// Ids of less than six bytes are refused, with the code that makes a client choose another one.
CASE(short_id, "rendezvous/register-pk/short-id", checks("RDV-REGPK-03", "RDV-REGPK-04"),
     after("rendezvous/register-pk/new-id")) {
  for (const std::size_t length : {5, 1}) {
    auto device = lab.device(lab.fresh_id().substr(12 - length));
    auto answer = co_await device.register_pk(lab.within(5s));
    lab.verdict("RDV-REGPK-03", answer, Refused());
    lab.verdict("RDV-REGPK-04", answer, Results(hbb::RegisterPkResponse::UUID_MISMATCH));
  }
}

// The same data again, as clients send it whenever they are unsure.
CASE(repeated, "rendezvous/register-pk/repeated", checks("RDV-REGPK-09"),
     after("rendezvous/register-pk/new-id")) {
  auto device = lab.device();
  for (int i = 0; i < 2; ++i) {
    auto answer = co_await device.register_pk(lab.within(5s));
    lab.verdict("RDV-REGPK-09", answer, Results(hbb::RegisterPkResponse::OK));
  }
}

// Two ids that differ in case only belong to two devices, and neither is found under the other's.
CASE(letter_case, "rendezvous/register-pk/letter-case", checks("RDV-REGPK-20"),
     after("rendezvous/register-pk/new-id")) {
  auto small = lab.device("dcx" + lab.fresh_id().substr(2));
  auto large = lab.device("dcX" + small.id().substr(3));
  auto answer = co_await small.register_pk(lab.within(5s));
  lab.require("the first of the two ids", answer, Results(hbb::RegisterPkResponse::OK));
  auto early = lab.controller();
  auto path = co_await early.ask_for(large.id(), lab.within(5s));
  lab.verdict("RDV-REGPK-20", path, FailsWith(hbb::PunchHoleResponse::ID_NOT_EXIST));

  auto other = co_await large.register_pk(lab.within(5s));
  lab.verdict("RDV-REGPK-20", other, Results(hbb::RegisterPkResponse::OK));
  for (LabDevice* device : {&small, &large}) {
    auto caller = lab.controller();
    auto push = co_await caller.reach(*device, lab.within(5s));
    lab.verdict("RDV-REGPK-20", push, Arrived());
  }
}

// What cannot be stored is not confirmed.
CASE(storage_fails, "rendezvous/register-pk/storage-fails", checks("RDV-REGPK-17"),
     after("rendezvous/register-pk/new-id"), does(Effect::restarts)) {
  ServerSetup setup;
  setup.storage_fails = true;
  co_await lab.own_server(setup);
  auto device = lab.device();
  auto answer = co_await device.register_pk(lab.within(5s));
  lab.verdict("RDV-REGPK-17", answer, Results(hbb::RegisterPkResponse::SERVER_ERROR));
}

}  // namespace
}  // namespace deskcheck::conformance
