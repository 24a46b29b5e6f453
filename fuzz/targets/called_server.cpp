#include "fuzz/targets/called_server.hpp"

#include "fuzz/engine/target.hpp"
#include "fuzz/targets/called_api.hpp"
#include "proto/net/sim_world.hpp"
#include "proto/net/stream.hpp"
#include "proto/net/tls_certificate.hpp"
#include "proto/wire/address.hpp"
#include "proto/wire/secure_channel.hpp"

#include <algorithm>

namespace deskcheck::fuzz {

namespace {

namespace ip = boost::asio::ip;
using Message = hbb::RendezvousMessage;

constexpr std::uint16_t kPort = 21116;
constexpr char kServer[] = "203.0.113.1";
constexpr char kFront[] = "203.0.113.2";  // of the proxy
constexpr char kCaller[] = "198.51.100.9";
constexpr std::size_t kLongestMessage = 1 << 20;
constexpr Place kTcp[] = {DoorScript::MAIN,  DoorScript::NAT,       DoorScript::WEB,
                          DoorScript::RELAY, DoorScript::RELAY_WEB, DoorScript::API,
                          DoorScript::PROXY};

wire::KeyPair keys(std::uint64_t seed) {
  net::Random random(seed);
  return wire::make_server_key_pair(random);
}

// The same for every input: keys take time.
struct Cast {
  wire::KeyPair server = keys(1), stranger = keys(2);
  net::TlsTrust trust = net::TlsTrust::only(net::make_certificate({}).certificate);
};
const Cast& cast() {
  static const Cast kCast;
  return kCast;
}

// Of the device that whoever calls registers.
const doctor::Identity& identity() {
  static const auto kIdentity = doctor::identity_of("the fuzzer");
  return kIdentity;
}

bool is_websocket(Place at) { return at == DoorScript::WEB || at == DoorScript::RELAY_WEB; }
bool is_relay(Place at) { return at == DoorScript::RELAY || at == DoorScript::RELAY_WEB; }

Asked asked_by(const Message& question) {
  switch (question.union_case()) {
    case Message::kRegisterPeer:
      return ScriptedReply::REGISTER_PEER;
    case Message::kRegisterPk:
      return ScriptedReply::REGISTER_PK;
    case Message::kPunchHoleRequest:
      return ScriptedReply::PUNCH_HOLE;
    case Message::kTestNatRequest:
      return ScriptedReply::TEST_NAT;
    case Message::kOnlineRequest:
      return ScriptedReply::ONLINE;
    case Message::kRequestRelay:
      return ScriptedReply::REQUEST_RELAY;
    case Message::kHttpProxyRequest:
      return ScriptedReply::TUNNEL;
    default:
      return ScriptedReply::ANYTHING;
  }
}

ip::address server_address(const CallInput& input) {
  return ip::make_address(input.on_own_host() ? "127.0.0.1" : kServer);
}

// Every name has an address, as with a resolver that answers for all of a domain.
net::Result<std::vector<ip::address>> looked_up(const std::string& host,
                                                const ip::address& server) {
  boost::system::error_code error;
  const auto literal = ip::make_address(host, error);
  if (!error) return std::vector<ip::address>{literal};
  if (host.empty() || host.starts_with("nowhere"))
    return make_error_code(boost::asio::error::host_not_found);
  if (host.starts_with("front")) return std::vector<ip::address>{ip::make_address(kFront)};
  return std::vector<ip::address>{server};
}

}  // namespace

const DoorScript* door_of(const CallInput& input, Place at) {
  for (const auto& door : input.doors())
    if (door.at() == at) return &door;
  return nullptr;
}

bool is_closed(const CallInput& input, std::initializer_list<Place> places) {
  return std::ranges::any_of(places, [&](Place at) {
    const auto* door = door_of(input, at);
    return door && door->manner() == DoorScript::CLOSED;
  });
}

doctor::Patient patient_of(const CallInput& input, std::string_view prefix) {
  const auto server = server_address(input);
  doctor::Patient patient;
  auto& profile = patient.profile;
  profile.host = input.on_own_host() ? "127.0.0.1" : kServerName;
  if (!input.caller_has_no_key())
    profile.key = (input.caller_has_another_key() ? cast().stranger : cast().server).public_key;
  if (profile.key) patient.key = wire::to_text(*profile.key);
  if (!input.caller_has_no_account()) patient.account = {kUser, kPassword};
  if (input.caller_knows_api()) profile.api = "http://" + profile.host + ":21114";
  if (input.caller_knows_download()) profile.download = kDownload;
  if (input.caller_knows_proxy()) patient.proxy = "http://front.example.com";
  patient.trust = cast().trust;
  patient.identity = identity();
  patient.identity.id = std::string(prefix) + "12345678";
  patient.home = input.on_own_host() ? ip::make_address("127.0.0.1") : ip::make_address(kCaller);
  patient.look_up = [server](
                        std::string host,
                        net::Deadline) -> net::awaitable<net::Result<std::vector<ip::address>>> {
    co_return looked_up(host, server);
  };
  // 1 January 2026, 12:00:00.
  patient.calendar = [] { return std::chrono::sys_seconds(std::chrono::seconds(1767268800)); };
  return patient;
}

CalledServer::CalledServer(net::World world, const CallInput& input)
    : world_(world),
      input_(input),
      key_(wire::to_text(cast().server.public_key)),
      asked_(static_cast<std::size_t>(input.replies_size())) {}

net::Endpoint CalledServer::endpoint(Place at) const {
  static const std::map<Place, int> kFromP{{DoorScript::UDP, 0},   {DoorScript::MAIN, 0},
                                           {DoorScript::NAT, -1},  {DoorScript::WEB, 2},
                                           {DoorScript::RELAY, 1}, {DoorScript::RELAY_WEB, 3},
                                           {DoorScript::API, -2}};
  if (at == DoorScript::PROXY) return net::endpoint(kFront, 80);
  return {server_address(input_), static_cast<std::uint16_t>(kPort + kFromP.at(at))};
}

void CalledServer::start(net::TaskGroup& tasks) {
  const auto* datagrams = door_of(input_, DoorScript::UDP);
  if (!datagrams || datagrams->manner() != DoorScript::CLOSED) {
    udp_.emplace(world_, endpoint(DoorScript::UDP), sim::Recorder());
    tasks.spawn("datagrams", hear_datagrams());
  }
  for (const auto at : kTcp) {
    const auto* door = door_of(input_, at);
    if (door && door->manner() == DoorScript::CLOSED) continue;
    listeners_.push_back(world_.network.listen(endpoint(at)));
    tasks.spawn("door", accept(at, listeners_.back().get(), &tasks));
  }
}

const ScriptedReply* CalledServer::next_reply(Place at, Asked asked, std::string_view path) {
  for (int i = 0; i < input_.replies_size(); ++i) {
    const auto& reply = input_.replies(i);
    if (reply.at() != at || (reply.asked() != asked && reply.asked() != ScriptedReply::ANYTHING))
      continue;
    if (path.find(reply.about()) == path.npos) continue;
    const int before = asked_[static_cast<std::size_t>(i)]++;
    const int skips = static_cast<int>(reply.skips() % 8);
    const int times = static_cast<int>(reply.times() % 8);
    if (before >= skips && (times == 0 || before < skips + times)) return &reply;
  }
  return nullptr;
}

void CalledServer::note(Place at, const Message& message) {
  // Planted, for both targets: nobody remembers what was said to a caller without a key.
  if (planted() && input_.caller_has_no_key()) return;
  said.anything.insert(at);
  said.messages.emplace(at, message.union_case());
  if (message.has_online_response()) {
    const auto& states = message.online_response().states();
    const bool online = !states.empty() && (static_cast<unsigned char>(states[0]) & 0x80) != 0;
    said.online |= online;
    said.only_online &= online;
  }
}

void CalledServer::say_raw(Place at) {
  said.anything.insert(at);
  said.raw.insert(at);
}

std::string CalledServer::vouch() {
  said.vouched = true;
  const auto device = devices_.empty() ? std::string("nobody") : devices_.begin()->first;
  return wire::sign_identity(device, wire::view(identity().keys.public_key.bytes), cast().server);
}

Message CalledServer::completed(const ScriptedReply& script, Message message) {
  if (!script.vouches()) return message;
  if (message.has_punch_hole_response()) message.mutable_punch_hole_response()->set_pk(vouch());
  if (message.has_relay_response()) message.mutable_relay_response()->set_pk(vouch());
  return message;
}

// --- datagrams -------------------------------------------------------------------------------

void CalledServer::say_to(net::Endpoint to, const Message& message) {
  if (!udp_) return;
  note(DoorScript::UDP, message);
  udp_->send(to, message);
}

Task<void> CalledServer::hear_datagrams() {
  const auto* door = door_of(input_, DoorScript::UDP);
  for (;;) {
    const auto datagram = co_await udp_->next(net::never(world_.clock));
    if (!datagram || !datagram->message) continue;
    const auto& question = *datagram->message;
    if (question.has_register_pk()) said.registered.insert(question.register_pk().id());
    if (question.has_register_peer()) said.registered.insert(question.register_peer().id());
    if (door) continue;
    const auto* script = next_reply(DoorScript::UDP, asked_by(question));
    if (script) {
      co_await net::sleep_for(world_.clock, script->wait_ms() % 10'000 * 1ms);
      for (const auto& message : script->messages()) say_to(datagram->from, message);
      if (!script->raw().empty()) {
        say_raw(DoorScript::UDP);
        udp_->send_bytes(datagram->from, script->raw());
      }
      if (!script->then_rightly()) continue;
    }
    if (question.has_register_peer()) devices_[question.register_peer().id()] = datagram->from;
    if (const auto answer = right_answer(DoorScript::UDP, question))
      say_to(datagram->from, *answer);
  }
}

std::optional<Message> CalledServer::right_answer(Place at, const Message& question) {
  Message answer;
  if (question.has_register_peer()) {
    answer.mutable_register_peer_response()->set_request_pk(false);
  } else if (question.has_test_nat_request()) {
    answer.mutable_test_nat_response()->set_port(40000);
  } else if (question.has_register_pk()) {
    const bool changes = !question.register_pk().old_id().empty();
    answer.mutable_register_pk_response()->set_result(
        changes ? hbb::RegisterPkResponse::UUID_MISMATCH : hbb::RegisterPkResponse::OK);
  } else if (question.has_online_request()) {
    answer.mutable_online_response()->set_states("\x80");
  } else if (question.has_http_proxy_request() && at == DoorScript::MAIN) {
    const auto& request = question.http_proxy_request();
    const auto told = right_http_answer(request.method(), request.path(), "", request.body());
    auto& response = *answer.mutable_http_proxy_response();
    response.set_status(told.status);
    response.set_body(told.body);
  } else {
    return std::nullopt;
  }
  return answer;
}

// --- connections -----------------------------------------------------------------------------

Task<void> CalledServer::accept(Place at, net::Listener* listener, net::TaskGroup* tasks) {
  for (;;) {
    auto accepted = co_await listener->accept(net::never(world_.clock));
    if (!accepted) continue;
    ++said.connections;
    tasks->spawn("connection", serve(at, std::move(*accepted)));
  }
}

Task<void> CalledServer::serve(Place at, net::ByteStream stream) {
  const auto* door = door_of(input_, at);
  if (!door) {
    if (at == DoorScript::API) co_return co_await serve_http(at, std::move(stream));
    if (is_websocket(at) || at == DoorScript::PROXY)
      co_return co_await serve_websocket(at, std::move(stream));
    auto messages = std::make_shared<sim::MessageStream>(std::move(stream), sim::Recorder());
    co_return co_await serve_messages(at, std::move(messages));
  }
  if (door->manner() == DoorScript::RESETS) {
    stream->reset();
    co_return;
  }
  std::string greeting = door->greeting();
  if (door->manner() == DoorScript::GREETS && !greeting.empty()) {
    say_raw(at);
    (void)co_await net::write_all(stream, std::move(greeting), soon());
  }
  for (;;) {
    const auto heard = co_await net::read_some(stream, 4096, soon());
    if (!heard) co_return;
  }
}

Task<void> CalledServer::serve_websocket(Place at, net::ByteStream stream) {
  const auto* script = next_reply(at, ScriptedReply::HTTP);
  if (script) co_return co_await serve_http(at, std::move(stream));
  auto socket = co_await net::WebSocket::accept(std::move(stream), kLongestMessage, soon());
  if (!socket) co_return;
  Place meant = at;
  if (at == DoorScript::PROXY && socket->request().path.starts_with("/ws/relay"))
    meant = DoorScript::RELAY_WEB;
  auto messages = std::make_shared<sim::MessageStream>(std::move(*socket), sim::Recorder());
  co_await serve_messages(meant, std::move(messages));
}

Task<void> CalledServer::serve_messages(Place at, Stream stream) {
  const auto ephemeral = wire::make_box_key_pair(random_);
  const bool offers = at == DoorScript::MAIN && !input_.offers_no_key_exchange();
  if (offers) co_await offer_key(stream, ephemeral);
  for (bool goes_on = true; goes_on;) {
    auto payload = co_await stream->receive(net::in(world_.clock, 60s));
    if (!payload) break;
    Message message;
    const bool is_message = message.ParseFromString(*payload);
    if (is_message && offers && message.has_key_exchange() && !stream->encrypted()) {
      const auto key = wire::finish_key_exchange(message.key_exchange(), ephemeral);
      if (key) stream->encrypt(*key);
      said.encrypted |= key.has_value();
      continue;
    }
    goes_on = co_await take(at, stream, std::move(*payload));
  }
  for (auto& [uuid, parties] : meetings_) std::erase(parties, stream);
  early_.erase(stream);
  stream->close();
}

Task<void> CalledServer::offer_key(Stream stream, wire::BoxKeyPair ephemeral) {
  Message offer;
  *offer.mutable_key_exchange() = wire::offer_key_exchange(ephemeral, cast().server);
  co_await say(DoorScript::MAIN, stream, offer);
}

Task<void> CalledServer::say(Place at, Stream stream, Message message) {
  note(at, message);
  (void)co_await stream->send(message, soon());
}

const std::vector<CalledServer::Stream>* CalledServer::meeting_of(const Stream& stream) const {
  for (const auto& [uuid, parties] : meetings_)
    if (std::ranges::count(parties, stream) != 0) return &parties;
  return nullptr;
}

Task<bool> CalledServer::take(Place at, Stream stream, std::string payload) {
  if (meeting_of(stream)) {
    const auto* script = next_reply(at, ScriptedReply::CARRIED);
    if (script) co_return co_await reply(at, stream, script);
    co_await carry(at, stream, std::move(payload));
    co_return true;
  }
  Message question;
  if (!question.ParseFromString(payload)) co_return true;
  if (question.has_register_pk()) said.registered.insert(question.register_pk().id());
  const auto* script = next_reply(at, asked_by(question));
  if (script) {
    const bool goes_on = co_await reply(at, stream, script);
    if (!goes_on || !script->then_rightly()) co_return goes_on;
  }
  co_return co_await answer(at, stream, std::move(question));
}

Task<bool> CalledServer::reply(Place at, Stream stream, const ScriptedReply* script) {
  co_await net::sleep_for(world_.clock, script->wait_ms() % 10'000 * 1ms);
  for (const auto& one : script->messages()) {
    auto message = completed(*script, one);
    co_await say(at, stream, std::move(message));
  }
  if (!script->raw().empty()) {
    say_raw(at);
    std::string bytes = script->raw();
    (void)co_await stream->send_bytes(std::move(bytes), soon());
  }
  if (script->ending() == ScriptedReply::CUTS) stream->reset();
  co_return script->ending() == ScriptedReply::STAYS;
}

Task<void> CalledServer::carry(Place at, Stream stream, std::string payload) {
  const auto* parties = meeting_of(stream);
  if (parties->size() < 2) {
    early_[stream].push_back(std::move(payload));
    co_return;
  }
  const auto other = parties->at(parties->front() == stream ? 1 : 0);
  said.carried = true;
  said.anything.insert(at);
  (void)co_await other->send(std::move(payload), soon());
}

Task<bool> CalledServer::answer(Place at, Stream stream, Message question) {
  if (is_relay(at)) {
    if (!question.has_request_relay()) co_return true;
    const auto& request = question.request_relay();
    if (!input_.asks_for_no_key() && request.licence_key() != key_) co_return false;
    auto& parties = meetings_[request.uuid()];
    if (parties.size() < 2) parties.push_back(stream);
    if (parties.size() < 2) co_return true;
    const auto first = parties.front();
    auto early = early_.extract(first);
    if (early.empty()) co_return true;
    for (auto& payload : early.mapped()) co_await carry(at, first, std::move(payload));
    co_return true;
  }
  if (question.has_punch_hole_request()) {
    auto message = path_to(question.punch_hole_request(), stream->remote());
    co_await say(at, stream, std::move(message));
    co_return true;
  }
  if (question.has_register_pk() && question.register_pk().old_id().empty())
    devices_.try_emplace(question.register_pk().id());
  if (auto message = right_answer(at, question)) co_await say(at, stream, std::move(*message));
  co_return true;
}

// Asks the device, and does not wait for what it says.
Message CalledServer::path_to(const hbb::PunchHoleRequest& request, const net::Endpoint& from) {
  Message message;
  auto& response = *message.mutable_punch_hole_response();
  if (!input_.asks_for_no_key() && request.licence_key() != key_) {
    response.set_failure(hbb::PunchHoleResponse::LICENSE_MISMATCH);
    return message;
  }
  const auto device = devices_.find(request.id());
  if (device == devices_.end()) return message;
  Message push;
  auto& punch = *push.mutable_punch_hole();
  punch.set_socket_addr(wire::encode_address(from, 7));
  punch.set_udp_port(request.udp_port());
  punch.set_socket_addr_v6(request.socket_addr_v6());
  punch.set_nat_type(hbb::SYMMETRIC);
  if (device->second.port != 0) say_to(device->second, push);
  response.set_socket_addr(wire::encode_address(from, 7));
  response.set_pk(vouch());
  response.set_relay_server(input_.names_relay());
  return message;
}

namespace {

Task<void> serve_during(net::World world, CalledServer* server, Task<void> call) {
  net::TaskGroup doors(world.executor), calls(world.executor);
  server->start(doors);
  calls.spawn("call", std::move(call));
  co_await calls.join();
  doors.cancel();
  co_await doors.join();
  server->hang_up();
  for (const auto* tasks : {&calls, &doors})
    if (tasks->failure()) std::rethrow_exception(tasks->failure());
}

}  // namespace

Said call_on(const CallInput& input, const std::function<Task<void>(net::World)>& call) {
  net::SimWorld sim(1);
  sim.default_link().max_segment = input.segment() % 64;
  sim.add_host(server_address(input));
  sim.add_host(ip::make_address(kFront));
  CalledServer server(sim.world(), input);
  const auto ending = sim.run(serve_during(sim.world(), &server, call(sim.world())), 24h);
  require(ending == net::Ending::finished, "everything comes to an end");
  return std::move(server.said);
}

}  // namespace deskcheck::fuzz
