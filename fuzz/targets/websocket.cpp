// A WebSocket to the rendezvous server, from the first byte of its upgrade: whatever comes on it,
// address headers count from known proxies only, and the server goes on to serve others.
#include "proto/net/websocket.hpp"
#include "fuzz/engine/target.hpp"
#include "fuzz/inputs/inputs.pb.h"
#include "proto/net/sim_world.hpp"
#include "proto/net/stream.hpp"
#include "proto/wire/address.hpp"
#include "reference-server/server.hpp"
#include "reference-server/store/memory_peer_store.hpp"

#include <boost/beast/core/string.hpp>

namespace deskcheck::fuzz {

namespace {

using namespace std::chrono_literals;
namespace ip = boost::asio::ip;
template <class T>
using Task = net::awaitable<T>;

constexpr char kDevice[] = "123456789";
const net::Endpoint kServer = net::endpoint("10.0.0.1", 21116);
const net::Endpoint kWeb = net::endpoint("10.0.0.1", 21118);
const net::Endpoint kProxy = net::endpoint("10.0.9.1", 0);
const net::Endpoint kClient = net::endpoint("10.0.2.1", 0);

server::Options options() {
  server::Options options;
  options.bind = kServer.address;
  options.trusted_proxies = {*server::AddressRange::parse("10.0.9.0/24")};
  return options;
}

// A device that is always there: it registers, and answers nothing.
class Neighbour {
 public:
  explicit Neighbour(net::World world)
      : world_(world), socket_(world.network.bind_udp(net::endpoint("10.0.3.1", 0))) {}

  // True if the server answers it.
  Task<bool> registers() {
    hbb::RendezvousMessage message;
    auto& request = *message.mutable_register_pk();
    request.set_id(kDevice);
    request.set_uuid("uuid");
    request.set_pk(std::string(32, 'k'));
    send(message);
    auto answer = co_await hear();
    co_return answer && answer->has_register_pk_response();
  }
  Task<bool> is_served() {
    hbb::RendezvousMessage message;
    message.mutable_register_peer()->set_id(kDevice);
    send(message);
    for (;;) {
      auto answer = co_await hear();
      if (!answer) co_return false;
      if (answer->has_register_peer_response()) co_return true;
    }
  }
  // Who asks for it, as it hears; nothing if nobody does.
  Task<std::optional<net::Endpoint>> caller() {
    for (;;) {
      auto push = co_await hear();
      if (!push) co_return std::nullopt;
      if (push->has_punch_hole()) co_return wire::decode_address(push->punch_hole().socket_addr());
      if (push->has_fetch_local_addr())
        co_return wire::decode_address(push->fetch_local_addr().socket_addr());
    }
  }

 private:
  void send(const hbb::RendezvousMessage& message) {
    const net::Datagram datagram{kServer, message.SerializeAsString()};
    socket_->send({&datagram, 1});
  }
  Task<std::optional<hbb::RendezvousMessage>> hear() {
    if (heard_.empty()) {
      const auto soon = net::in(world_.clock, 2s);
      auto received = co_await socket_->receive(heard_, soon);
      if (!received) co_return std::nullopt;
    }
    hbb::RendezvousMessage message;
    require(parse(heard_.front().bytes, message), "a server sends messages");
    heard_.erase(heard_.begin());
    co_return message;
  }

  net::World world_;
  std::unique_ptr<net::DatagramSocket> socket_;
  std::vector<net::Datagram> heard_;
};

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.pop_back();
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.erase(0, 1);
  return text;
}

// What can be written as a header that means itself.
bool is_plain(std::string_view text, std::string_view more) {
  return !text.empty() && text.size() < 100 &&
         std::all_of(
             text.begin(), text.end(),
             [&](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                      c == '-' || more.find(c) != more.npos;
             });
}

class Visit {
 public:
  Visit(net::World world, const WebSocketInput& input)
      : world_(world), input_(input), server_(world, options(), store_), neighbour_(world) {}

  Task<void> run() {
    server_.start();
    const bool registered = co_await neighbour_.registers();
    require(registered, "a device is registered");
    if (input_.upgrade().empty())
      co_await as_client();
    else
      co_await as_anybody();
    const bool served = co_await neighbour_.is_served();
    require(served, "the server goes on to serve others");
    const auto begun = world_.clock.now();
    co_await server_.stop();
    require(world_.clock.now() - begun <= 5s, "a server stops soon");
  }

 private:
  net::Endpoint home() const { return input_.from_proxy() ? kProxy : kClient; }
  net::Deadline soon() const { return net::in(world_.clock, 5s); }

  // Those of the input that can be sent, of each name one.
  net::HttpHeaders headers() const {
    net::HttpHeaders all;
    for (const auto& header : input_.headers()) {
      const bool mine = header.name().starts_with("Sec-") || header.name().starts_with("X-");
      const bool again = std::any_of(all.begin(), all.end(), [&](const auto& other) {
        return boost::beast::iequals(other.first, header.name());
      });
      if (mine && !again && is_plain(header.name(), "") && is_plain(header.value(), ".:/, "))
        all.emplace_back(header.name(), header.value());
    }
    return all;
  }

