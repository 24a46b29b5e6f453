#include "client-sim/channel/server_security.hpp"
#include "client-sim/test_support.hpp"
#include "proto/net/task_group.hpp"

namespace deskcheck::sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Recorder recorder(Transcript& transcript, const net::World& world, std::string party) {
  return Recorder{&transcript, &world.clock, std::move(party)};
}

// Two ends of one connection.
struct Pair {
  Transcript transcript;
  std::optional<MessageStream> client, server;
};

Task<void> connect(net::World world, Transcript* transcript, Pair* pair) {
  auto listener = world.network.listen(kServer);
  auto client = co_await MessageStream::connect(
      world, kDeviceHome, kServer, recorder(*transcript, world, "client"), within(world, 1s));
  auto accepted = co_await listener->accept(within(world, 1s));
  if (!client || !accepted) throw std::runtime_error("no connection");
  pair->client.emplace(std::move(*client));
  pair->server.emplace(std::move(*accepted), recorder(*transcript, world, "server"));
}

hbb::RendezvousMessage register_peer(std::string id) {
  hbb::RendezvousMessage message;
  message.mutable_register_peer()->set_id(std::move(id));
  return message;
}

TEST(DatagramChannel, TakesMessagesAndKeepsGarbage) {
  simulate([](net::World world) -> Task<void> {
    Transcript transcript;
    DatagramChannel a(world, kServer, recorder(transcript, world, "a"));
    DatagramChannel b(world, kDeviceHome, recorder(transcript, world, "b"));
    b.send_bytes(kServer, "\xff garbage");
    b.send(kServer, register_peer("one"));
    auto first = co_await a.next(within(world, 1s));
    EXPECT_TRUE(first && !first->message && first->bytes == "\xff garbage");
    auto second = co_await a.next(within(world, 1s));
    EXPECT_TRUE(second && second->message && second->from == b.local());

    b.send_bytes(kServer, "\xff garbage");
    b.send(kServer, register_peer("two"));
    auto member = co_await a.next<hbb::RegisterPeer>(within(world, 1s));
    EXPECT_TRUE(member && member->id() == "two");

    b.send(kServer, register_peer("three"));
    co_await wait(world, 10ms);
    a.drain();
    auto nothing = co_await a.next(within(world, 1s));
    EXPECT_TRUE(!nothing && nothing.error() == boost::asio::error::timed_out);
    EXPECT_EQ(transcript.lines().size(), 10u);
  });
}

