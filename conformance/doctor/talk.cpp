#include "conformance/doctor/talk.hpp"

#include "client-sim/session/client_facts.hpp"

namespace deskcheck::doctor {

Task<net::Result<void>> test_nat(Caller& caller, sim::MessageStream* stream, bool* offered) {
  const auto deadline = caller.patience();
  hbb::RendezvousMessage question;
  question.mutable_test_nat_request();
  auto sent = co_await stream->send(question, deadline);
  if (!sent) co_return sent.error();
  for (;;) {
    auto message = co_await stream->receive_message(deadline);
    if (!message) co_return message.error();
    if (message->has_key_exchange() && offered) *offered = true;
    if (message->has_test_nat_response()) co_return net::Result<void>();
  }
}

namespace {

Pairing failed(const boost::system::error_code& why) {
  const bool late = why == boost::asio::error::timed_out;
  return {late ? Pairing::Kind::silent : Pairing::Kind::ended, why};
}

// One says something, the other hears it.
Task<Pairing> carried(Caller& caller, sim::MessageStream* from, sim::MessageStream* to,
                      std::string words) {
  auto sent = co_await from->send(words, caller.patience());
  if (!sent) co_return failed(sent.error());
  auto heard = co_await to->receive(caller.patience());
  if (!heard) co_return failed(heard.error());
  if (*heard != words) co_return Pairing(Pairing::Kind::garbled, {});
  co_return Pairing();
}

}  // namespace

Task<Pairing> pair_up(Caller& caller, std::string which, Join join) {
  net::Random random = caller.world.random.fork(
      std::move(which) + std::to_string(caller.now().time_since_epoch().count()));
  hbb::RequestRelay request;
  request.set_id(caller.patient.identity.id);
  request.set_uuid(sim::make_uuid(random));
  request.set_licence_key(caller.patient.profile.relay_licence_key.value_or(caller.patient.key));
  auto one = co_await join(request);
  if (!one) co_return Pairing(Pairing::Kind::no_connection, one.error());
  auto other = co_await join(request);
  if (!other) co_return Pairing(Pairing::Kind::no_connection, other.error());
  std::string question = "deskcheck asks", answer = "deskcheck answers";
  auto there = co_await carried(caller, &*one, &*other, std::move(question));
  if (there.kind != Pairing::Kind::paired) co_return there;
  auto back = co_await carried(caller, &*other, &*one, std::move(answer));
  co_return back;
}

}  // namespace deskcheck::doctor
