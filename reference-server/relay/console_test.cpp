#include "reference-server/relay/relay.hpp"

#include <gmock/gmock.h>

namespace deskcheck::server {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

class RelayConsoleTest : public ::testing::Test {
 protected:
  std::string say(std::string_view command) { return relay.command(command, sessions); }
  Options options;
  Relay relay{options};
  std::vector<RelayMeter::Usage> sessions;
};

TEST_F(RelayConsoleTest, Helps) {
  const auto help = say("h\n");
  EXPECT_EQ(std::count(help.begin(), help.end(), '\n'), 12);
  EXPECT_THAT(help, testing::StartsWith("blacklist-add(ba) <ip>\n"));
  EXPECT_THAT(help, testing::EndsWith("usage(u)\n"));
  for (const char* command : {"", "H", "rs", "help", "uu"}) EXPECT_EQ(say(command), "");
}

TEST_F(RelayConsoleTest, ShowsAndChangesLimits) {
  const struct {
    const char* command;
    const char* brief;
    const char* before;
    const char* change;
    const char* after;
  } kTable[] = {
      {"downgrade-threshold", "dt", "0.66\n", " 0.5", "0.5\n"},
      {"downgrade-start-check", "t", "1800s\n", " 60", "60s\n"},
      {"limit-speed", "ls", "32Mb/s\n", " 4", "4Mb/s\n"},
      {"total-bandwidth", "tb", "1024Mb/s\n", " 2.5", "2.5Mb/s\n"},
      {"single-bandwidth", "sb", "128Mb/s\n", " 1e2", "100Mb/s\n"},
  };
  for (const auto& row : kTable) {
    const std::string brief = row.brief;
    EXPECT_EQ(say(row.command), row.before);
    for (const char* wrong : {" 0", " -1", " x", " 1x", " nan", " inf", " 1e300"})
      EXPECT_EQ(say(brief + wrong), "");
    EXPECT_EQ(say(row.brief), row.before);
    EXPECT_EQ(say(row.command + std::string(row.change)), "");
    EXPECT_EQ(say(row.brief), row.after);
  }
  EXPECT_EQ(relay.settings().limits.total, 2.5);
  EXPECT_EQ(relay.settings().limits.downgrade_after, 60s);
}

TEST_F(RelayConsoleTest, KeepsLists) {
  for (const auto& [list, add, remove] :
       {std::tuple("b", "ba", "br"), std::tuple("B", "Ba", "Br"),
        std::tuple("blacklist", "blacklist-add", "blacklist-remove"),
        std::tuple("blocklist", "blocklist-add", "blocklist-remove")}) {
    const std::string show = list, plus = add, minus = remove;
    EXPECT_EQ(say(show), "");
    EXPECT_EQ(say(plus), "");
    EXPECT_EQ(say(plus + " 1.2.3.4"), "");
    EXPECT_EQ(say(plus + " ::ffff:1.2.3.5|::1|name"), "");
    EXPECT_EQ(say(show), "1.2.3.4\n1.2.3.5\n::1\nname\n");
    EXPECT_EQ(say(show + " 1.2.3.5"), "true\n");
    EXPECT_EQ(say(show + " 1.2.3.6"), "false\n");
    EXPECT_EQ(say(minus + " ::1|1.2.3.4"), "");
    EXPECT_EQ(say(show), "1.2.3.5\nname\n");
    EXPECT_EQ(say(minus + " all"), "");
    EXPECT_EQ(say(show), "");
  }
}

TEST_F(RelayConsoleTest, ShowsUsage) {
  const auto at = [](const char* address) { return net::endpoint(address, 5); };
  EXPECT_EQ(say("u"), "");
  sessions = {{at("1.2.3.4"), 2500ms, 8.0 * 1024 * 1024, 5, 4, 3},
              {at("1.2.3.5"), 999ms, 8e9, 5, 4, 3},
              {at("1.2.3.6"), 61s, 16.0 * 1024 * 1024, 50, 40, 30}};
  EXPECT_EQ(say("usage"),
            "1.2.3.6:5: 61s 2.00MB 50kb/s 40kb/s 30kb/s\n"
            "1.2.3.4:5: 2s 1.00MB 5kb/s 4kb/s 3kb/s\n");
}

TEST(RelayMeter, MeasuresWholeSeconds) {
  net::Time now{};
  RelayMeter meter(net::endpoint("1.2.3.4", 5), now);
  meter.add(1000, now);
  meter.add(1000, now + 500ms);
  EXPECT_EQ(meter.usage(now + 900ms).highest, 0);
  EXPECT_EQ(meter.usage(now + 1s).current, 16);
  meter.add(500, now + 1500ms);
  const auto usage = meter.usage(now + 2s);
  EXPECT_EQ(usage.bits, 20'000);
  EXPECT_EQ(usage.current, 4);
  EXPECT_EQ(usage.highest, 16);
  EXPECT_EQ(usage.average, 10);
  EXPECT_EQ(meter.usage(now + 3s).current, 0);
}

TEST(AddressListFile, HoldsOneAddressPerLine) {
  EXPECT_THAT(parse_address_list("1.2.3.4\n\n ::1 our own\r\n1.2.3.5\tx\n1.2.3.6"),
              ElementsAre("1.2.3.4", "::1", "1.2.3.5", "1.2.3.6"));
  EXPECT_THAT(parse_address_list(""), testing::IsEmpty());
}

}  // namespace
}  // namespace deskcheck::server
