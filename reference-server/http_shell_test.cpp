// HTTP P-2, and the same API through the tunnel.
#include "proto/net/tls.hpp"
#include "proto/net/tls_certificate.hpp"
#include "reference-server/testbed.hpp"

namespace deskcheck::server::testbed {
namespace {

class HttpTest : public ServerTest {
 protected:
  HttpTest() {
    options.identity = wire::key_pair_from_seed({});
    options.tokens = {"good"};
  }
  // What comes until the server has nothing more to say.
  awaitable<std::string> said(std::string request) {
    auto hand = co_await connect(host(1), ports.api);
    co_await hand.write(std::move(request));
    const auto text = co_await hand.bytes(8 << 20);
    co_return text;
  }
  awaitable<hbb::HttpProxyResponse> tunnelled(std::string method, std::string path,
                                              std::string body) {
    auto hand = co_await connect(host(1), ports.rendezvous);
    const bool secured = co_await hand.secure(options.identity->public_key);
    EXPECT_TRUE(secured);
    Message message;
    auto& request = *message.mutable_http_proxy_request();
    request.set_method(method);
    request.set_path(path);
    request.set_body(body);
    auto& header = *request.add_headers();
    header.set_name("Authorization");
    header.set_value("Bearer good");
    co_await hand.send(message);
    const auto answer = co_await hand.receive();
    EXPECT_TRUE(answer && answer->has_http_proxy_response());
    const bool ended = co_await hand.ended();
    EXPECT_TRUE(ended);
    co_return answer ? answer->http_proxy_response() : hbb::HttpProxyResponse();
  }
};

std::string body_of(const std::string& response) {
  return response.substr(response.find("\r\n\r\n") + 4);
}

TEST_F(HttpTest, AnswersRequestsOneAfterTheOther) {
  const auto scenario = [this]() -> awaitable<void> {
    std::string both =
        "GET /api/login-options HTTP/1.1\r\nHost: x\r\n\r\n"
        "GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    const auto text = co_await said(std::move(both));
    EXPECT_EQ(text,
              "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"
              "Content-Length: 2\r\n\r\n[]"
              "HTTP/1.1 404 Not Found\r\nContent-Type: application/json; charset=utf-8\r\n"
              "Content-Length: 21\r\nConnection: close\r\n\r\n{\"error\":\"Not found\"}");
    std::string head = "HEAD /api/login-options HTTP/1.0\r\n\r\n";
    const auto probe = co_await said(std::move(head));
    EXPECT_EQ(probe.substr(0, 15), "HTTP/1.0 200 OK");
    EXPECT_EQ(body_of(probe), "");
  };
  with_server(scenario);
}

TEST_F(HttpTest, IsTheSameApiAsTheTunnel) {
  const auto scenario = [this]() -> awaitable<void> {
    const std::string book = R"({\"x\":\")" + std::string(1 << 20, 'x') + R"(\"})";
    const auto stored = co_await tunnelled("POST", "/api/ab", "{\"data\":\"" + book + "\"}");
    EXPECT_EQ(stored.status(), 200);
    EXPECT_EQ(stored.error(), "");
    const auto through = co_await tunnelled("GET", "/api/ab", "");
    EXPECT_EQ(through.body(), "{\"data\":\"" + book + "\"}");
    std::string request =
        "GET /api/ab HTTP/1.1\r\nauthorization: Bearer good\r\nConnection: close\r\n\r\n";
    const auto direct = co_await said(std::move(request));
    EXPECT_TRUE(body_of(direct) == through.body());
  };
  with_server(scenario);
}

TEST_F(HttpTest, IsTheSameApiOverTls) {
  net::CertificateWish wish;
  wish.hosts = {"api.example"};
  const auto made = net::make_certificate(wish);
  options.tls.emplace();
  options.tls->certificates = made.certificate;
  options.tls->private_key = made.private_key;
  const auto scenario = [&, this]() -> awaitable<void> {
    EXPECT_NE(ports.https.port, 0);
    const auto deadline = net::in(sim, 5s);
    auto below = co_await world.network.connect(host(1), ports.https, deadline);
    const auto trust = net::TlsTrust::only(made.certificate);
    const std::string name = "api.example";
    auto stream = co_await net::tls_connect(std::move(*below), trust, name, deadline);
    EXPECT_TRUE(stream) << stream.error().message();
    if (!stream) co_return;
    Hand hand(sim, std::move(*stream));
    std::string requests =
        "GET /api/login-options HTTP/1.1\r\nHost: x\r\n\r\n"
        "GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    const std::string again = requests;
    co_await hand.write(std::move(requests));
    const auto text = co_await hand.bytes(8 << 20);
    std::string plain = again;
    const auto direct = co_await said(std::move(plain));
    EXPECT_EQ(text, direct);
  };
  with_server(scenario);
}

TEST_F(HttpTest, WhoeverDoesNotSpeakTlsIsLetGo) {
  net::CertificateWish wish;
  wish.hosts = {"api.example"};
  const auto made = net::make_certificate(wish);
  options.tls.emplace();
  options.tls->certificates = made.certificate;
  options.tls->private_key = made.private_key;
  std::vector<std::string> notes;
  options.log = [&notes](std::string_view note) { notes.emplace_back(note); };
  const auto scenario = [&, this]() -> awaitable<void> {
    auto silent = co_await connect(host(1), ports.https);
    const bool let_go = co_await silent.ended(20s);
    EXPECT_TRUE(let_go);
    auto plain = co_await connect(host(1), ports.https);
    std::string request = "GET / HTTP/1.1\r\n\r\n";
    co_await plain.write(std::move(request));
    const bool ended = co_await plain.ended();
    EXPECT_TRUE(ended);
    EXPECT_NE(notes.back().find("has not begun: TLS: http request"), std::string::npos);
  };
  with_server(scenario);
}

TEST_F(HttpTest, TooLongBodiesAreRefusedAndGarbageEndsTheConnection) {
  options.limits.api_body = 1000;
  const auto scenario = [this]() -> awaitable<void> {
    std::string request = "POST /api/ab HTTP/1.1\r\nContent-Length: 1001\r\n\r\n";
    auto text = co_await said(std::move(request));
    EXPECT_EQ(text.substr(0, 12), "HTTP/1.1 413");
    std::string garbage = "hello\r\n\r\n";
    text = co_await said(std::move(garbage));
    EXPECT_EQ(text, "");
  };
  with_server(scenario);
}

TEST_F(HttpTest, TellsClientsOfOneProxyApart) {
  AccountFixture alice;
  alice.name = "alice";
  alice.password = "s3cret";
  options.accounts = {alice};
  options.password_cost = PasswordCost::minimal;
  options.limits.login_attempts = 1;
  options.trusted_proxies = {AddressRange::parse("10.0.0.0/8").value()};
  const auto scenario = [this]() -> awaitable<void> {
    const std::string body = R"({"username":"alice","password":"wrong"})";
    const auto request = [&](const std::string& client) {
      return "POST /api/login HTTP/1.0\r\nX-Real-IP: " + client +
             "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    };
    for (const auto& [client, status] :
         {std::pair("192.0.2.1", "403"), {"192.0.2.1", "429"}, {"192.0.2.2", "403"}}) {
      auto bytes = request(client);
      const auto text = co_await said(std::move(bytes));
      EXPECT_EQ(text.substr(9, 3), status) << client;
    }
  };
  with_server(scenario);
}

TEST_F(HttpTest, IsThereOnlyIfWanted) {
  options.api = false;
  const auto scenario = [this]() -> awaitable<void> {
    EXPECT_EQ(ports.api.port, 0);
    const auto refused = co_await tunnelled("GET", "/api/ab", "");
    EXPECT_NE(refused.error(), "");
  };
  with_server(scenario);
}

}  // namespace
}  // namespace deskcheck::server::testbed