  // Planted: the proxy cuts texts of X-Real-IP after 12 characters.
  static std::string on_the_way(const std::string& name, std::string value) {
    if (planted() && boost::beast::iequals(name, "X-Real-IP")) value = value.substr(0, 12);
    return value;
  }

  // The address that counts, said a second time.
  ip::address expected() const {
    if (!input_.from_proxy()) return home().address;
    std::string real, forwarded;
    for (const auto& header : headers()) {
      if (boost::beast::iequals(header.first, "X-Real-IP") && real.empty())
        real = trimmed(header.second);
      if (boost::beast::iequals(header.first, "X-Forwarded-For") && forwarded.empty())
        forwarded = trimmed(header.second);
    }
    boost::system::error_code error;
    const auto address = ip::make_address(real.empty() ? forwarded : real, error);
    return error ? home().address : wire::normalise_v4({address, 0}).address;
  }

  Task<void> as_client() {
    auto stream = co_await world_.network.connect(home(), kWeb, soon());
    if (!stream) throw std::runtime_error("no connection");
    std::string path = is_plain(input_.path(), "/?=&") ? '/' + input_.path() : "/";
    std::string host = "server.example";
    auto extra = headers();
    for (auto& [name, value] : extra) value = on_the_way(name, value);
    auto opened = co_await net::WebSocket::connect(
        std::move(*stream), std::move(host), std::move(path), std::move(extra), 1 << 20, soon());
    if (!opened) co_return;  // Sec-WebSocket-... of the input has broken the handshake
    co_await ask(*opened);
    for (const auto& step : input_.steps()) {
      const bool goes_on = co_await say(*opened, step);
      if (!goes_on) co_return;
    }
    // Until the server has nothing more to say.
    for (int i = 0; i < 20; ++i) {
      const auto wait = net::in(world_.clock, 1s);
      auto heard = co_await opened->read(wait);
      if (!heard) break;
    }
  }

  Task<void> ask(net::WebSocket& socket) {
    hbb::RendezvousMessage question;
    auto& request = *question.mutable_punch_hole_request();
    request.set_id(kDevice);
    request.set_nat_type(hbb::ASYMMETRIC);
    net::WebSocketMessage message(net::WebSocketMessage::Kind::binary,
                                  question.SerializeAsString());
    auto sent = co_await socket.write(std::move(message), soon());
    if (!sent) co_return;
    const auto who = co_await neighbour_.caller();
    require(who.has_value(), "a device hears of a caller on a WebSocket");
    require(who->address == expected(), "a caller is where a known proxy says, or where it is");
  }

  Task<bool> say(net::WebSocket& socket, const WebSocketStep& step) {
    using Kind = net::WebSocketMessage::Kind;
    const auto pause = step.wait_ms() % 60'000 * 1ms;
    co_await net::sleep_for(world_.clock, pause);
    net::WebSocketMessage message;
    if (step.has_message()) message.bytes = step.message().SerializeAsString();
    if (step.has_binary()) message.bytes = step.binary();
    if (step.has_text()) message = net::WebSocketMessage(Kind::text, step.text());
    if (step.has_ping()) message = net::WebSocketMessage(Kind::ping, step.ping().substr(0, 125));
    if (step.has_closes()) (void)co_await socket.close(soon());
    if (step.has_resets()) socket.reset();
    if (step.has_closes() || step.has_resets()) co_return false;
    auto sent = co_await socket.write(std::move(message), soon());
    co_return sent.has_value();
  }

  // Bytes as they are.
  Task<void> as_anybody() {
    auto stream = co_await world_.network.connect(home(), kWeb, soon());
    if (!stream) throw std::runtime_error("no connection");
    std::string first = input_.upgrade();
    auto sent = co_await net::write_all(*stream, std::move(first), soon());
    for (const auto& step : input_.steps()) {
      const auto pause = step.wait_ms() % 60'000 * 1ms;
      co_await net::sleep_for(world_.clock, pause);
      if (step.has_resets()) (*stream)->reset();
      if (!sent || step.has_resets()) co_return;
      if (step.has_closes()) (*stream)->shutdown_send();
      std::string bytes = step.raw();
      sent = co_await net::write_all(*stream, std::move(bytes), soon());
    }
    for (int i = 0; i < 20; ++i) {
      const auto wait = net::in(world_.clock, 1s);
      auto heard = co_await net::read_some(*stream, 4096, wait);
      if (!heard) co_return;
    }
  }

  net::World world_;
  const WebSocketInput& input_;
  server::MemoryPeerStore store_;
  server::Server server_;
  Neighbour neighbour_;
};

Task<void> visit(net::World world, const WebSocketInput& input) {
  Visit story(world, input);
  co_await story.run();
}

}  // namespace

std::unique_ptr<google::protobuf::Message> new_input() {
  return std::make_unique<WebSocketInput>();
}

void one_input(std::string_view bytes) {
  WebSocketInput input;
  if (!parse(bytes, input)) return;
  net::SimWorld sim(1);
  sim.default_link().max_segment = input.segment() % 64;
  const auto ending = sim.run(visit(sim.world(), input), 24h);
  require(ending == net::Ending::finished, "everything comes to an end");
}

}  // namespace deskcheck::fuzz
