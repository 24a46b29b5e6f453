// The simulated device registers as the real client does: when, with which message, and what it
// does about each answer. The case plays the server.
#include "conformance/cases/client/device.hpp"
#include "conformance/lab/scripted_server.hpp"

#include <array>

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

using Result = hbb::RegisterPkResponse::Result;

constexpr net::Duration kAtOnce = 1s;

MATCHER_P(RegistersKeyOf, options, "a register_pk with id, uuid and key of the device") {
  if (!arg.arrived() || !arg->has_register_pk()) return false;
  const auto& request = arg->register_pk();
  return request.id() == options.id && request.uuid() == options.uuid &&
         request.pk() == wire::view(options.keys.public_key.bytes);
}
MATCHER_P(RegistersPeer, id, "a register_peer of " + std::string(id)) {
  return arg.arrived() && arg->has_register_peer() && arg->register_peer().id() == id;
}
MATCHER_P(RegistersUnderNewId, old, "a register_pk under a new id of 10 digits") {
  if (!arg.arrived() || !arg->has_register_pk()) return false;
  const std::string& id = arg->register_pk().id();
  return id != old.id && id.size() == 10 &&
         id.find_first_not_of("0123456789") == std::string::npos &&
         arg->register_pk().uuid() == old.uuid &&
         arg->register_pk().pk() == wire::view(old.keys.public_key.bytes);
}
auto AfterInterval(net::Duration interval) {
  return IsBetween(interval, interval + kTick + kSlack);
}
// Between two questions: what is late the first time may be on time the second.
auto AfterSilence(net::Duration interval) {
  return IsBetween(interval - kSlack / 2, interval + kTick + kSlack / 2);
}

hbb::RegisterPkResponse answer_to_pk(Result result) {
  hbb::RegisterPkResponse answer;
  answer.set_result(result);
  return answer;
}
hbb::RegisterPeerResponse answer_to_peer(bool request_pk) {
  hbb::RegisterPeerResponse answer;
  answer.set_request_pk(request_pk);
  return answer;
}

}  // namespace

// Its key is not confirmed at first: it registers the key, and once that is accepted only its
// presence, 15 s after each answer.
CASE(interval, "client/registration/interval", checks("CLI-REG-01"), takes(40s),
     does(Effect::reads)) {
  ScriptedServer server(lab);
  const auto options = device_options(lab, server.address());
  simulated_device(lab, options);
  auto first = co_await server.hear(lab.within(3s));
  if (!lab.verdict("CLI-REG-01", first, RegistersKeyOf(options))) co_return;
  server.say(answer_to_pk(hbb::RegisterPkResponse::OK));
  for (int i = 0; i < 2; ++i) {
    const net::Time answered = lab.now();
    auto next = co_await server.hear(lab.within(20s));
    if (!lab.verdict("CLI-REG-01", next, RegistersPeer(options.id))) co_return;
    const net::Duration waited = lab.now() - answered;
    lab.verdict("CLI-REG-01", waited, AfterInterval(15s));
    server.say(answer_to_peer(false));
  }
}

// Whose key was confirmed before it was restarted begins with its presence.
CASE(confirmed_before, "client/registration/confirmed-before", checks("CLI-REG-01"),
     after("client/registration/request-pk"), does(Effect::reads)) {
  ScriptedServer server(lab);
  auto options = device_options(lab, server.address());
  options.key_confirmed = true;
  simulated_device(lab, options);
  auto first = co_await server.hear(lab.within(3s));
  lab.verdict("CLI-REG-01", first, RegistersPeer(options.id));
}

// A server that never answers hears the same question every 3 s, before the key is confirmed...
CASE(resend_key, "client/registration/resend-key", checks("CLI-REG-02"), takes(15s),
     after("client/registration/request-pk"), does(Effect::reads)) {
  ScriptedServer server(lab);
  const auto options = device_options(lab, server.address());
  simulated_device(lab, options);
  auto first = co_await server.hear(lab.within(3s));
  lab.require("the device registers", first, RegistersKeyOf(options));
  for (int i = 0; i < 3; ++i) {
    const net::Time before = lab.now();
    auto again = co_await server.hear(lab.within(6s));
    if (!lab.verdict("CLI-REG-02", again, RegistersKeyOf(options))) co_return;
    const net::Duration waited = lab.now() - before;
    lab.verdict("CLI-REG-02", waited, AfterSilence(3s));
  }
}

// ...and afterwards.
CASE(resend_presence, "client/registration/resend-presence", checks("CLI-REG-02"), takes(10s),
     after("client/registration/request-pk"), does(Effect::reads)) {
  ScriptedServer server(lab);
  auto options = device_options(lab, server.address());
  options.key_confirmed = true;
  simulated_device(lab, options);
  auto first = co_await server.hear(lab.within(3s));
  lab.require("the device registers", first, RegistersPeer(options.id));
  const net::Time before = lab.now();
  auto again = co_await server.hear(lab.within(6s));
  if (!lab.verdict("CLI-REG-02", again, RegistersPeer(options.id))) co_return;
  const net::Duration waited = lab.now() - before;
  lab.verdict("CLI-REG-02", waited, AfterSilence(3s));
}

