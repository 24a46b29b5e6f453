// A device and a controller meet at the relay, agree on a key, log in and measure the delay.
#include "conformance/lab/matchers.hpp"
#include "conformance/lab/relay_party.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

constexpr std::string_view kPassword = "secret";

MATCHER(TakenByDevice, "a key exchange that the two can finish") { return arg; }

}  // namespace

// The whole way to a running session, with everything after the keys encrypted.
CASE(login_through_relay, "relay/data/login", checks("RLY-DATA-06"),
     after("relay/pairing/two-parties"), does(Effect::reads)) {
  const std::string id = lab.fresh_id();
  const std::string number = fresh_session(lab);
  const auto device_keys = wire::make_key_pair(lab.random());
  const auto ephemeral = wire::make_box_key_pair(lab.random());

  // The device does not wait for its partner.
  auto device = co_await relay_party(lab, "device", lab.home());
  co_await device.join(number);
  device.connection().speak(sim::Protocol::session);
  co_await device.say(wire::offer_session(id, ephemeral, device_keys).SerializeAsString());

  auto controller = co_await relay_party(lab, "controller", lab.home());
  co_await controller.join(number);
  controller.connection().speak(sim::Protocol::session);
  auto offer = co_await controller.next<hbb::SignedId>(lab.within(5s));
  if (!lab.verdict("RLY-DATA-06", offer, Arrived())) co_return;
  auto accepted = wire::accept_session(*offer, id, device_keys.public_key, lab.random());
  if (!lab.verdict("RLY-DATA-06", accepted.has_value(), TakenByDevice())) co_return;
  co_await controller.say(accepted->answer.SerializeAsString());
  controller.connection().encrypt(accepted->key);

  auto keys = co_await device.next<hbb::PublicKey>(lab.within(5s));
  if (!lab.verdict("RLY-DATA-06", keys, Arrived())) co_return;
  const auto agreed = wire::finish_session(*keys, ephemeral);
  if (!lab.verdict("RLY-DATA-06", agreed.has_value(), TakenByDevice())) co_return;
  device.connection().encrypt(*agreed);

  hbb::Hash challenge;
  challenge.set_salt("abcdef");
  challenge.set_challenge("123456");
  co_await device.say(wrap<hbb::Message>(challenge).SerializeAsString());
  auto asked = co_await controller.next<hbb::Hash>(lab.within(5s));
  if (!lab.verdict("RLY-DATA-06", asked, Arrived())) co_return;

  hbb::LoginRequest login;
  login.set_my_id("controller");
  login.set_version("1.4.9");
  login.set_password(wire::password_proof(kPassword, asked->salt(), asked->challenge()));
  co_await controller.say(wrap<hbb::Message>(login).SerializeAsString());
  auto request = co_await device.next<hbb::LoginRequest>(lab.within(5s));
  if (!lab.verdict("RLY-DATA-06", request, Arrived())) co_return;
  lab.verdict("RLY-DATA-06", request->password(),
              Bytes(wire::password_proof(kPassword, "abcdef", "123456")));

  hbb::LoginResponse welcome;
  welcome.mutable_peer_info()->set_hostname("device");
  co_await device.say(wrap<hbb::Message>(welcome).SerializeAsString());
  auto response = co_await controller.next<hbb::LoginResponse>(lab.within(5s));
  if (!lab.verdict("RLY-DATA-06", response, Arrived())) co_return;
  lab.verdict("RLY-DATA-06", response->peer_info().hostname(), testing::Eq(std::string("device")));

  // The device measures the delay with a message that the controller returns as it is.
  hbb::TestDelay probe;
  probe.set_time(12345);
  co_await device.say(wrap<hbb::Message>(probe).SerializeAsString());
  auto heard = co_await controller.next<hbb::TestDelay>(lab.within(5s));
  if (!lab.verdict("RLY-DATA-06", heard, Arrived())) co_return;
  co_await controller.say(wrap<hbb::Message>(*heard).SerializeAsString());
  auto returned = co_await device.next<hbb::TestDelay>(lab.within(5s));
  if (!lab.verdict("RLY-DATA-06", returned, Arrived())) co_return;
  lab.verdict("RLY-DATA-06", returned->time(), testing::Eq(12345));
}

}  // namespace deskcheck::conformance
