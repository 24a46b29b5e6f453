// What the tests of the rendezvous logic are written with: messages as protobuf text go in, actions
// as text come out. "10.0.0.1:5000 <- ..." is a datagram, "#3 <- ..." a frame, "#3 closes" the end
// of a connection, "" silence. Tests only.
#pragma once

#include "proto/wire/address.hpp"
#include "proto/wire/describe.hpp"
#include "reference-server/rendezvous/rendezvous.hpp"
#include "reference-server/store/memory_api_store.hpp"
#include "reference-server/store/memory_peer_store.hpp"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

namespace deskcheck::server {

using namespace std::chrono_literals;

inline net::Endpoint host(int n, std::uint16_t port) {
  return {boost::asio::ip::address_v4(0x0A000000u + static_cast<unsigned>(n)), port};
}

inline hbb::RendezvousMessage message(const std::string& text) {
  hbb::RendezvousMessage m;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &m)) << text;
  return m;
}

// The same with socket_addr naming `requester`.
inline hbb::RendezvousMessage to(const net::Endpoint& requester, const std::string& text) {
  auto m = message(text);
  const auto* r = m.GetReflection();
  const auto* member = r->GetOneofFieldDescriptor(m, m.GetDescriptor()->FindOneofByName("union"));
  auto* inner = r->MutableMessage(&m, member);
  const auto* field = inner->GetDescriptor()->FindFieldByName("socket_addr");
  inner->GetReflection()->SetString(inner, field, wire::encode_address(requester, 0x12345678));
  return m;
}

inline std::string register_pk(const std::string& id, const std::string& uuid = "u",
                               const std::string& pk = "0123456789abcdef0123456789abcdef") {
  return "register_pk {id: '" + id + "' uuid: '" + uuid + "' pk: '" + pk + "'}";
}

inline std::string describe(const Action& action) {
  if (const auto* d = std::get_if<SendDatagram>(&action))
    return net::to_string(d->to) + " <- " + wire::describe(d->message);
  if (const auto* f = std::get_if<SendFrame>(&action))
    return "#" + std::to_string(f->to) + " <- " + wire::describe(f->message);
  if (const auto* c = std::get_if<CutConnection>(&action))
    return "#" + std::to_string(c->connection) + " is cut";
  if (const auto* k = std::get_if<KeepConnection>(&action))
    return "#" + std::to_string(k->connection) + " is kept, " + std::to_string(k->period / 1s) +
           " s";
  if (std::holds_alternative<AskElsewhere>(action)) return "asks elsewhere";
  return "#" + std::to_string(std::get<CloseConnection>(action).connection) + " closes";
}

inline std::string describe(const Actions& actions) {
  std::string text;
  for (const auto& action : actions) text += (text.empty() ? "" : "; ") + describe(action);
  return text;
}

// A store that fails while it is told to.
class FailingPeerStore final : public PeerStore {
 public:
  boost::system::result<std::optional<PeerRecord>> find(std::string_view id) override {
    if (fails) return boost::system::errc::make_error_code(boost::system::errc::io_error);
    return memory_.find(id);
  }
  boost::system::result<void> put(const PeerRecord& record) override {
    if (fails) return boost::system::errc::make_error_code(boost::system::errc::no_space_on_device);
    return memory_.put(record);
  }
  boost::system::result<void> rename(std::string_view old_id, const PeerRecord& record) override {
    if (fails) return boost::system::errc::make_error_code(boost::system::errc::no_space_on_device);
    return memory_.rename(old_id, record);
  }
  boost::system::result<void> commit() override {
    if (fails_to_commit)
      return boost::system::errc::make_error_code(boost::system::errc::no_space_on_device);
    return {};
  }
  bool fails = false;
  bool fails_to_commit = false;

 private:
  MemoryPeerStore memory_;
};

class Desk {
 public:
  explicit Desk(Options o = {}) : options(std::move(o)) {}

  std::string udp(const net::Endpoint& from, const hbb::RendezvousMessage& m) {
    return describe(logic().on(m, {Transport::udp, from, 0}, now));
  }
  std::string udp(const net::Endpoint& from, const std::string& text) {
    return udp(from, message(text));
  }
  std::string tcp(ConnectionId id, const net::Endpoint& from, const hbb::RendezvousMessage& m) {
    return describe(logic().on(m, {Transport::tcp, from, id}, now));
  }
  std::string tcp(ConnectionId id, const net::Endpoint& from, const std::string& text) {
    return tcp(id, from, message(text));
  }
  std::string secure(ConnectionId id, const net::Endpoint& from, const std::string& text) {
    return describe(logic().on(message(text), {Transport::tcp, from, id, true}, now));
  }
  std::string web(ConnectionId id, const net::Endpoint& from, const std::string& text) {
    return describe(logic().on(message(text), {Transport::websocket, from, id}, now));
  }
  std::string nat(ConnectionId id, const net::Endpoint& from, const std::string& text) {
    return describe(logic().on(message(text), {Transport::tcp_nat, from, id}, now));
  }
  // What the operator's console prints.
  std::string command(std::string_view text) { return logic().command(text, now); }
  // A server that was started again on the same store.
  void restart() { logic_.reset(); }
  Rendezvous& logic() {
    if (!logic_) logic_ = std::make_unique<Rendezvous>(options, store, api_store, net::Random(1));
    return *logic_;
  }

  Options options;
  FailingPeerStore store;
  MemoryApiStore api_store;
  net::Time now{1h};

 private:
  std::unique_ptr<Rendezvous> logic_;
};

}  // namespace deskcheck::server