// A server that has forgotten the key asks for it and gets it at once.
CASE(request_pk, "client/registration/request-pk", checks("CLI-REG-03"), does(Effect::reads)) {
  ScriptedServer server(lab);
  auto options = device_options(lab, server.address());
  options.key_confirmed = true;
  simulated_device(lab, options);
  auto first = co_await server.hear(lab.within(3s));
  lab.require("the device registers", first, RegistersPeer(options.id));
  server.say(answer_to_peer(true));
  auto key = co_await server.hear(lab.within(kAtOnce));
  lab.verdict("CLI-REG-03", key, RegistersKeyOf(options));
}

// An id that belongs to another machine is given up for a new one, as often as needed; the device
// goes on under that.
CASE(uuid_mismatch, "client/registration/uuid-mismatch", checks("CLI-REG-04"), takes(20s),
     after("client/registration/request-pk"), does(Effect::reads)) {
  ScriptedServer server(lab);
  auto known_as = device_options(lab, server.address());
  simulated_device(lab, known_as);
  auto first = co_await server.hear(lab.within(3s));
  lab.require("the device registers", first, RegistersKeyOf(known_as));
  for (int i = 0; i < 2; ++i) {
    server.say(answer_to_pk(hbb::RegisterPkResponse::UUID_MISMATCH));
    auto again = co_await server.hear(lab.within(kAtOnce));
    if (!lab.verdict("CLI-REG-04", again, RegistersUnderNewId(known_as))) co_return;
    known_as.id = again->register_pk().id();
  }
  server.say(answer_to_pk(hbb::RegisterPkResponse::OK));
  auto later = co_await server.hear(lab.within(18s));
  lab.verdict("CLI-REG-04", later, RegistersPeer(known_as.id));
}

// A device that an operator has to admit first waits 30 s between its questions, whatever the
// server says meanwhile; once admitted it is a device like any other. (Only the first repetition
// comes after the usual 15 s: the client takes the time of questions that it asks while it knows.)
CASE(not_deployed, "client/registration/not-deployed", checks("CLI-REG-05"), takes(52s),
     after("client/registration/request-pk"), does(Effect::reads)) {
  ScriptedServer server(lab);
  const auto options = device_options(lab, server.address());
  simulated_device(lab, options);
  auto first = co_await server.hear(lab.within(3s));
  lab.require("the device registers", first, RegistersKeyOf(options));
  server.say(answer_to_pk(hbb::RegisterPkResponse::NOT_DEPLOYED));
  auto second = co_await server.hear(lab.within(18s));
  if (!lab.verdict("CLI-REG-05", second, RegistersKeyOf(options))) co_return;

  const net::Time before = lab.now();
  server.say(answer_to_pk(hbb::RegisterPkResponse::NOT_DEPLOYED));
  co_await lab.wait(1s);
  server.say(answer_to_peer(true));
  auto third = co_await server.hear(lab.within(34s));
  if (!lab.verdict("CLI-REG-05", third, RegistersKeyOf(options))) co_return;
  const net::Duration waited = lab.now() - before;
  lab.verdict("CLI-REG-05", waited, AfterSilence(30s));

  server.say(answer_to_pk(hbb::RegisterPkResponse::OK));
  server.say(answer_to_peer(true));
  auto admitted = co_await server.hear(lab.within(kAtOnce));
  lab.verdict("CLI-REG-05", admitted, RegistersKeyOf(options));
}

// Every other refusal is answered with the same question, after the usual 15 s.
CASE(other_results, "client/registration/other-results", checks("CLI-REG-06"), takes(40s),
     after("client/registration/request-pk"), does(Effect::reads)) {
  ScriptedServer server(lab);
  const auto options = device_options(lab, server.address());
  simulated_device(lab, options);
  auto first = co_await server.hear(lab.within(3s));
  lab.require("the device registers", first, RegistersKeyOf(options));
  const std::array refusals{hbb::RegisterPkResponse::SERVER_ERROR,
                            hbb::RegisterPkResponse::TOO_FREQUENT};
  for (const auto result : refusals) {
    server.say(answer_to_pk(result));
    const net::Time answered = lab.now();
    auto again = co_await server.hear(lab.within(20s));
    if (!lab.verdict("CLI-REG-06", again, RegistersKeyOf(options))) co_return;
    const net::Duration waited = lab.now() - answered;
    lab.verdict("CLI-REG-06", waited, AfterInterval(15s));
  }
}

}  // namespace deskcheck::conformance
