// What the data of this project must satisfy, beyond being parsable.
#include "conformance/registry/embedded.hpp"
#include "conformance/registry/issued_ids.hpp"
#include "conformance/registry/registry.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>
#include <string>

namespace deskcheck::conformance {
namespace {

using testing::AnyOf;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

bool is_http(const Requirement& r) { return r.id.starts_with("HTTP-"); }

// Each word of a list such as "tcp,ws" must match.
void expect_words(const Requirement& r, std::string_view list, char separator,
                  const testing::Matcher<std::string>& word) {
  for (std::size_t start = 0; start <= list.size();) {
    const auto end = std::min(list.find(separator, start), list.size());
    EXPECT_THAT(std::string(list.substr(start, end - start)), word) << r.id;
    start = end + 1;
  }
}

class BuiltIn : public testing::Test {
 protected:
  const Registry registry = Registry::built_in();
};

TEST_F(BuiltIn, HasEveryRequirement) {
  EXPECT_THAT(registry.all(), SizeIs(552));
  EXPECT_THAT(registry.matching("HTTP-*"), SizeIs(301));
}

TEST_F(BuiltIn, IdsAreUniqueAndWellFormed) {
  std::set<std::string> ids;
  for (const auto& r : registry.all()) {
    EXPECT_TRUE(ids.insert(r.id).second) << r.id;
    EXPECT_THAT(r.id, MatchesRegex("[A-Z0-9]+(-[A-Z0-9]+)*-[0-9][0-9]"));
  }
}

TEST_F(BuiltIn, IdsAreIssuedOnceAndForEver) {
  EXPECT_THAT(issued_id_problems(registry, embedded_issued_ids()), IsEmpty());
}

TEST_F(BuiltIn, EveryRowSaysWhatWhyAndWhatItCosts) {
  for (const auto& r : registry.all()) {
    EXPECT_THAT(r.area, Not(IsEmpty())) << r.id;
    EXPECT_THAT(r.text, Not(AnyOf(IsEmpty(), StartsWith("[")))) << r.id;
    EXPECT_THAT(r.evidence, MatchesRegex("(client|server|common)(@[^:]+)?:.+")) << r.id;
    EXPECT_THAT(r.harm, Not(IsEmpty())) << r.id;
    EXPECT_THAT(r.harm_class, AnyOf("cannot-connect", "offline", "slow-connect", "login-broken",
                                    "feature-broken", "wrong-display", "data-loss", "security",
                                    "denial-of-service", "needless-traffic", "none-visible"))
        << r.id;
    EXPECT_THAT(r.basis, AnyOf("history", "reading", "judgement")) << r.id;
  }
}

TEST_F(BuiltIn, ReleasesLookLikeReleases) {
  const auto release = MatchesRegex("|head|[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9])?");
  for (const auto& r : registry.all()) {
    EXPECT_THAT(r.first_release, release) << r.id;
    EXPECT_THAT(r.last_release, release) << r.id;
    EXPECT_THAT(r.server_versions,
                MatchesRegex("|(-|never|n/a|[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9])?)(; .+)?"))
        << r.id;
  }
}

TEST_F(BuiltIn, RendezvousRowsSayHowTheyAreChecked) {
  for (const auto& r : registry.all()) {
    EXPECT_THAT(r.capability, Not(IsEmpty())) << r.id;
    if (is_http(r)) {
      EXPECT_THAT(r.capability, AnyOf("api." + r.area, "rendezvous.http-tunnel")) << r.id;
      continue;
    }
    EXPECT_THAT(r.oss, AnyOf("yes", "no", "partial", "n/a")) << r.id;
    EXPECT_THAT(r.effect, AnyOf("read-only", "creates-own-data", "uses-limits", "load", "operator",
                                "restarts-server"))
        << r.id;
    expect_words(r, r.transports, ',', AnyOf("udp", "tcp", "ws"));
    expect_words(
        r, r.testable, ' ',
        AnyOf("any", "non-loopback", "loopback-only", "needs-two-addresses", "virtual-ok"));
  }
}

TEST_F(BuiltIn, MarksAreFlagsAndNotText) {
  EXPECT_TRUE(registry.find("SEC-KEX-01")->full);
  EXPECT_THAT(registry.find("SEC-KEX-01")->text, StartsWith("On TCP P the server sends"));
  for (const auto& r : registry.all()) {
    EXPECT_EQ(r.client, r.id.starts_with("CLI-")) << r.id;
  }
}

TEST_F(BuiltIn, ExclusionsHaveReasonsThatEndASentence) {
  for (const auto& r : registry.all()) {
    if (r.excluded_because) {
      EXPECT_THAT(*r.excluded_because, MatchesRegex("[A-Za-z].*[a-z]")) << r.id;
    }
  }
}

TEST_F(BuiltIn, GroupsWithCasesAreNotExcluded) {
  for (const auto* id :
       {"FRM-HDR-01",    "ADR-DEC-02",      "RDV-REGPEER-13", "RDV-REGPK-20", "PCH-FAIL-01",
        "PCH-FWD-06",    "PCH-LAN-01",      "PCH-SENT-01",    "PCH-PK-05",    "RLR-REQ-01",
        "RLR-BINI-05",   "RLY-KEY-03",      "RLY-PAIR-12",    "RLY-DATA-01",  "SEC-KEY-01",
        "CLI-REG-06",    "CLI-PCH-04",      "CLI-RLY-03",     "HTTP-GEN-01",  "HTTP-PROBE-01",
        "HTTP-LOGIN-01", "HTTP-CURUSER-01", "HTTP-LOGOUT-01", "HTTP-HB-01",   "HTTP-SYS-01",
        "HTTP-TUN-01"}) {
    const auto* requirement = registry.find(id);
    ASSERT_NE(requirement, nullptr) << id;
    EXPECT_EQ(requirement->excluded_because, std::nullopt) << id;
  }
}

}  // namespace
}  // namespace deskcheck::conformance
