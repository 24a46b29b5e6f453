#include "conformance/cases/robustness/hostile.hpp"

#include "proto/wire/address.hpp"

namespace deskcheck::conformance {

namespace {

template <class Member>
std::string payload_of(Member member) {
  return wrap<hbb::RendezvousMessage>(std::move(member)).SerializeAsString();
}

hbb::RegisterPk key_of(const std::string& id) {
  hbb::RegisterPk key;
  key.set_id(id);
  key.set_uuid("a uuid");
  key.set_pk(std::string(32, 'k'));
  return key;
}

}  // namespace

std::vector<Hostile> unparsable(Lab& lab) {
  const std::string whole = payload_of(key_of(lab.fresh_id()));
  hbb::RegisterPeer peer;
  peer.set_id("latin-1 ?");
  std::string not_utf8 = payload_of(peer);
  not_utf8.back() = '\xFC';
  return {
      {"a message cut in its last field", whole.substr(0, whole.size() - 1)},
      {"a message cut in its header", whole.substr(0, 1)},
      {"a member that claims to be longer than the message", "\x7A\x7F"},
      {"a length that never ends", "\x7A" + std::string(20, '\xFF')},
      {"field number 0", std::string("\x02\x01\x00", 3)},
      {"wire type 7", "\x7F\x01"},
      {"the end of a group that never began", "\x0C"},
      {"an id that is not UTF-8", not_utf8},
      {"text", "GET / HTTP/1.1\r\nHost: example.test\r\n\r\n"},
      {"random bytes", "\xFF" + lab.random().bytes(400)},
  };
}

std::vector<Hostile> unknown_members() {
  hbb::RendezvousMessage number, text, fixed, group;
  auto unknown = [](hbb::RendezvousMessage& message) {
    return message.GetReflection()->MutableUnknownFields(&message);
  };
  unknown(number)->AddVarint(29, 1);
  unknown(text)->AddLengthDelimited(29, "a member of tomorrow");
  unknown(fixed)->AddFixed64(1000, 7);
  unknown(group)->AddGroup(29)->AddVarint(1, 1);
  return {
      {"member 29 as a message", text.SerializeAsString()},
      {"member 29 as a number", number.SerializeAsString()},
      {"member 1000", fixed.SerializeAsString()},
      {"member 29 as a group", group.SerializeAsString()},
  };
}

std::vector<Hostile> responses(const std::string& id) {
  hbb::RegisterPeerResponse peer;
  peer.set_request_pk(true);
  hbb::RegisterPkResponse key;
  key.set_result(hbb::RegisterPkResponse::UUID_MISMATCH);
  hbb::PunchHoleResponse path;
  path.set_failure(hbb::PunchHoleResponse::OFFLINE);
  path.set_socket_addr(wire::encode_address(net::endpoint("192.0.2.66", 66), 0));
  hbb::PunchHole push;
  push.set_socket_addr(path.socket_addr());
  hbb::FetchLocalAddr fetch;
  fetch.set_socket_addr(path.socket_addr());
  hbb::TestNatResponse nat;
  nat.set_port(66);
  hbb::OnlineResponse online;
  online.set_states("\xFF");
  hbb::HttpProxyResponse http;
  http.set_status(200);
  hbb::PeerDiscovery discovery;
  discovery.set_cmd("ping");
  discovery.set_id(id);
  return {
      {"register_peer_response", payload_of(peer)}, {"register_pk_response", payload_of(key)},
      {"punch_hole_response", payload_of(path)},    {"punch_hole", payload_of(push)},
      {"fetch_local_addr", payload_of(fetch)},      {"test_nat_response", payload_of(nat)},
      {"online_response", payload_of(online)},      {"http_proxy_response", payload_of(http)},
      {"peer_discovery", payload_of(discovery)},
  };
}

}  // namespace deskcheck::conformance
