#include "proto/net/tls.hpp"

#include "proto/net/http_client.hpp"
#include "proto/net/task_group.hpp"
#include "proto/net/tls_certificate.hpp"
#include "proto/net/world_test.hpp"

#include <optional>

namespace deskcheck::net {
namespace {

template <class W>
class Tls : public BothWorlds<W> {};
TYPED_TEST_SUITE(Tls, TheWorlds);

MadeCertificate certificate_for(std::vector<std::string> hosts) {
  CertificateWish wish;
  wish.hosts = std::move(hosts);
  return make_certificate(wish);
}

TlsServing serving(const MadeCertificate& made) { return {made.certificate, made.private_key}; }

// Both ends after the handshake, or why it failed on each side.
struct Shaken {
  Result<ByteStream> client = error_code(asio::error::not_connected);
  Result<ByteStream> server = error_code(asio::error::not_connected);
};

awaitable<void> shake_hands(World world, const TlsTrust& trust, const MadeCertificate& shown,
                            std::string host, Shaken& shaken) {
  auto pair = co_await connected(world);
  const auto deadline = in(world.clock, 5s);
  const TlsServing identity = serving(shown);
  TaskGroup group(world.executor);
  auto serve = [&]() -> awaitable<void> {
    auto accepted = co_await tls_accept(std::move(pair.server), identity, deadline);
    shaken.server = std::move(accepted);
  };
  group.spawn("server", serve());
  auto connected = co_await tls_connect(std::move(pair.client), trust, host, deadline);
  shaken.client = std::move(connected);
  co_await group.join();
}

struct TlsPair {
  ByteStream client, server;
};
awaitable<TlsPair> secured(World world) {
  const auto made = certificate_for({"server.example"});
  const auto trust = TlsTrust::only(made.certificate);
  Shaken shaken;
  const std::string host = "server.example";
  co_await shake_hands(world, trust, made, host, shaken);
  TlsPair pair;
  pair.client = need(std::move(shaken.client));
  pair.server = need(std::move(shaken.server));
  co_return std::move(pair);
}

TYPED_TEST(Tls, BytesGoBothWaysAndEachHalfEndsByItself) {
  auto question = [](World world) -> awaitable<void> {
    auto pair = co_await secured(world);
    const auto deadline = in(world.clock, 5s);
    EXPECT_EQ(pair.client->local(), pair.server->remote());
    need(co_await write_all(pair.client, "ping", deadline));
    pair.client->shutdown_send();
    auto first = co_await read_some(pair.server, 10, deadline);
    EXPECT_EQ(need(std::move(first)), "ping");
    auto second = co_await read_some(pair.server, 10, deadline);
    EXPECT_EQ(error_of(second), asio::error::eof);
    need(co_await write_all(pair.server, "pong", deadline));
    auto back = co_await read_some(pair.client, 10, deadline);
    EXPECT_EQ(need(std::move(back)), "pong");
    auto after = co_await write_all(pair.client, "more", deadline);
    EXPECT_EQ(error_of(after), asio::error::broken_pipe);
    pair.server.close();
    auto last = co_await read_some(pair.client, 10, deadline);
    EXPECT_EQ(error_of(last), asio::error::eof);
  };
  this->ask(question);
}

TYPED_TEST(Tls, MuchDataArrivesWholeWhileBothSidesWrite) {
  auto question = [](World world) -> awaitable<void> {
    auto pair = co_await secured(world);
    const auto deadline = in(world.clock, 60s);
    std::string sent(3 << 20, '\0');
    for (std::size_t i = 0; i < sent.size(); ++i) sent[i] = static_cast<char>(i * 31 + i / 997);
    TaskGroup group(world.executor);
    auto write = [&](ByteStream& stream) -> awaitable<void> {
      need(co_await write_all(stream, sent, deadline));
      stream->shutdown_send();
    };
    auto read = [&](ByteStream& stream, std::string& heard) -> awaitable<void> {
      for (;;) {
        auto some = co_await read_some(stream, 10000, deadline);
        if (!some) {
          EXPECT_EQ(some.error(), asio::error::eof);
          co_return;
        }
        heard += *some;
      }
    };
    std::string up, down;
    group.spawn("up", write(pair.client));
    group.spawn("down", write(pair.server));
    group.spawn("server", read(pair.server, up));
    group.spawn("client", read(pair.client, down));
    co_await group.join();
    EXPECT_FALSE(group.failure());
    EXPECT_TRUE(up == sent) << up.size();
    EXPECT_TRUE(down == sent) << down.size();
  };
  this->ask(question);
}

TYPED_TEST(Tls, AReadThatTimedOutHasLostNothing) {
  auto question = [](World world) -> awaitable<void> {
    auto pair = co_await secured(world);
    auto silent = co_await read_some(pair.client, 10, in(world.clock, 50ms));
    EXPECT_EQ(error_of(silent), asio::error::timed_out);
    need(co_await write_all(pair.server, "late", in(world.clock, 5s)));
    auto late = co_await read_some(pair.client, 10, in(world.clock, 5s));
    EXPECT_EQ(need(std::move(late)), "late");
  };
  this->ask(question);
}

TYPED_TEST(Tls, WhatWasWrittenBeforeTheEndIsRead) {
  auto question = [](World world) -> awaitable<void> {
    auto pair = co_await secured(world);
    const auto deadline = in(world.clock, 5s);
    need(co_await write_all(pair.server, "last words", deadline));
    pair.server.close();
    auto words = co_await read_some(pair.client, 100, deadline);
    EXPECT_EQ(need(std::move(words)), "last words");
    auto end = co_await read_some(pair.client, 100, deadline);
    EXPECT_EQ(error_of(end), asio::error::eof);
  };
  this->ask(question);
}

TYPED_TEST(Tls, ResetEndsBothDirections) {
  auto question = [](World world) -> awaitable<void> {
    auto pair = co_await secured(world);
    const auto deadline = in(world.clock, 5s);
    pair.server->reset();
    auto heard = co_await read_some(pair.client, 10, deadline);
    EXPECT_EQ(error_of(heard), asio::error::connection_reset);
    auto own = co_await read_some(pair.server, 10, deadline);
    EXPECT_EQ(error_of(own), asio::error::bad_descriptor);
    auto written = co_await write_all(pair.server, "x", deadline);
    EXPECT_EQ(error_of(written), asio::error::bad_descriptor);
  };
  this->ask(question);
}

// A stream below that can be ended behind TLS's back.
class Cut final : public StreamEnd {
 public:
  Cut(ByteStream stream, StreamEnd*& below) : stream_(std::move(stream)) {
    below = stream_.operator->();
  }
  asio::any_io_executor executor() override { return stream_.get_executor(); }
  Endpoint local() const override { return end()->local(); }
  Endpoint remote() const override { return end()->remote(); }
  void connect(Endpoint to, Completion c) override { end()->connect(to, std::move(c)); }
  void read_some(Buffers<asio::mutable_buffer> into, Completion c) override {
    end()->read_some(into, std::move(c));
  }
  void write_some(Buffers<asio::const_buffer> from, Completion c) override {
    end()->write_some(from, std::move(c));
  }
  void shutdown_send() override { end()->shutdown_send(); }
  void reset() override { end()->reset(); }

