#include "reference-server/testbed.hpp"

#include <deque>

namespace deskcheck::server::testbed {
namespace {

class RelayShellTest : public ServerTest {
 protected:
  // A party that has sent its request.
  awaitable<Hand> party(int n, std::string uuid) {
    auto hand = co_await connect(host(n), ports.relay);
    const auto request = request_relay(uuid);
    co_await hand.send(request);
    co_return hand;
  }
};

TEST_F(RelayShellTest, CopiesBytesBothWaysAndAddsNothing) {
  const auto scenario = [this]() -> awaitable<void> {
    using namespace std::string_literals;
    auto first = co_await connect(host(1), ports.relay);
    // Early bytes: in the segment of the request, and while the partner is awaited.
    const auto request = wire::encode_frame(request_relay("x").SerializeAsString()).value();
    co_await first.write(request + "early");
    co_await net::sleep_until(sim, sim.now() + 5s);
    co_await first.write("\0\0 while waiting"s);
    co_await net::sleep_until(sim, sim.now() + 5s);
    auto second = co_await party(2, "x");
    auto heard = co_await second.bytes(21);
    EXPECT_EQ(heard, "early\0\0 while waiting"s);
    const std::string zeros(3, '\0');
    co_await second.write(zeros);
    heard = co_await first.bytes(3);
    EXPECT_EQ(heard, zeros);
    second.stream()->shutdown_send();
    heard = co_await first.bytes(1);
    EXPECT_EQ(heard, "") << "nothing of its own";
    EXPECT_EQ(first.error(), boost::asio::error::eof);
  };
  with_server(scenario);
}

TEST_F(RelayShellTest, PairsDoNotMixAndAThirdPartyDisturbsNobody) {
  const auto scenario = [this]() -> awaitable<void> {
    std::deque<Hand> firsts, seconds;
    for (int i = 0; i < 20; ++i) {
      auto hand = co_await party(1, "uuid" + std::to_string(i));
      firsts.push_back(std::move(hand));
    }
    for (int i = 19; i >= 0; --i) {
      auto hand = co_await party(2, "uuid" + std::to_string(i));
      seconds.push_front(std::move(hand));
    }
    auto third = co_await party(3, "uuid0");
    co_await third.write("disturbing");
    for (int i = 0; i < 20; ++i)
      co_await firsts[static_cast<std::size_t>(i)].write("pair" + std::to_string(100 + i));
    for (int i = 0; i < 20; ++i) {
      auto heard = co_await seconds[static_cast<std::size_t>(i)].bytes(7);
      EXPECT_EQ(heard, "pair" + std::to_string(100 + i));
    }
  };
  with_server(scenario);
}

TEST_F(RelayShellTest, DeliversWhatWasReceivedBeforeTheEnd) {
  const auto scenario = [this]() -> awaitable<void> {
    auto first = co_await party(1, "x");
    auto second = co_await party(2, "x");
    co_await first.write(std::string(150'000, 'x'));
    first.stream().close();
    auto heard = co_await second.bytes(200'000);
    EXPECT_EQ(heard.size(), 150'000u);
    EXPECT_EQ(second.error(), boost::asio::error::eof);
  };
  with_server(scenario);
}

TEST_F(RelayShellTest, TheOtherSideIsClosedSoon) {
  const auto scenario = [this]() -> awaitable<void> {
    auto first = co_await party(1, "x");
    auto second = co_await party(2, "x");
    first.stream()->shutdown_send();
    const auto begin = sim.now();
    bool ended = co_await second.ended();
    EXPECT_TRUE(ended);
    co_await second.write("last words");
    auto heard = co_await first.bytes(10);
    EXPECT_EQ(heard, "last words");
    ended = co_await first.ended();
    EXPECT_TRUE(ended) << "although the second has not closed";
    EXPECT_LT(sim.now() - begin, 3s);
  };
  with_server(scenario);
}

TEST_F(RelayShellTest, SilenceEndsASessionTrafficOnOneSideKeepsIt) {
  const auto scenario = [this]() -> awaitable<void> {
    auto first = co_await party(1, "x");
    auto second = co_await party(2, "x");
    for (int i = 0; i < 5; ++i) {
      co_await net::sleep_until(sim, sim.now() + 20s);
      co_await first.write("x");
      auto heard = co_await second.bytes(1);
      EXPECT_EQ(heard, "x");
    }
    const auto begin = sim.now();
    const bool ended = co_await first.ended(60s);
    EXPECT_TRUE(ended);
    EXPECT_GT(sim.now() - begin, 30s);
    EXPECT_LT(sim.now() - begin, 34s);
  };
  with_server(scenario);
}

TEST_F(RelayShellTest, NobodyWaitsForEver) {
  const auto scenario = [this]() -> awaitable<void> {
    const auto begin = sim.now();
    auto alone = co_await party(1, "alone");
    auto gone = co_await party(2, "gone");
    gone.stream().close();
    auto partner = co_await party(3, "gone");
    bool ended = co_await partner.ended();
    EXPECT_TRUE(ended);
    EXPECT_LT(sim.now() - begin, 1s);
    ended = co_await alone.ended(40s);
    EXPECT_TRUE(ended);
    EXPECT_NEAR(static_cast<double>((sim.now() - begin) / 1ms), 30000, 20);
  };
  with_server(scenario);
}

TEST_F(RelayShellTest, ASlowReaderSlowsTheWriterAndLosesNothing) {
  const auto scenario = [this]() -> awaitable<void> {
    auto first = co_await party(1, "x");
    auto second = co_await party(2, "x");
    // Two windows and one buffer are all that may be under way.
    const std::string much(1 << 20, 'x');
    const auto deadline = net::in(sim, 1s);
    auto written = co_await net::write_all(first.stream(), much, deadline);
    EXPECT_EQ(written.error(), boost::asio::error::timed_out);
    auto heard = co_await second.bytes(100'000);
    EXPECT_EQ(heard.size(), 100'000u);
  };
  with_server(scenario);
}

TEST_F(RelayShellTest, RefusesByClosing) {
  options.relay_licence_key = "key";
  const auto scenario = [this]() -> awaitable<void> {
    const std::string other = wire::encode_frame(register_peer("x").SerializeAsString()).value();
    const std::string keyless = wire::encode_frame(request_relay("x").SerializeAsString()).value();
    const std::string too_long = wire::encode_header(16 * 1024 + 1).value();
    const std::string garbage = "\x08\xff\xff";
    for (const std::string& bytes : {other, keyless, too_long, garbage}) {
      auto hand = co_await connect(host(1), ports.relay);
      co_await hand.write(bytes);
      const bool ended = co_await hand.ended();
      EXPECT_TRUE(ended);
    }
  };
  with_server(scenario);
}

}  // namespace
}  // namespace deskcheck::server::testbed
