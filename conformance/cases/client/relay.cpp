// The simulated clients meet at a relay as the real ones do. The case plays the rendezvous server
// and the relay.
#include "conformance/lab/matchers.hpp"
#include "conformance/lab/relay_party.hpp"
#include "conformance/lab/scripted_server.hpp"
#include "conformance/lab/simulated.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

// The key of the public network, with which every client is built.
constexpr char kPublicNetwork[] = "OeVuKk5nlHiXp+APNn0Y3pC1Iwpwn44JGqrQCsWqmBw=";

MATCHER_P2(OfferedBy, id, keys, "a signed_id of the device under its own key") {
  if (!arg.arrived() || !arg->has_signed_id()) return false;
  return wire::verify_identity(arg->signed_id().id(), keys.public_key, id).has_value();
}
MATCHER_P(HasLicenceKey, key, "a message with licence_key " + std::string(key)) {
  if (!arg.arrived()) return false;
  if (arg->has_punch_hole_request()) return arg->punch_hole_request().licence_key() == key;
  return arg->has_request_relay() && arg->request_relay().licence_key() == key;
}
// What is said to a relay: the fields that are wanted, and none of those that only the rendezvous
// server gets.
MATCHER_P(AsksRelay, wanted, "a request_relay with " + show_message(wanted)) {
  return arg.arrived() && arg->has_request_relay() &&
         arg->request_relay().SerializeAsString() == wanted.SerializeAsString();
}

hbb::RequestRelay push_to(const std::string& relay, const std::string& session) {
  hbb::RequestRelay push;
  push.set_socket_addr(wire::encode_address(net::endpoint("127.0.0.1", 40001), 0x2345678));
  push.set_relay_server(relay);
  push.set_uuid(session);
  push.set_secure(true);
  return push;
}

// The device's connection to the relay; its connection to the rendezvous server comes before it
// and has told that it is on the way.
Task<sim::MessageStream> device_at_relay(Lab& lab, ScriptedServer& server, ScriptedServer& relay) {
  auto telling = co_await server.connection();
  auto told = co_await server.hear_on(telling, lab.within(5s));
  lab.require("the device tells that it comes", told, IsMember(std::string("relay_response")));
  co_return co_await relay.connection();
}

// How the controller's request is answered so that it asks for a relay: with an address where
// nobody is.
Task<hbb::RequestRelay> hear_relay_wish(Lab& lab, ScriptedServer& server,
                                        const std::string& relay) {
  auto asking = co_await server.connection();
  auto request = co_await server.hear_on(asking, lab.within(5s));
  lab.require("the controller asks for the device", request,
              IsMember(std::string("punch_hole_request")));
  hbb::PunchHoleResponse nobody;
  net::Endpoint closed = server.address();
  closed.port = 1;
  nobody.set_socket_addr(wire::encode_address(closed, 0x2345678));
  nobody.set_relay_server(relay);
  co_await server.say_on(asking, nobody);
  auto asking_again = co_await server.connection();
  auto wish = co_await server.hear_on(asking_again, lab.within(5s));
  lab.require("the controller asks for a relay", wish, IsMember(std::string("request_relay")));
  hbb::RelayResponse granted;
  granted.set_version("1.4.9");
  co_await server.say_on(asking_again, granted);
  co_return wish->request_relay();
}

}  // namespace

// Asked to come to a relay, the device goes there and says everything that it has to say before it
// hears a word.
CASE(device_comes, "client/relay/device-comes", checks("CLI-RLY-01"), does(Effect::reads)) {
  ScriptedServer server(lab), relay(lab);
  auto options = device_options(lab, server.address());
  options.key = "the configured key";
  simulated_device(lab, options);
  co_await server.accept_device();
  const std::string session = fresh_session(lab);
  server.say(push_to(relay.name(), session));
  auto leg = co_await device_at_relay(lab, server, relay);
  hbb::RequestRelay wanted;
  wanted.set_licence_key(options.key);
  wanted.set_uuid(session);
  auto request = co_await relay.hear_on(leg, lab.within(5s));
  if (!lab.verdict("CLI-RLY-01", request, AsksRelay(wanted))) co_return;
  auto offer = co_await relay.hear_on<hbb::Message>(leg, lab.within(5s));
  lab.verdict("CLI-RLY-01", offer, OfferedBy(options.id, options.keys));
}

