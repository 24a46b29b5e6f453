#include "fuzz/targets/rendezvous_model.hpp"
#include "fuzz/engine/target.hpp"
#include "fuzz/targets/one_line.hpp"
#include "proto/wire/address.hpp"
#include "proto/wire/describe.hpp"
#include "proto/wire/identity.hpp"

#include <google/protobuf/util/message_differencer.h>

namespace deskcheck::fuzz {

namespace {

using google::protobuf::util::MessageDifferencer;
using hbb::RendezvousMessage;
using server::CloseConnection;
using server::SendDatagram;
using server::SendFrame;

constexpr std::size_t kLong = 60'000;  // a request that fits no datagram with what is added
constexpr std::size_t kLongestUdpAnswer = 512;  // bytes: small, as the asker may be forged
constexpr auto kOnlineFor = std::chrono::seconds(30);

void check_message(const RendezvousMessage& message) {
  const std::string bytes = message.SerializeAsString();
  RendezvousMessage again;
  require(parse(bytes, again), "every answer can be parsed");
  require(again.SerializeAsString() == bytes, "every answer has one form");
  require(is_one_line(wire::describe(message)), "messages are described in one line");
}

const RendezvousMessage& message_of(const server::Action& action) {
  static const RendezvousMessage kNone;
  if (const auto* datagram = std::get_if<SendDatagram>(&action)) return datagram->message;
  if (const auto* frame = std::get_if<SendFrame>(&action)) return frame->message;
  return kNone;
}

bool is_reply(const server::Action& action, const Origin& from) {
  if (const auto* datagram = std::get_if<SendDatagram>(&action)) return datagram->to == from.peer;
  const auto* frame = std::get_if<SendFrame>(&action);
  return frame && frame->to == from.connection;
}

}  // namespace

void RendezvousModel::check_form(const Actions& actions, const Origin& from) {
  require(actions.size() <= 2, "no message causes more than two actions");
  std::size_t udp_answer = 0;
  for (const auto& action : actions) {
    check_message(message_of(action));
    if (const auto* datagram = std::get_if<SendDatagram>(&action)) {
      const auto size = datagram->message.ByteSizeLong();
      require(size <= server::kLongestDatagram, "no datagram is longer than UDP carries");
      udp_answer += size;
      if (from.transport == server::Transport::udp)
        require(datagram->to == from.peer, "datagrams are answered to their sender only");
    } else if (const auto* frame = std::get_if<SendFrame>(&action)) {
      require(open_.contains(frame->to), "nothing is sent on a connection that has gone");
    } else {
      require(std::get<CloseConnection>(action).connection == from.connection,
              "no message ends somebody else's connection");
    }
  }
  if (from.transport != server::Transport::udp) return;
  require(udp_answer <= kLongestUdpAnswer, "what answers over UDP is short");
}

void RendezvousModel::on(const RendezvousMessage& message, const Origin& from, net::Time now,
                         const Actions& actions) {
  const bool udp = from.transport == server::Transport::udp;
  if (!udp) open_.try_emplace(from.connection);
  check_form(actions, from);
  const bool main_port = from.transport == server::Transport::tcp;
  if (udp && message.has_register_peer()) return on(message.register_peer(), from, now, actions);
  if (udp && message.has_register_pk()) return on(message.register_pk(), from, now, actions);
  if (udp && message.has_test_nat_request())
    return require(message_of(actions.at(0)).test_nat_response().port() == from.peer.port,
                   "the NAT test tells the port that the server saw");
  if (udp && message.has_punch_hole_sent())
    return delivered_by_datagram(actions, message.punch_hole_sent().id());
  if (udp) return require(actions.empty(), "everything else is silence over UDP");
  if (message.has_online_request()) return on(message.online_request(), now, actions);
  if (main_port && message.has_punch_hole_request())
    return on(message.punch_hole_request(), from, now, actions);
  if (main_port && message.has_request_relay())
    return on(message.request_relay(), from, now, actions);
  if (main_port && message.has_punch_hole_sent())
    return delivered(actions, message.punch_hole_sent().id());
  if (main_port && message.has_local_addr()) return delivered(actions, message.local_addr().id());
  if (main_port && message.has_relay_response())
    return delivered(actions, message.relay_response().id());
  require(!actions.empty() && std::holds_alternative<CloseConnection>(actions.back()),
          "what is not served ends the connection");
  if (main_port && !message.register_pk().old_id().empty())
    return on_id_change(message.register_pk(), message_of(actions[0]).register_pk_response());
  if (message.has_test_nat_request())
    require(message_of(actions[0]).test_nat_response().port() == from.peer.port,
            "the NAT test tells the port that the server saw");
}

void RendezvousModel::restarted() {
  open_.clear();
  addresses_.clear();
  for (auto& [id, device] : known_) {
    device.registered.reset();
    device.accepted.clear();
  }
}

const RendezvousModel::Known* RendezvousModel::known(const std::string& id) const {
  const auto found = known_.find(id);
  return found == known_.end() ? nullptr : &found->second;
}

bool RendezvousModel::online(const Known* device, net::Time now) const {
  return device && device->registered && now - *device->registered < kOnlineFor;
}

void RendezvousModel::on(const hbb::RegisterPeer& request, const Origin& from, net::Time now,
                         const Actions& done) {
  if (request.id().empty()) return require(done.empty(), "nobody's registration is not answered");
  require(!done.empty() && is_reply(done[0], from), "a registration is answered");
  const auto found = known_.find(request.id());
  const bool accepted = found != known_.end() && found->second.registered &&
                        found->second.at.address == from.peer.address;
  require(message_of(done[0]).register_peer_response().request_pk() == !accepted,
          "the key is wanted from everybody but the device at its own address");
  if (!accepted) return;
  found->second.at = from.peer;
  found->second.registered = now;
}

void RendezvousModel::on(const hbb::RegisterPk& request, const Origin& from, net::Time now,
                         const Actions& done) {
  if (request.uuid().empty() || request.pk().empty())
    return require(done.empty(), "a registration without uuid or key is not answered");
  require(done.size() == 1 && is_reply(done[0], from), "a registration is answered once");
  const auto result = message_of(done[0]).register_pk_response().result();
  const Known* device = known(request.id());
  const bool foreign = device && device->uuid != request.uuid();
  const bool moved_key =
      device && device->pk != request.pk() && device->address != from.peer.address;
  if (result == hbb::RegisterPkResponse::OK) {
    require(request.id().size() >= 6, "a short id is never registered");
    require(!foreign, "an id that was answered OK stays bound to its uuid");
    require(!moved_key, "key and address never change at once");
    accept(request, from, now);
  } else if (result == hbb::RegisterPkResponse::UUID_MISMATCH) {
    require(request.id().size() < 6 || foreign || moved_key, "an owner is never refused");
  } else if (result == hbb::RegisterPkResponse::SERVER_ERROR) {
    require(storage_fails_, "only a broken storage is an error of the server");
  } else {
    require(result == hbb::RegisterPkResponse::TOO_FREQUENT, "no other result is given over UDP");
  }
}

void RendezvousModel::on_id_change(const hbb::RegisterPk& request,
                                   const hbb::RegisterPkResponse& answer) {
  if (answer.result() != hbb::RegisterPkResponse::OK) return;
  const Known* old = known(request.old_id());
  const Known* taken = known(request.id());
  require(old || taken, "nobody's id cannot be changed");
  require((old ? old : taken)->uuid == request.uuid(), "an id is changed by its owner only");
  require(!taken || taken->uuid == request.uuid(), "the id of another device is not given away");
  if (!old || old == taken) return;
  auto node = known_.extract(request.old_id());
  node.key() = request.id();
  known_.erase(request.id());
  known_.insert(std::move(node));
}

void RendezvousModel::accept(const hbb::RegisterPk& request, const Origin& from, net::Time now) {
  auto& device = known_[request.id()];
  device.uuid = request.uuid();
  device.pk = request.pk();
  device.address = from.peer.address;
  device.registered = now;
  device.at = from.peer;
  // The count begins anew after a pause, so it is the pauses that must be there.
  const auto most = static_cast<std::size_t>(options_.limits.registrations_per_id);
  if (!device.accepted.empty() && now - device.accepted.back() >= options_.limits.id_pause)
    device.accepted.clear();
  device.accepted.push_back(now);
  require(device.accepted.size() <= most, "registrations of an id are limited");
  auto& address = addresses_[from.peer.address];
  if (address.ids.empty()) address.first = now;
  address.ids.insert(request.id());
  const auto days = 1 + (now - address.first) / std::chrono::hours(24);
  require(static_cast<std::int64_t>(address.ids.size()) <= days * options_.limits.ids_per_address,
          "new ids of an address are limited");
}

void RendezvousModel::pushed(const server::Action& action, const std::string& id,
                             const Origin& from) {
  const auto& message = message_of(action);
  const std::string& requester = message.has_punch_hole() ? message.punch_hole().socket_addr()
                                 : message.has_fetch_local_addr()
                                     ? message.fetch_local_addr().socket_addr()
                                     : message.request_relay().socket_addr();
  require(std::get<SendDatagram>(action).to == known(id)->at, "a push goes to where the device is");
  require(wire::decode_address(requester) == from.peer, "a push names who asks");
  last_push_ = requester;
  auto& asker = open_[from.connection];
  ++asker.asked;
  if (message.punch_hole().udp_port() != 0)
    asker.by_datagram.insert(id);
  else
    asker.by_datagram.erase(id);
}

void RendezvousModel::on(const hbb::PunchHoleRequest& request, const Origin& from, net::Time now,
                         const Actions& done) {
  require(done.size() == 1, "a question for a path has one consequence");
  const auto* device = known(request.id());
  const bool licensed =
      options_.licence_key.empty() || options_.licence_key == request.licence_key();
  if (std::holds_alternative<SendDatagram>(done[0])) {
    require(licensed, "nobody gets through without licence");
    require(online(device, now), "nobody gets through to a device that is not online");
    return pushed(done[0], request.id(), from);
  }
  require(is_reply(done[0], from), "a refusal goes to who asked");
  const auto& answer = message_of(done[0]).punch_hole_response();
  require(answer.socket_addr().empty() && answer.pk().empty(), "a refusal names no address");
  if (!answer.other_failure().empty())
    return require(storage_fails_ || request.ByteSizeLong() > kLong, "other failures are rare");
  const auto failure = answer.failure();
  require((failure == hbb::PunchHoleResponse::LICENSE_MISMATCH) == !licensed, "licence first");
  require(!licensed || !online(device, now), "a device that is online is asked");
  // A device that was never looked up since the server started may be unknown to a broken storage.
  if (licensed)
    require((failure == hbb::PunchHoleResponse::OFFLINE) == (device != nullptr),
            "who was registered is offline, everybody else unknown");
}

void RendezvousModel::on(const hbb::RequestRelay& request, const Origin& from, net::Time now,
                         const Actions& done) {
  require(done.size() == 1, "a question for a relay has one consequence");
  const auto* device = known(request.id());
  const bool push = std::holds_alternative<SendDatagram>(done[0]);
  if (!push) {
    require(!message_of(done[0]).relay_response().refuse_reason().empty(),
            "a refusal has a reason");
    return;
  }
  require(online(device, now), "nobody gets through to a device that is not online");
  pushed(done[0], request.id(), from);
  hbb::RequestRelay carried = message_of(done[0]).request_relay(), sent = request;
  for (auto* message : {&carried, &sent}) {
    message->clear_socket_addr();
    // The server's to give: what a stranger says there is not passed on.
    message->clear_control_permissions();
    message->clear_controlled_context();
  }
  require(MessageDifferencer::Equals(carried, sent), "a request is carried with everything in it");
}

void RendezvousModel::on(const hbb::OnlineRequest& request, net::Time now,
                         const Actions& done) const {
  const auto& states = message_of(done[0]).online_response().states();
  const auto count = static_cast<std::size_t>(request.peers_size());
  require(states.size() == (count + 7) / 8, "there is a bit for every peer");
  for (std::size_t i = 0; i < states.size() * 8; ++i) {
    const bool bit = states[i / 8] >> (7 - i % 8) & 1;
    const bool expected = i < count && online(known(request.peers(static_cast<int>(i))), now);
    require(bit == expected, "a bit is set for who is online");
  }
}

// A device's answer: to nobody, or to one who asked and has not been answered as often.
void RendezvousModel::delivered(const Actions& done, const std::string& id) {
  require(!done.empty() && std::holds_alternative<CloseConnection>(done.back()),
          "a device's connection ends with its answer");
  if (done.size() > 1) answered(done[0], id);
}

// PCH-EXT-01 and PCH-UDP-02: only from a device that was given a udp_port for that requester.
void RendezvousModel::delivered_by_datagram(const Actions& done, const std::string& id) {
  if (done.empty()) return;
  require(done.size() == 1, "a datagram that answers has one consequence");
  answered(done[0], id);
  require(open_[std::get<SendFrame>(done[0]).to].by_datagram.contains(id),
          "only who was asked with a UDP port answers by datagram");
  require(message_of(done[0]).punch_hole_response().is_udp(), "an answer by datagram says so");
}

void RendezvousModel::answered(const server::Action& action, const std::string& id) {
  const auto* frame = std::get_if<SendFrame>(&action);
  require(frame, "answers travel over TCP");
  auto& requester = open_[frame->to];
  ++requester.answered;
  require(requester.answered <= requester.asked, "a question is answered once");
  const auto& message = frame->message;
  if (message.has_punch_hole_response())
    check_signed_key(message.punch_hole_response().pk(), id);
  else if (!id.empty())
    check_signed_key(message.relay_response().pk(), id);
}

void RendezvousModel::check_signed_key(const std::string& signed_key, const std::string& id) const {
  if (signed_key.empty()) return;
  require(options_.identity.has_value(), "nothing is signed without a key");
  const auto payload = wire::verify(signed_key, options_.identity->public_key);
  require(payload.has_value(), "signed keys verify");
  hbb::IdPk identity;
  require(parse(*payload, identity) && identity.id() == id && known(id) &&
              identity.pk() == known(id)->pk,
          "the server vouches for registered keys only");
}

}  // namespace deskcheck::fuzz
