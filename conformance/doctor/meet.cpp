// The rendezvous server: its ports, its key, and a device that registers and is reached.
#include "client-sim/channel/datagram_channel.hpp"
#include "client-sim/device/device.hpp"
#include "client-sim/session/client_facts.hpp"
#include "conformance/doctor/identify.hpp"
#include "conformance/doctor/talk.hpp"
#include "proto/wire/address.hpp"
#include "proto/wire/identity.hpp"

#include <fmt/format.h>

namespace deskcheck::doctor {

namespace {

using namespace std::chrono_literals;

constexpr int kDatagrams = 3;  // before silence counts
constexpr net::Duration kDatagramPatience = 800ms;

// TCP P or P-1. False: broken, and told.
Task<bool> try_tcp(Visit& visit, Step step, net::Endpoint to, bool* offered) {
  visit.begin(step);
  const sim::Recorder nobody;
  auto stream = co_await sim::MessageStream::connect(visit.world, visit.home(to), to, nobody,
                                                     visit.patience());
  if (!stream) {
    explain_connect(visit, step, Status::broken, to, stream.error());
    co_return false;
  }
  const auto answered = co_await test_nat(visit, &*stream, offered);
  if (answered) {
    visit.ok(step, fmt::format("TCP {} answers", to_string(to)));
    co_return true;
  }
  const auto speaker = co_await identify(visit, to);
  if (explain_speaker(visit, step, Status::broken, to, speaker)) co_return false;
  if (step == Step::nat_test && to.address.is_loopback()) {
    visit.skip(step, fmt::format("TCP {} is open; from the server's own host it may be its console",
                                 to_string(to)));
    co_return true;
  }
  visit.find(step, Status::broken,
             fmt::format("TCP {} takes connections and does not answer: {}", to_string(to),
                         answered.error().message()),
             "hbbs hangs or is gone behind its proxy or container, or something else has the port",
             "look at the log of hbbs, restart it, and see what listens there: ss -ltnp");
  co_return false;
}

Task<bool> try_udp(Visit& visit) {
  visit.begin(Step::udp);
  const auto to = visit.rendezvous;
  const sim::Recorder nobody;
  sim::DatagramChannel channel(visit.world, visit.home(to), nobody);
  hbb::RendezvousMessage question;
  question.mutable_register_peer()->set_id(visit.patient.identity.id);
  question.mutable_register_peer()->set_serial(3);
  for (int i = 0; i < kDatagrams; ++i) {
    channel.send(to, question);
    const auto answer = co_await channel.next<hbb::RegisterPeerResponse>(
        net::in(visit.world.clock, kDatagramPatience));
    if (!answer) continue;
    visit.ok(Step::udp, fmt::format("UDP {} answers", to_string(to)));
    co_return true;
  }
  visit.find(
      Step::udp, Status::broken, fmt::format("no answer from UDP {}", to_string(to)),
      visit.is(Step::tcp, Status::ok)
          ? "UDP is dropped on the way: a firewall, or a container that publishes the port "
            "for TCP only"
          : "hbbs does not run, or everything on the way to it is blocked",
      fmt::format("let UDP {0} in and forward it; with containers publish {0}:{0}/udp", to.port));
  co_return false;
}

hbb::RendezvousMessage question_for(const Visit& visit, std::string id) {
  hbb::RendezvousMessage message;
  auto& request = *message.mutable_punch_hole_request();
  request.set_id(std::move(id));
  request.set_nat_type(hbb::ASYMMETRIC);
  request.set_licence_key(visit.patient.key);
  request.set_version(sim::kClientVersion);
  return message;
}

// What a controller hears about a device: a punch_hole_response or a relay_response.
Task<net::Result<hbb::RendezvousMessage>> ask_for(Visit& visit, std::string id) {
  const auto deadline = visit.patience();
  const sim::Recorder nobody;
  auto stream = co_await sim::MessageStream::connect(visit.world, visit.home(visit.rendezvous),
                                                     visit.rendezvous, nobody, deadline);
  if (!stream) co_return stream.error();
  const auto question = question_for(visit, std::move(id));
  auto sent = co_await stream->send(question, deadline);
  if (!sent) co_return sent.error();
  for (;;) {
    auto answer = co_await stream->receive_message(deadline);
    if (!answer) co_return answer.error();
    if (answer->has_punch_hole_response() || answer->has_relay_response())
      co_return std::move(*answer);
  }
}

bool refuses_key(const hbb::RendezvousMessage& answer) {
  const auto& response = answer.punch_hole_response();
  return response.socket_addr().empty() && response.other_failure().empty() &&
         response.failure() == hbb::PunchHoleResponse::LICENSE_MISMATCH;
}

// A question for an id that nobody has: the key is looked at first.
Task<bool> try_key(Visit& visit) {
  visit.begin(Step::key);
  std::string nobody = visit.patient.identity.id + "x";
  const auto answer = co_await ask_for(visit, std::move(nobody));
  if (!answer) {
    visit.find(Step::key, Status::broken,
               "a controller's question is not answered: " + answer.error().message(),
               "hbbs hangs, or something between ends connections that carry more than a test",
               "look at the log of hbbs; let a proxy in front of it pass TCP as it is");
    co_return false;
  }
  const bool given = !visit.patient.key.empty();
  if (!refuses_key(*answer)) {
    visit.ok(Step::key, given ? "hbbs takes the key" : "hbbs asks for no key");
    co_return true;
  }
  visit.find(Step::key, Status::broken,
             given ? "hbbs refuses the key that was given (LICENSE_MISMATCH)"
                   : "hbbs asks for its key, and none was given (LICENSE_MISMATCH)",
             given ? "clients have the key of another server, or hbbs was started with another "
                     "folder and made itself a new one"
                   : "clients that have no key configured are refused as well",
             "give clients, and --key, the text of the id_ed25519.pub that hbbs uses");
  co_return false;
}

// What the server said last to RegisterPk.
std::optional<hbb::RegisterPkResponse::Result> verdict(const sim::Transcript& transcript) {
  std::optional<hbb::RegisterPkResponse::Result> last;
  for (const auto& line : transcript.lines()) {
    hbb::RendezvousMessage message;
    if (line.what == sim::TranscriptLine::What::received && message.ParseFromString(line.bytes) &&
        message.has_register_pk_response())
      last = message.register_pk_response().result();
  }
  return last;
}

void explain_refusal(Visit& visit, const sim::Transcript& transcript) {
  const auto why = verdict(transcript);
  const auto find = [&](Status status, std::string what, std::string cause, std::string mend) {
    visit.find(Step::registration, status, std::move(what), std::move(cause), std::move(mend));
  };
  if (!why || *why == hbb::RegisterPkResponse::OK)
    return find(Status::broken, "RegisterPk is not answered, though RegisterPeer is",
                "hbbs fails at its database, or a firewall limits datagrams",
                "look at the log of hbbs, and whether its folder can be written");
  const std::string name = hbb::RegisterPkResponse::Result_Name(*why);
  switch (*why) {
    case hbb::RegisterPkResponse::NOT_DEPLOYED:
      return find(Status::warning, "hbbs registers deployed devices only (NOT_DEPLOYED)",
                  "deployment is required, and the doctor's device is not deployed",
                  fmt::format("deploy {} to have the rest examined", visit.patient.identity.id));
    case hbb::RegisterPkResponse::TOO_FREQUENT:
      return find(Status::warning, "hbbs refuses more registrations from here (TOO_FREQUENT)",
                  "its limit per address is reached; behind a proxy all devices have one address",
                  "wait a minute; if it stays, let hbbs see the addresses of its clients");
    case hbb::RegisterPkResponse::SERVER_ERROR:
      return find(Status::broken, "hbbs cannot store a registration (SERVER_ERROR)",
                  "its disk is full, or its database cannot be written",
                  "make room, and let the user of hbbs write its folder (db_v2.sqlite3)");
    default:
      return find(Status::broken, fmt::format("hbbs refuses a registration ({})", name),
                  "the id is taken or not allowed here, or registration is switched off",
                  "look at the log of hbbs for the reason");
  }
}

Task<bool> try_online(Visit& visit, std::string id) {
  visit.begin(Step::online);
  const auto deadline = visit.patience();
  const sim::Recorder nobody;
  auto stream = co_await sim::MessageStream::connect(visit.world, visit.home(visit.nat), visit.nat,
                                                     nobody, deadline);
  if (!stream) {
    explain_connect(visit, Step::online, Status::broken, visit.nat, stream.error());
    co_return false;
  }
  hbb::RendezvousMessage question;
  question.mutable_online_request()->set_id(id);
  question.mutable_online_request()->add_peers(id);
  auto sent = co_await stream->send(question, deadline);
  auto answer = co_await stream->next<hbb::OnlineResponse>(deadline);
  if (!sent || !answer) {
    visit.find(Step::online, Status::broken, "the question who is online is not answered",
               "something else than hbbs has TCP P-1", "forward TCP P-1 to hbbs as it is");
    co_return false;
  }
  const auto& states = answer->states();
  if (!states.empty() && (static_cast<unsigned char>(states[0]) & 0x80) != 0) {
    visit.ok(Step::online, "the registered device is online");
    co_return true;
  }
  visit.find(Step::online, Status::broken, "the device that has just registered is called offline",
             "two servers behind one name or balancer, each with devices of its own",
             "send all traffic of a client to one server");
  co_return false;
}

void find_signature(Visit& visit, const std::string& signed_pk, const std::string& id,
                    const std::string& pk) {
  visit.begin(Step::signature);
  const auto find = [&](Status status, std::string what, std::string cause, std::string mend) {
    visit.find(Step::signature, status, std::move(what), std::move(cause), std::move(mend));
  };
  const auto key = wire::parse_public_key(visit.patient.key);
  if (!key) return visit.skip(Step::signature, "no key was given to compare with");
  if (signed_pk.empty())
    return find(Status::warning, "hbbs does not sign: sessions are not encrypted end to end",
                "hbbs runs with a key of its own words, and without a key pair",
                "start hbbs with -k _ or without -k, so that it uses id_ed25519");
  const auto identity = wire::verify_identity(signed_pk, *key, id);
  if (!identity)
    return find(Status::broken,
                fmt::format("hbbs signs with another key than the given one: {}",
                            identity.error().message()),
                "clients have the key of another server, or hbbs has made itself a new one",
                "give clients, and --key, the text of the id_ed25519.pub that hbbs uses");
  if (identity->pk() != pk)
    return find(Status::broken, "hbbs vouches for another key than the device's",
                "two devices share one id, or two servers share one database",
                "look at the device in the server's database");
  visit.ok(Step::signature, "signed by the key that was given");
}

constexpr int kQuestions = 2;  // the push to the device is a datagram

Task<void> try_punch(Visit& visit, std::string id, std::string pk) {
  visit.begin(Step::punch);
  auto answer = co_await ask_for(visit, id);
  for (int i = 1; i < kQuestions && !answer; ++i) answer = co_await ask_for(visit, id);
  const auto find = [&](Status status, std::string what, std::string cause, std::string mend) {
    visit.find(Step::punch, status, std::move(what), std::move(cause), std::move(mend));
    visit.block(Step::signature, Step::punch);
  };
  if (!answer)
    co_return find(Status::broken, "a controller that asks for the device hears nothing",
                   "the server's datagrams do not reach the device: NAT in front of the server "
                   "changes its address or port",
                   "let the server answer from the address and port that devices send to");
  if (answer->has_relay_response()) {
    const auto& response = answer->relay_response();
    if (!response.refuse_reason().empty())
      co_return find(Status::broken,
                     "the relay is refused: " + first_line(response.refuse_reason()),
                     "a rule of the server", "look at the settings of the server");
    visit.relay_text = response.relay_server();
    visit.ok(Step::punch, "a controller is sent to the relay");
    co_return find_signature(visit, response.pk(), id, pk);
  }
  const auto& response = answer->punch_hole_response();
  if (!response.socket_addr().empty()) {
    visit.relay_text = response.relay_server();
    visit.ok(Step::punch, "a controller is told where the device is");
    co_return find_signature(visit, response.pk(), id, pk);
  }
  if (!response.other_failure().empty())
    co_return find(Status::warning, "hbbs refuses: " + first_line(response.other_failure()),
                   "only clients that are signed in may ask for devices",
                   "this is as it should be if it is meant");
  find(Status::broken,
       fmt::format("hbbs does not know the device that has just registered ({})",
                   hbb::PunchHoleResponse::Failure_Name(response.failure())),
       "two servers behind one name or balancer, each with devices of its own",
       "send all traffic of a client to one server");
}

// Answered as online, and if the server wanted its key, with that taken.
Task<bool> registered(Visit& visit, sim::Device* device, const sim::Transcript* transcript) {
  const auto deadline = visit.patience();
  const auto online = co_await device->registered(deadline);
  if (!online) co_return false;
  while (device->counters().register_pk > 0) {
    if (const auto result = verdict(*transcript)) co_return *result == hbb::RegisterPkResponse::OK;
    const auto change = co_await device->changed(deadline);
    if (!change) co_return false;
  }
  co_return true;
}

Task<void> with_device(Visit& visit, sim::Device* device, const sim::Transcript* transcript) {
  const bool is_registered = co_await registered(visit, device, transcript);
  visit.diagnosis.device_id = device->id();
  if (!is_registered) {
    explain_refusal(visit, *transcript);
    const bool broken = visit.is(Step::registration, Status::broken);
    for (const auto step : {Step::online, Step::punch, Step::signature})
      if (broken)
        visit.block(step, Step::registration);
      else
        visit.skip(step, "no device could be registered");
    co_return;
  }
  visit.ok(Step::registration, fmt::format("the device {} is registered", device->id()));
  const std::string id = device->id();
  if (visit.is(Step::nat_test, Status::ok))
    (void)co_await try_online(visit, id);
  else if (visit.is(Step::nat_test, Status::skipped))
    visit.skip(Step::online, "TCP P-1 was not asked");
  else
    visit.block(Step::online, Step::nat_test);
  if (visit.is(Step::key, Status::ok)) {
    const std::string pk(wire::view(visit.patient.identity.keys.public_key.bytes));
    co_await try_punch(visit, id, pk);
  } else {
    visit.block(Step::punch, visit.is(Step::tcp, Status::broken) ? Step::tcp : Step::key);
    visit.block(Step::signature, Step::punch);
  }
}

Task<void> try_device(Visit& visit) {
  visit.begin(Step::registration);
  sim::DeviceOptions options;
  options.id = visit.patient.identity.id;
  options.uuid = visit.patient.identity.uuid;
  options.keys = visit.patient.identity.keys;
  options.home = visit.home(visit.rendezvous);
  options.rendezvous = visit.rendezvous;
  options.key = visit.patient.key;
  options.keeps_id = true;  // one device and no other
  // A device that is known need not be registered again.
  options.key_confirmed = true;
  sim::Transcript transcript;
  sim::Device device(visit.world, std::move(options),
                     sim::Recorder(&transcript, &visit.world.clock, "device"));
  device.start();
  std::exception_ptr failure;
  try {
    co_await with_device(visit, &device, &transcript);
  } catch (...) {
    failure = std::current_exception();
  }
  co_await device.stop();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace

Task<void> meet(Visit& visit) {
  const bool tcp = co_await try_tcp(visit, Step::tcp, visit.rendezvous, &visit.offers_key_exchange);
  const bool udp = co_await try_udp(visit);
  if (visit.lacks("rendezvous.nat-test"))
    visit.skip(Step::nat_test, "the server does not claim it");
  else
    (void)co_await try_tcp(visit, Step::nat_test, visit.nat, nullptr);
  if (tcp)
    (void)co_await try_key(visit);
  else
    visit.block(Step::key, Step::tcp);
  if (udp) {
    co_await try_device(visit);
    co_return;
  }
  for (const auto step : {Step::registration, Step::online, Step::punch, Step::signature})
    visit.block(step, Step::udp);
}

}  // namespace deskcheck::doctor