// The same where the relay is the device's own idea.
CASE(device_invites, "client/relay/device-invites", checks("CLI-RLY-01"),
     after("client/relay/device-comes"), does(Effect::reads)) {
  ScriptedServer server(lab), relay(lab);
  auto options = device_options(lab, server.address());
  options.key = "the configured key";
  options.relay_server = relay.name();
  options.nat_type = hbb::SYMMETRIC;
  simulated_device(lab, options);
  co_await server.accept_device();
  hbb::PunchHole push;
  push.set_socket_addr(wire::encode_address(net::endpoint("127.0.0.1", 40001), 0x2345678));
  server.say(push);
  auto inviting = co_await server.connection();
  auto invitation = co_await server.hear_on(inviting, lab.within(5s));
  lab.require("the device starts a relay", invitation, IsMember(std::string("relay_response")));
  auto leg = co_await relay.connection();
  hbb::RequestRelay wanted;
  wanted.set_licence_key(options.key);
  wanted.set_uuid(invitation->relay_response().uuid());
  auto request = co_await relay.hear_on(leg, lab.within(5s));
  if (!lab.verdict("CLI-RLY-01", request, AsksRelay(wanted))) co_return;
  auto offer = co_await relay.hear_on<hbb::Message>(leg, lab.within(5s));
  lab.verdict("CLI-RLY-01", offer, OfferedBy(options.id, options.keys));
}

// A controller whom the device invites goes to the relay and the session that it names.
CASE(controller_is_invited, "client/relay/controller-is-invited", checks("CLI-RLY-02"),
     does(Effect::reads)) {
  ScriptedServer server(lab), relay(lab);
  auto options = controller_options(lab, server.address(), lab.home());
  options.key = "the configured key";
  sim::ConnectOptions how;
  how.conn_type = hbb::FILE_TRANSFER;
  const std::string id = lab.fresh_id();
  simulated_call(lab, options, id, how);
  auto asking = co_await server.connection();
  auto question = co_await server.hear_on(asking, lab.within(5s));
  lab.require("the controller asks for the device", question,
              IsMember(std::string("punch_hole_request")));
  hbb::RelayResponse invitation;
  invitation.set_uuid(fresh_session(lab));
  invitation.set_relay_server(relay.name());
  invitation.set_version("1.4.9");
  co_await server.say_on(asking, invitation);

  auto leg = co_await relay.next_connection(lab.within(5s));
  if (!lab.verdict("CLI-RLY-02", leg, Arrived())) co_return;
  hbb::RequestRelay wanted;
  wanted.set_licence_key(options.key);
  wanted.set_id(id);
  wanted.set_uuid(invitation.uuid());
  wanted.set_conn_type(hbb::FILE_TRANSFER);
  auto request = co_await relay.hear_on(*leg, lab.within(5s));
  lab.verdict("CLI-RLY-02", request, AsksRelay(wanted));
}

// One that cannot connect directly names the session itself, to the device and to the relay.
CASE(controller_invites, "client/relay/controller-invites", checks("CLI-RLY-02"),
     after("client/relay/controller-is-invited"), does(Effect::reads)) {
  ScriptedServer server(lab), relay(lab);
  auto options = controller_options(lab, server.address(), lab.home());
  options.key = "the configured key";
  const std::string id = lab.fresh_id();
  const sim::ConnectOptions how;
  simulated_call(lab, options, id, how);
  const auto wish = co_await hear_relay_wish(lab, server, relay.name());
  lab.verdict("CLI-RLY-02", wish.uuid().empty(), testing::IsFalse());
  auto leg = co_await relay.next_connection(lab.within(5s));
  if (!lab.verdict("CLI-RLY-02", leg, Arrived())) co_return;
  hbb::RequestRelay wanted;
  wanted.set_licence_key(options.key);
  wanted.set_id(id);
  wanted.set_uuid(wish.uuid());
  auto request = co_await relay.hear_on(*leg, lab.within(5s));
  lab.verdict("CLI-RLY-02", request, AsksRelay(wanted));
}

// A controller without configured key shows the public network's, to the server and to the relay.
CASE(controller_without_key, "client/relay/controller-without-key", checks("CLI-RLY-03"),
     after("client/relay/controller-is-invited"), does(Effect::reads)) {
  ScriptedServer server(lab), relay(lab);
  const sim::ConnectOptions how;
  simulated_call(lab, controller_options(lab, server.address(), lab.home()), lab.fresh_id(), how);
  auto asking = co_await server.connection();
  auto question = co_await server.hear_on(asking, lab.within(5s));
  lab.verdict("CLI-RLY-03", question, HasLicenceKey(kPublicNetwork));
  hbb::RelayResponse invitation;
  invitation.set_uuid(fresh_session(lab));
  invitation.set_relay_server(relay.name());
  co_await server.say_on(asking, invitation);
  auto leg = co_await relay.connection();
  auto request = co_await relay.hear_on(leg, lab.within(5s));
  lab.verdict("CLI-RLY-03", request, HasLicenceKey(kPublicNetwork));
}

// So does a device at the relay.
CASE(device_without_key, "client/relay/device-without-key", checks("CLI-RLY-03"),
     after("client/relay/device-comes"), does(Effect::reads)) {
  ScriptedServer server(lab), relay(lab);
  simulated_device(lab, device_options(lab, server.address()));
  co_await server.accept_device();
  server.say(push_to(relay.name(), fresh_session(lab)));
  auto leg = co_await device_at_relay(lab, server, relay);
  auto request = co_await relay.hear_on(leg, lab.within(5s));
  lab.verdict("CLI-RLY-03", request, HasLicenceKey(kPublicNetwork));
}

}  // namespace deskcheck::conformance
