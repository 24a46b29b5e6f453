// The consoles behind their sockets: who may speak, where a command ends, and that the protocol
// goes on beside them.
#include "reference-server/testbed.hpp"

namespace deskcheck::server::testbed {
namespace {

class ConsoleShellTest : public ServerTest {
 protected:
  ConsoleShellTest() { options.bind = loopback(1).address; }
  static net::Endpoint loopback(int n) {
    return {boost::asio::ip::address_v4(0x7F000000u + static_cast<unsigned>(n)), 0};
  }
  // What comes until the end of the connection.
  awaitable<std::string> ask(net::Endpoint port, std::string command) {
    auto hand = co_await connect(loopback(2), port);
    co_await hand.write(std::move(command));
    auto all = co_await hand.bytes(4096);
    EXPECT_EQ(hand.error(), boost::asio::error::eof);
    co_return all;
  }
  awaitable<void> nat_test_works() {
    auto hand = co_await connect(loopback(2), ports.nat);
    Message question;
    question.mutable_test_nat_request();
    // Byte by byte: the first of them alone could be text.
    for (const char byte : wire::encode_frame(question.SerializeAsString()).value()) {
      co_await hand.write(std::string(1, byte));
      co_await net::sleep_until(sim, sim.now() + 10ms);
    }
    auto answer = co_await hand.receive();
    EXPECT_TRUE(answer && answer->test_nat_response().port() == hand.local().port);
  }
};

TEST_F(ConsoleShellTest, AnswersOneCommandAndCloses) {
  const auto scenario = [this]() -> awaitable<void> {
    const std::string switched = "aur\n";
    auto text = co_await ask(ports.nat, switched);
    EXPECT_EQ(text, "ALWAYS_USE_RELAY: false\n");
    const std::string two = "sb\r\nls\n";
    text = co_await ask(ports.relay, two);
    EXPECT_EQ(text, "") << "one command, and this one is none";
    for (const std::string unknown : {"hello\n", " \n", "\n"}) {
      text = co_await ask(ports.nat, unknown);
      EXPECT_EQ(text, "");
    }
  };
  with_server(scenario);
}

TEST_F(ConsoleShellTest, ACommandEndsWithItsLineOrItsSenderOrASecond) {
  const auto scenario = [this]() -> awaitable<void> {
    auto begin = sim.now();
    auto slow = co_await connect(loopback(2), ports.relay);
    for (const char byte : std::string("dt\n")) {
      co_await slow.write(std::string(1, byte));
      co_await net::sleep_until(sim, sim.now() + 100ms);
    }
    auto text = co_await slow.bytes(5);
    EXPECT_EQ(text, "0.66\n");
    auto ended = co_await connect(loopback(2), ports.relay);
    co_await ended.write("dt");
    ended.stream()->shutdown_send();
    text = co_await ended.bytes(5);
    EXPECT_EQ(text, "0.66\n");
    EXPECT_LT(sim.now() - begin, 500ms);
    begin = sim.now();
    const std::string no_line = "t";
    text = co_await ask(ports.relay, no_line);
    EXPECT_EQ(text, "1800s\n");
    EXPECT_NEAR(static_cast<double>((sim.now() - begin) / 1ms), 1000, 10);
  };
  with_server(scenario);
}

TEST_F(ConsoleShellTest, SilenceEndsAndDisturbsNobody) {
  const auto scenario = [this]() -> awaitable<void> {
    const auto begin = sim.now();
    std::vector<Hand> silent;
    for (int i = 0; i < 20; ++i) {
      const auto port = i % 2 ? ports.nat : ports.relay;
      auto hand = co_await connect(loopback(2), port);
      silent.push_back(std::move(hand));
    }
    const std::string command = "sb\n";
    auto text = co_await ask(ports.relay, command);
    EXPECT_EQ(text, "128Mb/s\n");
    EXPECT_LT(sim.now() - begin, 100ms);
    for (auto& hand : silent) {
      const bool ended = co_await hand.ended();
      EXPECT_TRUE(ended);
    }
    EXPECT_NEAR(static_cast<double>((sim.now() - begin) / 1ms), 1000, 100);
  };
  with_server(scenario);
}

TEST_F(ConsoleShellTest, ClientsOnTheServersHostAreServed) {
  const auto scenario = [this]() -> awaitable<void> {
    co_await nat_test_works();
    auto first = co_await connect(loopback(2), ports.relay);
    auto second = co_await connect(loopback(3), ports.relay);
    const auto request = request_relay("x");
    co_await first.send(request);
    co_await second.send(request);
    co_await first.write("h\n");
    auto heard = co_await second.bytes(2);
    EXPECT_EQ(heard, "h\n");
    co_await net::sleep_until(sim, sim.now() + 2s);
    const std::string usage = "u\n";
    auto text = co_await ask(ports.relay, usage);
    EXPECT_EQ(text, net::to_string(second.local()) + ": 2s 0.00MB 0kb/s 0kb/s 0kb/s\n");
    second.stream().close();
    co_await net::sleep_until(sim, sim.now() + 3s);
    text = co_await ask(ports.relay, usage);
    EXPECT_EQ(text, "");
    for (const std::string garbage : {"\xff\xfe\n", "h\x80\n"}) {
      auto bad = co_await connect(loopback(2), ports.nat);
      co_await bad.write(garbage);
    }
    co_await nat_test_works();
  };
  with_server(scenario);
}

TEST_F(ConsoleShellTest, AsTheOpenSourceServerKeepsLoopbackForTheConsole) {
  options.consoles = Consoles::all_of_loopback;
  const auto scenario = [this]() -> awaitable<void> {
    for (const auto& port : {ports.nat, ports.relay}) {
      auto hand = co_await connect(loopback(2), port);
      Message question;
      question.mutable_test_nat_request();
      co_await hand.send(question);
      const bool ended = co_await hand.ended(1s);
      EXPECT_TRUE(ended);
    }
    const std::string no_line = "h";
    const auto begin = sim.now();
    auto text = co_await ask(ports.relay, no_line);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 12);
    EXPECT_LT(sim.now() - begin, 100ms);
  };
  with_server(scenario);
}

TEST_F(ConsoleShellTest, NobodyElseMaySpeak) {
  options.bind = boost::asio::ip::address_v4::any();
  sim.add_host(host(100).address);
  const auto scenario = [this]() -> awaitable<void> {
    for (const auto port : {ports.nat.port, ports.relay.port}) {
      auto stranger = co_await connect(host(1), host(100, port));
      co_await stranger.write("h\n");
      auto text = co_await stranger.bytes(100);
      EXPECT_EQ(text, "");
      const auto console = net::endpoint("127.0.0.1", port);
      auto owner = co_await connect(loopback(2), console);
      co_await owner.write("h\n");
      text = co_await owner.bytes(3000);
      EXPECT_NE(text, "");
    }
  };
  with_server(scenario);
}

TEST_F(ConsoleShellTest, CanBeTurnedOff) {
  options.consoles = Consoles::none;
  const auto scenario = [this]() -> awaitable<void> {
    auto hand = co_await connect(loopback(2), ports.relay);
    co_await hand.write("h\n");
    auto text = co_await hand.bytes(100);
    EXPECT_EQ(text, "");
  };
  with_server(scenario);
}

}  // namespace
}  // namespace deskcheck::server::testbed
