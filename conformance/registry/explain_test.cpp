#include "conformance/registry/explain.hpp"

#include "conformance/registry/registry.hpp"
#include "conformance/registry/table.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>

namespace deskcheck::conformance {
namespace {

using testing::HasSubstr;
using testing::Not;

Requirement example() {
  Requirement r;
  r.id = "RLY-PAIR-99";
  r.level = Level::should;
  r.area = "relay/pairing";
  r.capability = "relay.tcp";
  r.text =
      "Two connections that name the same uuid are paired, whatever else their requests contain, "
      "and both hear each other";
  r.evidence = "server:src/relay_server.rs:1-20; client:src/client.rs:7";
  r.oss = "yes";
  r.harm_class = "cannot-connect";
  r.harm = "The session ends with 'Connection closed' – a – after half a minute of silence";
  r.first_release = "1.2.4";
  r.server_versions = "1.1.15; older wait";
  r.effect = "creates-own-data";
  r.transports = "tcp,ws";
  r.testable = "non-loopback needs-two-addresses virtual-ok";
  r.basis = "history";
  r.full = true;
  r.guide = "docs/failures/relay.md#pairing";
  r.excluded_because = "WebSocket transport is not checked yet";
  return r;
}

TEST(Explain, TellsEverything) {
  EXPECT_EQ(explain(example()),
            R"(RLY-PAIR-99  SHOULD  relay/pairing

Two connections that name the same uuid are paired, whatever else their requests
contain, and both hear each other

Applies to  servers that claim the feature
If broken   cannot-connect: The session ends with 'Connection closed' – a –
            after half a minute of silence
Clients     every release from 1.2.4 on (from the history of the sources)
Evidence    server:src/relay_server.rs:1-20; client:src/client.rs:7
OSS server  follows it since 1.1.15; older wait
Capability  relay.tcp
Effect      creates-own-data
Transports  tcp,ws
Addresses   outside loopback, two different ones
Guide       docs/failures/relay.md#pairing

Excluded, because WebSocket transport is not checked yet.
)");
}

TEST(Explain, LeavesOutWhatIsNotKnown) {
  auto r = example();
  r.capability = r.oss = r.server_versions = r.effect = r.transports = r.testable = "";
  r.full = false;
  r.excluded_because.reset();
  const auto text = explain(r);
  for (const auto* label :
       {"Applies", "OSS", "Capability", "Effect", "Transports", "Addresses", "Excluded"}) {
    EXPECT_THAT(text, Not(HasSubstr(label)));
  }
}

TEST(Explain, ReleasesInWords) {
  auto r = example();
  const auto clients = [&](const std::string& first, const std::string& last) {
    r.first_release = first;
    r.last_release = last;
    return explain(r);
  };
  EXPECT_THAT(clients("", ""), HasSubstr("Clients     every release (from"));
  EXPECT_THAT(clients("", "1.2.2"), HasSubstr("every release up to 1.2.2 (from"));
  EXPECT_THAT(clients("1.3.8", "1.4.0"), HasSubstr("every release from 1.3.8 up to 1.4.0 (from"));
  EXPECT_THAT(clients("head", ""), HasSubstr("every release after 1.4.9 (from"));
}

TEST(Explain, OpenSourceServerInWords) {
  auto r = example();
  const auto server = [&](const std::string& oss, const std::string& versions) {
    r.oss = oss;
    r.server_versions = versions;
    return explain(r);
  };
  EXPECT_THAT(server("yes", ""), HasSubstr("OSS server  follows it, in every release\n"));
  EXPECT_THAT(server("yes", "-; by default"), HasSubstr("follows it, in every release; by def"));
  EXPECT_THAT(server("no", "never"), HasSubstr("does not follow it: never\n"));
  EXPECT_THAT(server("partial", "never; half"), HasSubstr("follows it in part: never; half\n"));
  EXPECT_THAT(server("n/a", "n/a"), Not(HasSubstr("OSS server")));
}

TEST(Explain, FitsATerminal) {
  const auto characters = [](std::string_view line) {
    return std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; });
  };
  const auto registry = Registry::built_in();
  for (const auto& requirement : registry.all()) {
    const auto text = explain(requirement);
    for (const auto line : split_lines(text)) {
      const auto first_word = line.find_first_not_of(' ');
      const bool single_word = first_word != line.npos && line.find(' ', first_word) == line.npos;
      EXPECT_TRUE(characters(line) <= 80 || single_word) << requirement.id << ": " << line;
      EXPECT_FALSE(line.ends_with(' ')) << requirement.id << ": " << line;
    }
  }
}

}  // namespace
}  // namespace deskcheck::conformance
