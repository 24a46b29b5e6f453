#include "reference-server/rendezvous/desk.hpp"

#include <gmock/gmock.h>

namespace deskcheck::server {
namespace {

using ::testing::StartsWith;

const auto kDevice = host(1, 5000);
const auto kController = host(2, 700);
const std::string kRequest = "punch_hole_request {id: '123456789'}";

Options with_relays() {
  Options options;
  options.relay_servers = {"r1", "r2:5"};
  return options;
}

TEST(RendezvousConsole, Helps) {
  Desk desk;
  const auto help = desk.command("h\n");
  EXPECT_THAT(help, StartsWith("relay-servers(rs) <separated by ,>\nreload-geo(rg)\n"));
  EXPECT_EQ(std::count(help.begin(), help.end(), '\n'), 7);
}

TEST(RendezvousConsole, KnowsNoOtherCommands) {
  Desk desk(with_relays());
  for (const char* command :
       {"", " ", "\r\n", "help", "H", "reload-geo", "rg", "quit", "rs2", "usage"})
    EXPECT_EQ(desk.command(command), "") << command;
}

TEST(RendezvousConsole, ShowsAndReplacesRelays) {
  Desk desk(with_relays());
  EXPECT_EQ(desk.command("rs"), "r1\nr2:5\n");
  EXPECT_EQ(desk.command(" relay-servers a,,b:6,c \r\n"), "");
  EXPECT_EQ(desk.command("relay-servers"), "a\nb:6\nc\n");
  EXPECT_EQ(desk.command("tg 1.2.3.4"), "\"a\"");
  EXPECT_EQ(desk.command("test-geo 1.2.3.4 ::1"), "\"b:6\"");
  for (const char* wrong : {"tg", "tg x", "tg 1.2.3.4 x"}) EXPECT_EQ(desk.command(wrong), "");
  desk.udp(kDevice, register_pk("123456789"));
  EXPECT_EQ(desk.tcp(1, kController, kRequest),
            "10.0.0.1:5000 <- punch_hole {socket_addr: 10.0.0.2:700, relay_server: \"c\"}");
  EXPECT_EQ(desk.command("rs ,"), "");
  EXPECT_EQ(desk.command("rs"), "");
  EXPECT_EQ(desk.command("tg 1.2.3.4"), "\"\"");
}

TEST(RendezvousConsole, SwitchesRelayAndNothingElse) {
  Desk desk(with_relays());
  EXPECT_EQ(desk.command("aur"), "ALWAYS_USE_RELAY: false\n");
  EXPECT_EQ(desk.command("always-use-relay Y"), "");
  EXPECT_EQ(desk.command("always-use-relay"), "ALWAYS_USE_RELAY: true\n");
  EXPECT_EQ(desk.command("rs"), "r1\nr2:5\n");
  desk.udp(kDevice, register_pk("123456789"));
  EXPECT_THAT(desk.tcp(1, kController, kRequest), testing::HasSubstr("nat_type: SYMMETRIC"));
  EXPECT_EQ(desk.command("aur N"), "");
  EXPECT_EQ(desk.command("aur"), "ALWAYS_USE_RELAY: false\n");
}

TEST(RendezvousConsole, AsTheOpenSourceServerDropsRelaysWithTheSwitch) {
  auto options = with_relays();
  options.profile = Profile::oss;
  Desk desk(options);
  desk.command("aur Y");
  EXPECT_EQ(desk.command("rs"), "");
}

TEST(RendezvousConsole, ShowsWhoRegisters) {
  Desk desk;
  EXPECT_EQ(desk.command("ib"), "0\n");
  desk.udp(host(3, 5), register_pk("device3"));
  desk.udp(kDevice, register_pk("device1"));
  desk.udp(kDevice, register_pk("device2"));
  desk.now += 5s;
  EXPECT_EQ(desk.command("ip-blocker"), "2\n10.0.0.1: 2/5s 2/5s\n10.0.0.3: 1/5s 1/5s\n");
  EXPECT_EQ(desk.command("ib 1"), "2\n10.0.0.3: 1/5s 1/5s\n");
  EXPECT_EQ(desk.command("ib 2"), "2\n");
  EXPECT_EQ(desk.command("ib 10.0.0.1"), "2\n2/5s 2/5s\n");
  EXPECT_EQ(desk.command("ib 10.0.0.9"), "2\n");
  EXPECT_EQ(desk.command("ib nonsense -"), "2\n");
  EXPECT_EQ(desk.command("ib 10.0.0.1 -"), "2\n2/5s 2/5s\n");
  EXPECT_EQ(desk.command("ib 10.0.0.1"), "1\n");
  desk.now += 25h;
  EXPECT_EQ(desk.command("ib"), "0\n");
}

TEST(RendezvousConsole, ShowsTenAtATime) {
  Desk desk;
  for (int i = 0; i < 15; ++i) desk.udp(host(i, 5), register_pk("device"));
  const auto page = desk.command("ib 3");
  EXPECT_THAT(page, StartsWith("15\n10.0.0.3: "));
  EXPECT_EQ(std::count(page.begin(), page.end(), '\n'), 11);
}

TEST(RendezvousConsole, ShowsWhoMoves) {
  Desk desk;
  for (int n : {1, 2, 3, 2}) {
    desk.udp(host(n, 5), register_pk("device"));
    desk.now += 7s;
  }
  desk.udp(host(1, 5), register_pk("another"));
  EXPECT_EQ(desk.command("ic"), "1\ndevice: 21s {\"10.0.0.2\": 2, \"10.0.0.3\": 1}\n");
  EXPECT_EQ(desk.command("ip-changes device"), "1\n21s {\"10.0.0.2\": 2, \"10.0.0.3\": 1}\n");
  EXPECT_EQ(desk.command("ic 10000001"), "1\n") << "an id";
  EXPECT_EQ(desk.command("ic 1"), "1\n");
  EXPECT_EQ(desk.command("ic device -"), "1\n21s {\"10.0.0.2\": 2, \"10.0.0.3\": 1}\n");
  EXPECT_EQ(desk.command("ic"), "0\n");
}

// What strangers call themselves neither moves the cursor nor makes lines of its own.
TEST(RendezvousConsole, ShowsIdsWithoutControlCharacters) {
  Desk desk;
  for (int n : {1, 2, 3}) desk.udp(host(n, 5), register_pk("dev\\033[2J\\n\\302\\233\\303\\251e"));
  EXPECT_THAT(desk.command("ic"), StartsWith("1\ndev?[2J??\303\251e: "));
}

TEST(RendezvousConsole, ShowsPunchRequests) {
  Desk desk;
  desk.udp(kDevice, register_pk("123456789"));
  desk.udp(host(3, 5000), register_pk("abcdefghi"));
  EXPECT_EQ(desk.command("pr"), "");
  desk.tcp(1, kController, kRequest);
  desk.tcp(1, kController, kRequest);
  desk.tcp(2, kController, "punch_hole_request {id: 'abcdefghi'}");
  desk.tcp(2, kController, "punch_hole_request {id: 'nobody'}");
  const std::string first = "1970-01-01T01:00:00Z 10.0.0.2 -> 123456789@10.0.0.1\n";
  const std::string second = "1970-01-01T01:00:00Z 10.0.0.2 -> abcdefghi@10.0.0.3\n";
  EXPECT_EQ(desk.command("pr"), first + second);
  EXPECT_EQ(desk.command("punch-requests 1"), second);
  EXPECT_EQ(desk.command("pr 0 1"), first);
  EXPECT_EQ(desk.command("pr x 0"), first + second);
  desk.options.calendar = [](net::Time t) {
    return std::chrono::sys_days(std::chrono::year(2026) / 1 / 2) +
           std::chrono::duration_cast<std::chrono::seconds>(t.time_since_epoch());
  };
  EXPECT_EQ(desk.command("pr 1"), "2026-01-02T01:00:00Z 10.0.0.2 -> abcdefghi@10.0.0.3\n");
  EXPECT_EQ(desk.command("pr -"), "");
  EXPECT_EQ(desk.command("pr"), "");
}

}  // namespace
}  // namespace deskcheck::server