 private:
  StreamEnd* end() const { return stream_.operator->(); }
  mutable ByteStream stream_;
};

TYPED_TEST(Tls, AnEndWithoutGoodbyeIsNoEof) {
  auto question = [](World world) -> awaitable<void> {
    auto pair = co_await connected(world);
    const auto deadline = in(world.clock, 5s);
    const auto made = certificate_for({"h"});
    StreamEnd* below = nullptr;
    ByteStream cut(std::make_unique<Cut>(std::move(pair.server), below));
    std::optional<ByteStream> server;
    TaskGroup group(world.executor);
    const TlsServing identity = serving(made);
    auto serve = [&]() -> awaitable<void> {
      auto accepted = co_await tls_accept(std::move(cut), identity, deadline);
      server = need(std::move(accepted));
    };
    group.spawn("server", serve());
    const auto trust = TlsTrust::only(made.certificate);
    const std::string host = "h";
    auto shaken = co_await tls_connect(std::move(pair.client), trust, host, deadline);
    auto client = need(std::move(shaken));
    co_await group.join();
    need(co_await write_all(*server, "half", deadline));
    below->shutdown_send();
    auto words = co_await read_some(client, 100, deadline);
    EXPECT_EQ(need(std::move(words)), "half");
    auto end = co_await read_some(client, 100, deadline);
    EXPECT_TRUE(is_truncated(error_of(end))) << error_of(end).message();
  };
  this->ask(question);
}

TYPED_TEST(Tls, OnlyTheRightCertificateIsBelieved) {
  auto question = [](World world) -> awaitable<void> {
    const auto right = certificate_for({"server.example", "127.0.3.2", "::1"});
    const auto other = certificate_for({"server.example"});
    CertificateWish wish;
    wish.hosts = {"server.example"};
    wish.until = -60s;
    const auto old = make_certificate(wish);
    struct Attempt {
      const MadeCertificate *shown, *believed;
      std::string host, why;
    };
    const std::vector<Attempt> attempts = {
        {&right, &right, "server.example", ""},
        {&right, &right, "127.0.3.2", ""},
        {&right, &right, "::1", ""},
        {&right, &other, "server.example", "self-signed certificate"},
        {&right, &right, "other.example", "hostname mismatch"},
        {&right, &right, "127.0.3.3", "IP address mismatch"},
        {&old, &old, "server.example", "certificate has expired"},
    };
    for (const auto& attempt : attempts) {
      Shaken shaken;
      const auto trust = TlsTrust::only(attempt.believed->certificate);
      co_await shake_hands(world, trust, *attempt.shown, attempt.host, shaken);
      if (attempt.why.empty()) {
        EXPECT_TRUE(shaken.client && shaken.server) << attempt.host;
        continue;
      }
      EXPECT_TRUE(is_untrusted(error_of(shaken.client))) << attempt.host;
      EXPECT_EQ(error_of(shaken.client).message(),
                "its certificate is not trusted: " + attempt.why);
      // The server hears why.
      EXPECT_EQ(error_of(shaken.server).category().name(), std::string("tls"));
      EXPECT_NE(error_of(shaken.server).message().find("alert"), std::string::npos);
    }
  };
  this->ask(question);
}

TYPED_TEST(Tls, PeersThatSpeakSomethingElseAreToldApart) {
  auto question = [](World world) -> awaitable<void> {
    const auto made = certificate_for({"h"});
    const auto deadline = in(world.clock, 5s);
    auto pair = co_await connected(world);
    need(co_await write_all(pair.server, "HTTP/1.1 400 Bad Request\r\n\r\n", deadline));
    const auto trust = TlsTrust::only(made.certificate);
    const std::string host = "h";
    auto client = co_await tls_connect(std::move(pair.client), trust, host, deadline);
    EXPECT_EQ(error_of(client).message(),
              "TLS: wrong version number (the peer does not seem to speak TLS there)");

    auto plain = co_await connected(world);
    need(co_await write_all(plain.client, "GET / HTTP/1.1\r\n\r\n", deadline));
    const TlsServing identity = serving(made);
    auto server = co_await tls_accept(std::move(plain.server), identity, deadline);
    EXPECT_EQ(error_of(server).message(), "TLS: http request");

    auto silent = co_await connected(world);
    auto waited = co_await tls_accept(std::move(silent.server), identity, in(world.clock, 50ms));
    EXPECT_EQ(error_of(waited), asio::error::timed_out);

    auto gone = co_await connected(world);
    gone.client.close();
    auto nobody = co_await tls_accept(std::move(gone.server), identity, deadline);
    EXPECT_EQ(error_of(nobody), asio::error::eof);
  };
  this->ask(question);
}

// One request over https, answered by hand.
TYPED_TEST(Tls, HttpCallsGoOverIt) {
  auto question = [](World world) -> awaitable<void> {
    const auto made = certificate_for({"api.example"});
    const auto deadline = in(world.clock, 5s);
    auto listener = world.network.listen(there());
    const TlsServing identity = serving(made);
    std::string request;
    TaskGroup group(world.executor);
    auto serve = [&]() -> awaitable<void> {
      auto below = co_await listener->accept(deadline);
      auto accepted = co_await tls_accept(std::move(*below), identity, deadline);
      auto stream = need(std::move(accepted));
      while (request.find("\r\n\r\n") == std::string::npos) {
        auto some = co_await read_some(stream, 1000, deadline);
        request += need(std::move(some));
      }
      // Its end is the end of the connection, which TLS vouches for.
      need(co_await write_all(stream, "HTTP/1.0 200 OK\r\n\r\nwhole", deadline));
    };
    group.spawn("server", serve());
    HttpPlace place;
    place.host = "api.example";
    place.tls = true;
    place.port = listener->local().port;
    HttpCall call;
    call.target = "/api/health";
    call.trust = TlsTrust::only(made.certificate);
    auto reply = co_await call_http(world, place, listener->local().address, call, deadline);
    co_await group.join();
    const auto answer = need(std::move(reply));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "whole");
    EXPECT_TRUE(request.starts_with("GET /api/health HTTP/1.1\r\nHost: api.example:")) << request;
  };
  this->ask(question);
}

std::string complaint(const std::function<void()>& attempt) {
  try {
    attempt();
  } catch (const TlsError& error) {
    return error.what();
  }
  return "none";
}

TEST(TlsIdentity, WhatIsWrongWithFilesIsSaidInOneLine) {
  const auto one = certificate_for({"a"}), two = certificate_for({"b"});
  const auto served = [](const std::string& certificates, const std::string& key) {
    return complaint([&] { TlsServing made(certificates, key); });
  };
  EXPECT_EQ(served(one.certificate, one.private_key), "none");
  EXPECT_EQ(served(one.certificate, two.private_key),
            "the private key does not belong to the first certificate");
  EXPECT_EQ(served("", one.private_key),
            "there is no certificate; write it as PEM: -----BEGIN CERTIFICATE-----");
  EXPECT_EQ(served(one.certificate, one.certificate),
            "there is no private key; write it as PEM: -----BEGIN PRIVATE KEY-----");
  auto broken = two.certificate;
  broken.replace(broken.find('\n') + 1, 3, "AAA");
  EXPECT_NE(served(one.certificate + broken, one.private_key).find("certificate 2 cannot be"),
            std::string::npos);
  EXPECT_EQ(complaint([] { TlsTrust::only("nothing"); }),
            "there is no certificate; write it as PEM: -----BEGIN CERTIFICATE-----");
}

TEST(TlsIdentity, ExpiryIsKnown) {
  const auto now = certificate_for({"a"});
  EXPECT_FALSE(serving(now).expired());
  EXPECT_EQ(serving(now).expires().size(), std::string("2026-11-25T13:22:54Z").size());
  CertificateWish wish;
  wish.until = -60s;
  EXPECT_TRUE(serving(make_certificate(wish)).expired());
}

}  // namespace
}  // namespace deskcheck::net