TEST(MessageStream, FramesBothWaysPlainAndEncrypted) {
  simulate([](net::World world) -> Task<void> {
    Transcript transcript;
    Pair pair;
    co_await connect(world, &transcript, &pair);
    const std::vector<std::string> payloads{"hello", "", std::string(50'000, 'x')};
    for (const bool encrypted : {false, true}) {
      if (encrypted) {
        pair.client->encrypt(wire::StreamKey{});
        pair.server->encrypt(wire::StreamKey{});
      }
      for (const std::string& payload : payloads) {
        auto sent = co_await pair.client->send(payload, within(world, 1s));
        auto received = co_await pair.server->receive(within(world, 1s));
        EXPECT_TRUE(sent && received && *received == payload);
        sent = co_await pair.server->send(payload, within(world, 1s));
        received = co_await pair.client->receive(within(world, 1s));
        EXPECT_TRUE(sent && received && *received == payload);
      }
    }
    EXPECT_THAT(render(transcript), HasSubstr("[encrypted] "));
  });
}

TEST(MessageStream, ScansForAMember) {
  simulate([](net::World world) -> Task<void> {
    Transcript transcript;
    Pair pair;
    co_await connect(world, &transcript, &pair);
    const auto peer = register_peer("x");
    const auto response = register_pk_response();
    (void)co_await pair.client->send(peer, within(world, 1s));
    (void)co_await pair.client->send(response, within(world, 1s));
    auto found = co_await pair.server->next<hbb::RegisterPkResponse>(within(world, 1s));
    EXPECT_TRUE(found);
    (void)co_await pair.client->send(std::string("\xff"), within(world, 1s));
    auto garbage = co_await pair.server->receive_message(within(world, 1s));
    EXPECT_TRUE(!garbage && garbage.error() == wire::Error::not_a_message);
  });
}

TEST(MessageStream, RawBytesAndFramesMix) {
  simulate([](net::World world) -> Task<void> {
    Transcript transcript;
    Pair pair;
    co_await connect(world, &transcript, &pair);
    (void)co_await pair.client->send_bytes("abcdef", within(world, 1s));
    auto three = co_await pair.server->receive_exactly(3, within(world, 1s));
    EXPECT_TRUE(three && *three == "abc");
    auto rest = co_await pair.server->receive_bytes(within(world, 1s));
    EXPECT_TRUE(rest && *rest == "def");
    (void)co_await pair.client->send_bytes(std::string("\x08", 1), within(world, 1s));
    auto half = co_await pair.server->receive(within(world, 1s));
    EXPECT_TRUE(!half && half.error() == boost::asio::error::timed_out);
    (void)co_await pair.client->send_bytes("hi", within(world, 1s));
    auto whole = co_await pair.server->receive(within(world, 1s));
    EXPECT_TRUE(whole && *whole == "hi");
  });
}

TEST(MessageStream, SeesHowTheOtherSideEnds) {
  simulate([](net::World world) -> Task<void> {
    Transcript transcript;
    {
      Pair pair;
      co_await connect(world, &transcript, &pair);
      auto open = co_await pair.client->closed(within(world, 1s));
      EXPECT_TRUE(!open && open.error() == boost::asio::error::timed_out);
      pair.server->close();
      auto ended = co_await pair.client->receive(within(world, 1s));
      EXPECT_TRUE(!ended && ended.error() == boost::asio::error::eof);
      auto closed = co_await pair.client->closed(within(world, 1s));
      EXPECT_TRUE(closed);
    }
    Pair pair;
    co_await connect(world, &transcript, &pair);
    pair.server->reset();
    auto closed = co_await pair.client->closed(within(world, 1s));
    EXPECT_TRUE(closed);
    EXPECT_EQ(pair.client->remote(), kServer);
    const auto text = render(transcript);
    EXPECT_THAT(text, HasSubstr("closed: by the peer"));
    EXPECT_THAT(text, HasSubstr("closed: by this side"));
    EXPECT_THAT(text, HasSubstr("closed: reset by this side"));
  });
}

TEST(MessageStream, RefusedConnectionIsInTheTranscript) {
  simulate([](net::World world) -> Task<void> {
    Transcript transcript;
    auto other_port = world.network.listen(kRelay);  // so the host is there
    auto stream = co_await MessageStream::connect(
        world, kDeviceHome, kServer, recorder(transcript, world, "client"), within(world, 1s));
    EXPECT_EQ(stream.error(), boost::asio::error::connection_refused);
    EXPECT_THAT(render(transcript), HasSubstr("closed: cannot connect: "));
  });
}

// --- WebSocket ---

// Two ends of one WebSocket; the server's end is the bare one, so that it can say what it likes.
struct WebSocketPair {
  std::optional<MessageStream> client;
  std::optional<net::WebSocket> server;
};

Task<void> upgrade(net::ByteStream stream, WebSocketPair* pair, net::Deadline deadline) {
  auto socket = co_await net::WebSocket::accept(std::move(stream), 1 << 20, deadline);
  if (socket) pair->server.emplace(std::move(*socket));
}

Task<void> accept_and_upgrade(net::World world, net::Listener* listener, WebSocketPair* pair) {
  auto accepted = co_await listener->accept(within(world, 1s));
  if (!accepted) throw std::runtime_error("no connection");
  co_await upgrade(std::move(*accepted), pair, within(world, 1s));
}

Task<void> connect(net::World world, Transcript* transcript, WebSocketPair* pair) {
  auto listener = world.network.listen(kServer);
  net::TaskGroup tasks(world.executor);
  tasks.spawn("server", accept_and_upgrade(world, listener.get(), pair));
  Upgrade asked;
  asked.path = "/ws/id";
  asked.headers.emplace_back("X-Real-IP", "198.51.100.7");
  auto client = co_await MessageStream::connect_websocket(world, kDeviceHome, kServer, asked,
                                                          recorder(*transcript, world, "client"),
                                                          within(world, 1s));
  co_await tasks.join();
  if (!client || !pair->server) throw std::runtime_error("no WebSocket");
  pair->client.emplace(std::move(*client));
}

TEST(WebSocketStream, OneBinaryMessagePerPayload) {
  simulate([](net::World world) -> Task<void> {
    Transcript transcript;
    WebSocketPair pair;
    co_await connect(world, &transcript, &pair);
    EXPECT_EQ(pair.server->request().path, "/ws/id");
    EXPECT_EQ(pair.server->request().header("x-real-ip"), "198.51.100.7");
    EXPECT_TRUE(pair.client->is_websocket());
    EXPECT_EQ(pair.client->local(), pair.server->remote());
    for (const std::string& payload : {std::string("hello"), std::string()}) {
      auto sent = co_await pair.client->send(payload, within(world, 1s));
      auto heard = co_await pair.server->read(within(world, 1s));
      EXPECT_TRUE(sent && heard && heard->bytes == payload);
      EXPECT_EQ(heard->kind, net::WebSocketMessage::Kind::binary);
      net::WebSocketMessage answer(net::WebSocketMessage::Kind::binary, payload);
      (void)co_await pair.server->write(std::move(answer), within(world, 1s));
      auto received = co_await pair.client->receive(within(world, 1s));
      EXPECT_TRUE(received && *received == payload);
    }
    EXPECT_THAT(render(transcript), HasSubstr("-> ws 10.0.0.1:21116  "));
  });
}

// As clients read: Ping and Pong do not count, Text does, in plain text even on an encrypted one.
TEST(WebSocketStream, OtherKinds) {
  simulate([](net::World world) -> Task<void> {
    using Kind = net::WebSocketMessage::Kind;
    Transcript transcript;
    WebSocketPair pair;
    co_await connect(world, &transcript, &pair);
    pair.client->encrypt(wire::StreamKey{});
    for (const Kind kind : {Kind::ping, Kind::text}) {
      net::WebSocketMessage message(kind, "hi");
      (void)co_await pair.server->write(std::move(message), within(world, 1s));
    }
    auto text = co_await pair.client->receive(within(world, 1s));
    EXPECT_TRUE(text && *text == "hi");
    net::WebSocketMessage ping(Kind::ping, "are you there");
    (void)co_await pair.client->send_any(std::move(ping), within(world, 1s));
    // The server answers pings while it reads.
    auto read = co_await pair.server->read(within(world, 1s));
    while (read && read->kind == Kind::pong) read = co_await pair.server->read(within(world, 1s));
    EXPECT_TRUE(read && read->kind == Kind::ping && read->bytes == "are you there");
    auto pong = co_await pair.client->receive_any(within(world, 1s));
    EXPECT_TRUE(pong && pong->kind == Kind::pong && pong->bytes == "are you there");
    EXPECT_THAT(render(transcript), HasSubstr("pong 13 bytes"));
  });
}

TEST(WebSocketStream, Ends) {
  simulate([](net::World world) -> Task<void> {
    Transcript transcript;
    WebSocketPair pair;
    co_await connect(world, &transcript, &pair);
    auto open = co_await pair.client->closed(within(world, 1s));
    EXPECT_TRUE(!open && open.error() == boost::asio::error::timed_out);
    pair.server.reset();
    auto closed = co_await pair.client->closed(within(world, 1s));
    EXPECT_TRUE(closed);
    pair.client->close();
    EXPECT_EQ(pair.client->remote(), kServer);
  });
}

Task<void> answer_http(net::World world, net::Listener* listener) {
  auto accepted = co_await listener->accept(within(world, 1s));
  if (!accepted) throw std::runtime_error("no connection");
  MessageStream stream(std::move(*accepted), Recorder());
  auto request = co_await stream.receive_bytes(within(world, 1s));
  EXPECT_TRUE(request && request->starts_with("GET / HTTP/1.1\r\n"));
  (void)co_await stream.send_bytes("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
                                   within(world, 1s));
}

TEST(WebSocketStream, AnotherAnswerThan101IsNoConnection) {
  simulate([](net::World world) -> Task<void> {
    Transcript transcript;
    auto listener = world.network.listen(kServer);
    net::TaskGroup tasks(world.executor);
    tasks.spawn("server", answer_http(world, listener.get()));
    const Upgrade plain;
    auto client = co_await MessageStream::connect_websocket(world, kDeviceHome, kServer, plain,
                                                            recorder(transcript, world, "client"),
                                                            within(world, 1s));
    co_await tasks.join();
    EXPECT_FALSE(client);
    EXPECT_THAT(render(transcript), HasSubstr("-- ws 10.0.0.1:21116  closed: cannot connect: "));
  });
}

// --- KeyExchange ---

const wire::KeyPair kServerKeys = some_keys(7);

// What a client makes of `first`, sent by the server once it is connected; nothing: silence.
Task<net::Result<void>> secure_after(net::World world, Pair* pair, std::optional<std::string> first,
                                     std::string key) {
  co_await connect(world, &pair->transcript, pair);
  if (first) (void)co_await pair->server->send(std::move(*first), within(world, 1s));
  net::Random random(1);
  auto secured =
      co_await secure_with_server(&*pair->client, std::move(key), &random, within(world, 60s));
  co_return secured;
}

TEST(SecureWithServer, AgreesOnAKey) {
  simulate([](net::World world) -> Task<void> {
    net::Random random(3);
    const auto ephemeral = wire::make_box_key_pair(random);
    const auto offer =
        wrap<hbb::RendezvousMessage>(wire::offer_key_exchange(ephemeral, kServerKeys));
    Pair pair;
    auto secured = co_await secure_after(world, &pair, offer.SerializeAsString(),
                                         wire::to_text(kServerKeys.public_key));
    EXPECT_TRUE(secured && pair.client->encrypted());
    auto answer = co_await pair.server->next<hbb::KeyExchange>(within(world, 1s));
    if (!answer) throw std::runtime_error("no answer");
    const auto key = wire::finish_key_exchange(*answer, ephemeral);
    EXPECT_TRUE(key);
    pair.server->encrypt(*key);
    (void)co_await pair.client->send_plain("", within(world, 1s));
    (void)co_await pair.client->send("secret", within(world, 1s));
    auto heartbeat = co_await pair.server->receive(within(world, 1s));
    EXPECT_TRUE(heartbeat && heartbeat->empty()) << "not encrypted";
    auto heard = co_await pair.server->receive(within(world, 1s));
    EXPECT_TRUE(heard && *heard == "secret");
  });
}

// Anything else first is lost, and the client goes on in plain text.
TEST(SecureWithServer, DiscardsAnotherFirstMessage) {
  simulate([](net::World world) -> Task<void> {
    for (const auto& first : {register_pk_response().SerializeAsString(), std::string(),
                              std::string("\xff no message")}) {
      Pair pair;
      auto secured =
          co_await secure_after(world, &pair, first, wire::to_text(kServerKeys.public_key));
      EXPECT_TRUE(secured && !pair.client->encrypted());
    }
  });
}

TEST(SecureWithServer, GivesUp) {
  simulate([](net::World world) -> Task<void> {
    const std::string key = wire::to_text(kServerKeys.public_key);
    const net::Time before = world.clock.now();
    {
      Pair pair;
      auto silence = co_await secure_after(world, &pair, std::nullopt, key);
      EXPECT_TRUE(!silence && silence.error() == boost::asio::error::timed_out);
      EXPECT_GE(world.clock.now() - before, 18s);
      EXPECT_LT(world.clock.now() - before, 19s);
    }
    net::Random random(3);
    const auto ephemeral = wire::make_box_key_pair(random);
    auto stranger = wire::offer_key_exchange(ephemeral, some_keys(8));
    auto two = stranger;
    two.add_keys(stranger.keys(0));
    {
      Pair pair;
      const auto offer = wrap<hbb::RendezvousMessage>(stranger);
      auto forged = co_await secure_after(world, &pair, offer.SerializeAsString(), key);
      EXPECT_TRUE(!forged && forged.error() == wire::Error::bad_signature);
    }
    {
      Pair pair;
      const auto offer = wrap<hbb::RendezvousMessage>(two);
      auto many = co_await secure_after(world, &pair, offer.SerializeAsString(), key);
      EXPECT_TRUE(!many && many.error() == wire::Error::wrong_key_count);
    }
    Pair pair;
    auto nokey = co_await secure_after(world, &pair, std::nullopt, "no key");
    EXPECT_TRUE(!nokey && nokey.error() == wire::Error::bad_base64);
  });
}

// --- transcript and its rendering ---

class StoppedClock final : public net::Clock {
 public:
  net::Time now() const override { return time; }
  net::Time time{5s};
};

TranscriptLine line(TranscriptLine::What what, Protocol protocol) {
  TranscriptLine line;
  line.what = what;
  line.protocol = protocol;
  line.transport = Transport::tcp;
  line.local = net::endpoint("10.0.1.1", 40001);
  line.remote = kServer;
  return line;
}

TEST(Render, OneLinePerEventInColumns) {
  using What = TranscriptLine::What;
  Transcript transcript;
  StoppedClock clock;
  const Recorder owner{&transcript, &clock, "owner"};
  const Recorder controller{&transcript, &clock, "controller"};
  controller.record(line(What::connected, Protocol::rendezvous));
  owner.record(line(What::sent, Protocol::rendezvous), register_peer("1").SerializeAsString());
  clock.time += 12345ms;
  auto hidden = line(What::received, Protocol::session);
  hidden.encrypted = true;
  controller.record(hidden, "\x2a");
  controller.record(line(What::received, Protocol::raw), "abc");
  owner.record(line(What::sent, Protocol::rendezvous), std::string(3000, 'x'));
  owner.note("gives up");
  auto closed = line(What::closed, Protocol::rendezvous);
  closed.text = "by the peer";
  owner.record(closed);
  EXPECT_EQ(render(transcript),
            "    0.000 s  controller  -- tcp 10.0.0.1:21116  connected from 10.0.1.1:40001\n"
            "    0.000 s  owner       -> tcp 10.0.0.1:21116  register_peer {id: \"1\"}\n"
            "   12.345 s  controller  <- tcp 10.0.0.1:21116  [encrypted] not a message: 1 byte 2a\n"
            "   12.345 s  controller  <- tcp 10.0.0.1:21116  raw 3 bytes 616263\n"
            "   12.345 s  owner       -> tcp 10.0.0.1:21116  message of 3000 bytes, the first of "
            "them 2048 bytes 7878787878787878…\n"
            "   12.345 s  owner       note: gives up\n"
            "   12.345 s  owner       -- tcp 10.0.0.1:21116  closed: by the peer\n");
}

TEST(Decode, KeepsWhatALineSays) {
  Transcript transcript;
  StoppedClock clock;
  const Recorder owner{&transcript, &clock, "owner"};
  owner.note("begins\x1b[2J\n");
  clock.time += 2s;
  auto sent = line(TranscriptLine::What::sent, Protocol::rendezvous);
  sent.encrypted = true;
  owner.record(sent, register_peer("1").SerializeAsString());
  owner.record(line(TranscriptLine::What::received, Protocol::rendezvous), "\x2a");
  const auto events = decode(transcript).events;
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].text, "begins\\x1b[2J\\x0a") << "fit for a terminal";
  EXPECT_EQ(events[1].at, 2s);
  EXPECT_EQ(events[1].party, "owner");
  EXPECT_TRUE(events[1].encrypted);
  EXPECT_EQ(events[1].remote, kServer);
  EXPECT_EQ(events[1].message.name, "register_peer");
  EXPECT_EQ(events[1].message.fields.at(0).value, "\"1\"");
  EXPECT_EQ(events[2].message.name, "") << "not a message";
  EXPECT_EQ(events[2].size, 1u);
}

TEST(Render, SaysThatOlderLinesWereDropped) {
  Transcript transcript;
  EXPECT_EQ(render(transcript), "");
  StoppedClock clock;
  const Recorder party{&transcript, &clock, "p"};
  for (std::size_t i = 0; i < Transcript::kKeptLines + 3; ++i) party.note(std::to_string(i));
  const auto text = render(transcript);
  EXPECT_TRUE(text.starts_with("(3 older lines were dropped)\n"));
  EXPECT_THAT(text, Not(HasSubstr("note: 2\n")));
  EXPECT_THAT(text, HasSubstr("note: 3\n"));
}

TEST(Recorder, WithoutTranscriptDoesNothing) {
  const Recorder nobody;
  nobody.note("x");
  nobody.record(TranscriptLine{}, "y");
}

}  // namespace
}  // namespace deskcheck::sim
