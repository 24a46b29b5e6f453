// Signing in through an identity provider over the HTTP port and the tunnel, with a provider that
// is a server of its own: right, slow, endless, or not there.
#include "reference-server/oidc/scripted_provider.hpp"
#include "reference-server/testbed.hpp"

#include <gmock/gmock.h>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace deskcheck::server::testbed {
namespace {

namespace http = boost::beast::http;
using ::testing::HasSubstr;

class OutsideTest : public ServerTest {
 protected:
  OutsideTest() {
    options.identity = wire::key_pair_from_seed({});
    options.resolve = [](std::string name,
                         net::Deadline) -> awaitable<net::Result<boost::asio::ip::address>> {
      if (name != "idp.example") co_return boost::asio::error::host_not_found;
      co_return host(50).address;
    };
    add("Corp", oidc::ScriptedProvider::kIssuer);
    add("Nowhere", "http://idp.example:9999");
    add("Nobody", "http://nobody.example");
    add("Secret", "https://idp.example:9000");
  }
  void add(const std::string& name, const std::string& issuer) {
    IdentityProviderFixture fixture;
    fixture.name = name;
    fixture.issuer = issuer;
    fixture.client_id = "desk";
    options.identity_providers.push_back(fixture);
  }
  // The scenario, beside the provider.
  template <class Scenario>
  void with_provider(Scenario scenario) {
    const auto both = [this, &scenario]() -> awaitable<void> {
      auto listener = world.network.listen(host(50, 9000));
      net::TaskGroup tasks(world.executor);
      tasks.spawn("provider", serve(*listener, tasks));
      try {
        co_await scenario();
      } catch (const std::exception& error) {
        ADD_FAILURE() << error.what();
      }
      co_await net::sleep_for(sim, 30s);  // for those who answer late
      tasks.cancel();
      co_await tasks.join();
    };
    with_server(both);
  }
  awaitable<void> serve(net::Listener& listener, net::TaskGroup& tasks) {
    for (;;) {
      auto stream = co_await listener.accept(net::never(sim));
      if (stream) tasks.spawn("connection", answer(std::move(*stream)));
    }
  }
  awaitable<void> answer(net::ByteStream stream) {
    boost::beast::flat_buffer buffer;
    http::request<http::string_body> request;
    const auto soon = net::in(sim, 5s);
    auto read = co_await http::async_read(stream, buffer, request, soon);
    if (!read) co_return;
    co_await net::sleep_for(sim, delay);
    api::Question question;
    question.method = request.method_string();
    question.url = "http://idp.example:9000" + std::string(request.target());
    question.body = request.body();
    http::response<http::string_body> response;
    const auto reply = provider.answer(question);
    response.result(static_cast<unsigned>(reply.status));
    response.body() = nonsense.empty() ? reply.body : nonsense;
    response.prepare_payload();
    const auto later = net::in(sim, 5s);
    (void)co_await http::async_write(stream, response, later);
  }

  awaitable<std::string> over_http(std::string method, std::string path, std::string body) {
    auto hand = co_await connect(host(1), ports.api);
    co_await hand.write(method + " " + path +
                        " HTTP/1.1\r\nHost: desk.example\r\nConnection: close\r\n"
                        "Content-Length: " +
                        std::to_string(body.size()) + "\r\n\r\n" + body);
    const auto text = co_await hand.bytes(1 << 20);
    co_return text.substr(text.find("\r\n\r\n") + 4);
  }
  awaitable<std::string> over_tunnel(std::string method, std::string path, std::string body) {
    auto hand = co_await connect(host(1), ports.rendezvous);
    const bool secured = co_await hand.secure(options.identity->public_key);
    EXPECT_TRUE(secured);
    Message message;
    auto& request = *message.mutable_http_proxy_request();
    request.set_method(method);
    request.set_path(path);
    request.set_body(body);
    co_await hand.send(message);
    const auto answer = co_await hand.receive(20s);
    EXPECT_TRUE(answer && answer->has_http_proxy_response());
    co_return answer ? answer->http_proxy_response().body() : "";
  }
  using Way = awaitable<std::string> (OutsideTest::*)(std::string, std::string, std::string);
  const std::array<Way, 2> ways = {&OutsideTest::over_http, &OutsideTest::over_tunnel};

  awaitable<std::string> begin(Way way, std::string op = "Corp") {
    const std::string body = R"({"op":")" + op + R"(","id":"1","uuid":"dQ=="})";
    const auto text = co_await (this->*way)("POST", "/api/oidc/auth", body);
    co_return text;
  }
  static std::string member(const std::string& text, const char* name) {
    const auto value = boost::json::parse(text);
    const auto* found = value.as_object().if_contains(name);
    return found ? std::string(found->as_string()) : "";
  }

  oidc::ScriptedProvider provider;
  net::Duration delay{};
  std::string nonsense;
};

TEST_F(OutsideTest, SignsInOverEveryWay) {
  const auto scenario = [this]() -> awaitable<void> {
    for (const Way way : ways) {
      provider.now = std::chrono::floor<std::chrono::seconds>(sim.now()).time_since_epoch().count();
      const auto begun = co_await begin(way);
      const auto page = provider.authorize(member(begun, "url"));
      const auto shown = co_await over_http("GET", page, "");
      EXPECT_THAT(shown, HasSubstr("You are signed in"));
      const std::string poll =
          "/api/oidc/auth-query?code=" + member(begun, "code") + "&id=1&uuid=dQ%3D%3D";
      const auto answer = co_await (this->*way)("GET", poll, "");
      EXPECT_THAT(answer, HasSubstr(R"("third_auth_type":"Corp")"));
    }
    EXPECT_THAT(provider.redirect_uri, HasSubstr("http://10.0.0.100:"));
  };
  with_provider(scenario);
}

TEST_F(OutsideTest, SaysInTimeWhatIsWrongWithAProvider) {
  const auto scenario = [this]() -> awaitable<void> {
    const auto reason = [this](Way way, std::string op) -> awaitable<std::string> {
      const auto before = sim.now();
      const auto text = co_await begin(way, op);
      EXPECT_LT(sim.now() - before, 9s);
      const auto error = member(text, "error");
      co_return error.substr(error.find(": ") + 2);
    };
    for (const Way way : ways) {
      auto text = co_await reason(way, "Nowhere");
      EXPECT_EQ(text, "it cannot be reached: Connection refused");
      text = co_await reason(way, "Nobody");
      EXPECT_THAT(text, HasSubstr("it cannot be reached: Host not found"));
      text = co_await reason(way, "Secret");
      EXPECT_THAT(text, HasSubstr("it cannot be reached"));
      delay = 20s;
      text = co_await reason(way, "Corp");
      EXPECT_EQ(text, "it does not answer in time");
      delay = {};
      nonsense = std::string(10 << 20, 'x');
      text = co_await reason(way, "Corp");
      EXPECT_THAT(text, HasSubstr("body limit exceeded"));
      nonsense = "<html>";
      text = co_await reason(way, "Corp");
      EXPECT_EQ(text, "its discovery document is no JSON object");
      nonsense.clear();
    }
  };
  with_provider(scenario);
}

}  // namespace
}  // namespace deskcheck::server::testbed
