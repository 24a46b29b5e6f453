// The probe at servers that are as they should be, and at what is no server at all.
#include "conformance/probe/probe.hpp"

#include "conformance/doctor/clinic.hpp"
#include "conformance/probe/render.hpp"
#include "conformance/probe/routes.hpp"
#include "conformance/probe/target_yaml.hpp"
#include "conformance/target/capabilities.hpp"
#include "proto/net/stream.hpp"

#include <gmock/gmock.h>
#include <boost/json.hpp>

namespace deskcheck::probe {
namespace {

using namespace std::chrono_literals;
using doctor::Clinic;
using doctor::kFront;
using doctor::kServer;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const conformance::Registry& registry() {
  static const auto all = conformance::Registry::built_in();
  return all;
}

Findings probe(Clinic& clinic) {
  Findings findings;
  clinic.patient.identity = doctor::identity_of("the tests", kIdPrefix);
  clinic.during([&](net::World world) -> net::awaitable<void> {
    Subject copy = clinic.patient;
    findings = co_await examine(std::move(world), std::move(copy), registry());
  });
  return findings;
}

std::string told(const Findings& findings, const std::string& capability) {
  const auto& finding = findings.capabilities.at(capability);
  return std::string(to_string(finding.answer)) + (finding.sure ? ", sure: " : ", unsure: ") +
         finding.why;
}

std::vector<std::string> all_that_are(const Findings& findings, Answer answer) {
  std::vector<std::string> names;
  for (const auto& [name, finding] : findings.capabilities)
    if (finding.answer == answer) names.push_back(name);
  return names;
}

TEST(Probe, AnswersForEveryCapabilityOfTheRegistry) {
  Clinic clinic;
  const auto findings = probe(clinic);
  for (const auto& name : conformance::capabilities_matching(registry(), "*")) {
    ASSERT_TRUE(findings.capabilities.contains(name)) << name;
    EXPECT_THAT(findings.capabilities.at(name).why, AllOf(Not(""), Not(HasSubstr("\n")))) << name;
    EXPECT_NE(findings.capabilities.at(name).why, "no question was found that shows it") << name;
  }
  EXPECT_EQ(findings.capabilities.size(),
            conformance::capabilities_matching(registry(), "*").size());
}

TEST(Probe, KnowsEveryRouteByANameOfTheRegistry) {
  for (const auto& route : routes())
    EXPECT_EQ(conformance::capabilities_matching(registry(), route.capability).size(), 1u)
        << route.capability;
}

TEST(Probe, FindsAllOfAServerThatHasAll) {
  Clinic clinic;
  clinic.options.sign_plugins = true;
  clinic.patient.account = {"ann", "correct horse"};
  const auto findings = probe(clinic);
  EXPECT_THAT(all_that_are(findings, Answer::absent), testing::IsEmpty());
  EXPECT_THAT(all_that_are(findings, Answer::unknown),
              testing::UnorderedElementsAre("admin.console", "api.download.get",
                                            "api.download.head", "client", "rendezvous.rate-limits",
                                            "rendezvous.session-control", "relay.limits"))
      << as_text(findings);
  EXPECT_EQ(findings.signs_with_key, true);
  EXPECT_EQ(findings.asks_for_key, true);
  EXPECT_EQ(findings.relay_asks_for_key, true);
  EXPECT_EQ(findings.device_id.substr(0, 7), "dcprobe");
  EXPECT_EQ(findings.api, "http://rd.example.com:21114");
  EXPECT_FALSE(findings.key_refused);
  EXPECT_FALSE(findings.unreachable);
}

std::string told_of_download(const std::string& path, const char* capability) {
  Clinic clinic;
  clinic.options.downloads = {{"client.exe", std::string("MZ\0\1", 4)}};
  clinic.patient.profile.download = path;
  return told(probe(clinic), capability);
}

TEST(Probe, FetchesTheFileThatEverybodyMayGet) {
  EXPECT_THAT(told_of_download("/downloads/client.exe", "api.download.head"),
              "present, sure: HEAD /downloads/client.exe answered 200");
  EXPECT_THAT(told_of_download("/downloads/client.exe", "api.download.get"),
              "present, sure: GET /downloads/client.exe answered 4 bytes with 200");
  for (const auto* capability : {"api.download.head", "api.download.get"}) {
    EXPECT_THAT(told_of_download("/downloads/another.exe", capability),
                AllOf(HasSubstr("absent, sure"), HasSubstr("404")));
    // That one wants a login, and clients have none for it.
    EXPECT_THAT(told_of_download("/api/users", capability), HasSubstr("absent, sure"));
    EXPECT_THAT(told_of_download("", capability),
                AllOf(HasSubstr("unknown"), HasSubstr("--download")));
  }
}

TEST(Probe, FetchesNoLargeFile) {
  Clinic clinic;
  clinic.at(kFront, 8114, [](net::World world, net::ByteStream stream) -> net::awaitable<void> {
    const auto heard = co_await net::read_some(stream, 4096, net::in(world.clock, 60s));
    if (!heard) co_return;
    auto answer = heard->starts_with("HEAD /client.exe ")
                      ? std::string("HTTP/1.1 200 OK\r\nContent-Length: 33554433\r\n\r\n")
                      : doctor::http_answer(404, "application/json", "{}");
    (void)co_await net::write_all(stream, std::move(answer), net::in(world.clock, 60s));
  });
  clinic.patient.profile.api = "http://front.example.com:8114";
  clinic.patient.profile.download = "/client.exe";
  EXPECT_THAT(told(probe(clinic), "api.download.get"),
              AllOf(HasSubstr("unknown"), HasSubstr("too large")));
}

TEST(Probe, TellsAnOpenSourceServer) {
  Clinic clinic;
  clinic.options.profile = server::Profile::oss;
  clinic.options.api = false;
  clinic.options.secure_channel = false;
  clinic.options.relay_licence_key.clear();
  const auto findings = probe(clinic);
  for (const char* name : {"rendezvous.udp", "rendezvous.tcp-signalling", "rendezvous.nat-test",
                           "rendezvous.online-query", "rendezvous.signed-keys",
                           "rendezvous.websocket", "relay.tcp", "relay.websocket", "framing"})
    EXPECT_THAT(told(findings, name), HasSubstr("present, sure")) << as_text(findings);
  for (const char* name :
       {"rendezvous.secure-tcp", "rendezvous.tcp-registration", "rendezvous.ws-registration",
        "rendezvous.id-change", "rendezvous.udp-punch", "rendezvous.ipv6-punch"})
    EXPECT_THAT(told(findings, name), HasSubstr("absent, sure"));
  EXPECT_THAT(told(findings, "rendezvous.http-tunnel"), HasSubstr("absent"));
  EXPECT_THAT(told(findings, "api.general"), HasSubstr("none at http://rd.example.com:21114"));
  EXPECT_THAT(as_text(findings), HasSubstr("absent, unsure   api.*  "));
  EXPECT_EQ(findings.api, "");
  EXPECT_EQ(findings.relay_asks_for_key, false);
}

TEST(Probe, MindsTheConsolesOfAServerOnItsOwnHost) {
  Clinic clinic;
  clinic.options.profile = server::Profile::oss;
  clinic.options.consoles = server::Consoles::all_of_loopback;
  clinic.options.bind = clinic.patient.home = boost::asio::ip::address_v4::loopback();
  clinic.patient.profile.host = "127.0.0.1";
  const auto findings = probe(clinic);
  EXPECT_THAT(told(findings, "admin.console"), HasSubstr("present, sure")) << as_text(findings);
  EXPECT_THAT(told(findings, "rendezvous.nat-test"), HasSubstr("present, unsure"));
  for (const char* name : {"rendezvous.online-query", "relay.tcp"})
    EXPECT_THAT(told(findings, name), AllOf(HasSubstr("unknown"), HasSubstr("from elsewhere")));
  EXPECT_THAT(told(findings, "relay.websocket"), HasSubstr("present, sure"));
}

TEST(Probe, TellsAServerThatSignsNothing) {
  Clinic clinic;
  clinic.options.identity.reset();
  clinic.options.licence_key.clear();
  clinic.patient.profile.key.reset();
  clinic.patient.key.clear();
  const auto findings = probe(clinic);
  EXPECT_THAT(told(findings, "rendezvous.signed-keys"), HasSubstr("absent, sure"));
  EXPECT_EQ(findings.asks_for_key, false);
}

TEST(Probe, DoesNotClaimWhatItCannotCheckWithoutTheKey) {
  Clinic clinic;
  clinic.options.licence_key.clear();
  clinic.patient.profile.key.reset();
  clinic.patient.key.clear();
  const auto findings = probe(clinic);
  for (const char* name : {"rendezvous.signed-keys", "rendezvous.secure-tcp",
                           "rendezvous.tcp-registration", "rendezvous.http-tunnel"})
    EXPECT_THAT(told(findings, name), AllOf(HasSubstr("unknown"), HasSubstr("--key")));
}

TEST(Probe, SaysThatTheKeyIsRefused) {
  Clinic clinic;
  clinic.patient.key = "another";
  EXPECT_TRUE(probe(clinic).key_refused);
}

TEST(Probe, FollowsTheRelayThatTheServerNames) {
  Clinic clinic;
  clinic.options.relay_servers = {std::string(kFront) + ":9999"};
  const auto findings = probe(clinic);
  EXPECT_EQ(findings.relay_host, kFront);
  EXPECT_EQ(findings.relay_port, 9999);
  EXPECT_THAT(told(findings, "relay.tcp"), HasSubstr("absent, sure"));
}

// The API is somewhere else, and is this.
Findings with_api(doctor::Serve serve) {
  Clinic clinic;
  clinic.at(kFront, 8114, std::move(serve));
  clinic.patient.profile.api = "http://front.example.com:8114";
  clinic.patient.account = {"ann", "correct horse"};
  return probe(clinic);
}

void expect_no_api(const Findings& findings, Answer answer, const char* why) {
  EXPECT_EQ(findings.api, "");
  for (const auto& [name, finding] : findings.capabilities) {
    if (!name.starts_with("api.") || name == "api.general" || name.starts_with("api.download") ||
        name == "api.auth.user-payload" || name == "api.probe.login-options")
      continue;
    EXPECT_EQ(to_string(finding.answer), to_string(answer)) << name << ": " << finding.why;
    EXPECT_THAT(finding.why, HasSubstr(why)) << name;
  }
  EXPECT_NE(to_string(findings.capabilities.at("api.general").answer), "present");
}

TEST(ProbeOfNoApi, IsNotTakenInByAPage) {
  const auto page = doctor::http_answer(200, "text/html", "<html>Welcome</html>");
  expect_no_api(with_api(doctor::answers(page)), Answer::absent, "a web page with 200");
}

TEST(ProbeOfNoApi, IsNotTakenInByWhatIsNotThere) {
  const auto missing = doctor::http_answer(404, "application/json", R"({"error":"Not found"})");
  expect_no_api(with_api(doctor::answers(missing)), Answer::absent, "with 404");
  const auto method = doctor::http_answer(405, "text/plain", "");
  expect_no_api(with_api(doctor::answers(method)), Answer::absent, "405");
}

TEST(ProbeOfNoApi, IsNotTakenInByARedirect) {
  const auto moved = doctor::http_answer(301, "text/plain", "moved", "Location: https://a/\r\n");
  expect_no_api(with_api(doctor::answers(moved)), Answer::absent, "with 301");
}

TEST(ProbeOfNoApi, DoesNotTrustWhoeverSaysTheSameToEverything) {
  const auto login = doctor::http_answer(401, "application/json", R"({"error":"Log in"})");
  expect_no_api(with_api(doctor::answers(login)), Answer::unknown, "like a route that nobody has");
  const auto echo = [](net::World world, net::ByteStream stream) -> net::awaitable<void> {
    const auto heard = co_await net::read_some(stream, 4096, net::in(world.clock, 30s));
    if (!heard) co_return;
    const auto begin = heard->find(' ') + 1;
    const auto path = heard->substr(begin, heard->find_first_of(" ?", begin) - begin);
    auto answer = doctor::http_answer(200, "application/json", "{\"asked\":\"" + path + "\"}");
    (void)co_await net::write_all(stream, std::move(answer), net::in(world.clock, 30s));
  };
  expect_no_api(with_api(echo), Answer::unknown, "like a route that nobody has");
  const auto anything = doctor::http_answer(200, "application/json", "{}");
  expect_no_api(with_api(doctor::answers(anything)), Answer::unknown,
                "like a route that nobody has");
}

// A server that says in its answer what it was asked, from the first line on.
doctor::Serve echoes(int status) {
  return [status](net::World world, net::ByteStream stream) -> net::awaitable<void> {
    const auto heard = co_await net::read_some(stream, 4096, net::in(world.clock, 30s));
    if (!heard) co_return;
    const auto head = heard->find("\r\n\r\n");
    const auto body = boost::json::serialize(boost::json::string(heard->substr(head + 4)));
    auto answer = doctor::http_answer(status, "application/json", "{\"error\":" + body + "}");
    (void)co_await net::write_all(stream, std::move(answer), net::in(world.clock, 30s));
  };
}

TEST(ProbeOfNoApi, DoesNotTellThePassword) {
  for (const int status : {200, 400, 500}) {
    const auto findings = with_api(echoes(status));
    EXPECT_THAT(as_text(findings) + as_json(findings), Not(HasSubstr("correct horse")));
  }
}

// Books whose guid stands elsewhere in a path, too.
TEST(Probe, NamesTheRouteThatItAsked) {
  const auto serve = [](net::World world, net::ByteStream stream) -> net::awaitable<void> {
    const auto heard = co_await net::read_some(stream, 4096, net::in(world.clock, 30s));
    if (!heard) co_return;
    const bool nothing = heard->find("deskcheck-asks") != std::string::npos;
    auto answer = doctor::http_answer(nothing ? 404 : 200, "application/json",
                                      R"({"access_token":"token-1","guid":"ab"})");
    (void)co_await net::write_all(stream, std::move(answer), net::in(world.clock, 30s));
  };
  const auto findings = with_api(serve);
  EXPECT_THAT(told(findings, "api.ab.settings"), HasSubstr("POST /api/ab/settings answered"));
  EXPECT_THAT(told(findings, "api.ab.tags"), HasSubstr("POST /api/ab/tags/{guid} answered"));
  EXPECT_THAT(told(findings, "api.ab.legacy.get"), HasSubstr("GET /api/ab answered"));
}

TEST(ProbeOfNoApi, LearnsNothingFromErrors) {
  const auto error = doctor::http_answer(502, "text/html", "<h1>Bad Gateway</h1>");
  expect_no_api(with_api(doctor::answers(error)), Answer::unknown, "says nothing about the route");
}

TEST(ProbeOfNoApi, LearnsNothingFromSilenceAndGarbage) {
  expect_no_api(with_api(doctor::says("")), Answer::unknown, "does not answer");
  expect_no_api(with_api(doctor::says(std::string("\0\xff\x16\x03 what", 9))), Answer::unknown,
                "does not answer");
}

TEST(ProbeOfNoApi, DoesNotWaitForWhoeverHasStoppedAnswering) {
  const auto left = std::make_shared<int>(3);
  const auto serve = [left](net::World world, net::ByteStream stream) -> net::awaitable<void> {
    const bool answers = --*left >= 0;
    const auto answer = doctor::http_answer(404, "application/json", "{}");
    const auto serving = answers ? doctor::answers(answer) : doctor::says("");
    co_await serving(std::move(world), std::move(stream));
  };
  const auto findings = with_api(serve);
  EXPECT_LT(findings.took, 1min);
  EXPECT_THAT(told(findings, "api.switch.grant"),
              HasSubstr("unknown, unsure: the API has stopped"));
  EXPECT_THAT(told(findings, "api.auth.current-user"), HasSubstr("absent, unsure"));
}

TEST(ProbeOfNoServer, SaysThatNobodyIsThere) {
  Clinic clinic;
  clinic.server_runs = false;
  const auto findings = probe(clinic);
  EXPECT_TRUE(findings.unreachable);
  EXPECT_THAT(all_that_are(findings, Answer::present), testing::IsEmpty());
  EXPECT_EQ(findings.device_id, "");
}

TEST(ProbeOfNoServer, SaysThatPortsAreClosed) {
  Clinic clinic;
  clinic.server_runs = false;
  clinic.sim.add_host(boost::asio::ip::make_address(kServer));
  const auto findings = probe(clinic);
  EXPECT_TRUE(findings.unreachable);
  EXPECT_THAT(all_that_are(findings, Answer::present), testing::IsEmpty());
  EXPECT_THAT(told(findings, "rendezvous.udp"), HasSubstr("absent, unsure"));
}

TEST(ProbeOfNoServer, SaysThatTheNameHasNoAddress) {
  Clinic clinic;
  clinic.patient.profile.host = "nowhere.example.com";
  const auto findings = probe(clinic);
  EXPECT_TRUE(findings.unreachable);
  EXPECT_THAT(findings.unreachable_why, HasSubstr("nowhere.example.com"));
}

// Somebody else at all ports.
Findings with_stranger(const doctor::Serve& serve) {
  Clinic clinic;
  clinic.server_runs = false;
  for (std::uint16_t port = 21114; port <= 21119; ++port) clinic.at(kServer, port, serve);
  return probe(clinic);
}

TEST(ProbeOfNoServer, IsNotTakenInByAStranger) {
  const std::string garbage("\xff\xfe\x00garbage\x00\x01\x02", 13);
  const auto page = doctor::http_answer(200, "text/html", "<html>Welcome</html>");
  for (const auto& serve :
       {doctor::says(""), doctor::says("SSH-2.0-OpenSSH_9.2\r\n"), doctor::says(garbage),
        doctor::answers(garbage), doctor::answers(page)}) {
    const auto findings = with_stranger(serve);
    EXPECT_THAT(all_that_are(findings, Answer::present), testing::IsEmpty()) << as_text(findings);
    // Silence says little.
    for (const auto& [name, finding] : findings.capabilities)
      if (name.starts_with("rendezvous.")) {
        EXPECT_FALSE(finding.sure) << name << finding.why;
      }
  }
}

TEST(ProbeOfNoServer, DoesNotTakeAllThatComesBackForARelay) {
  Clinic clinic;
  clinic.options.relay_servers = {std::string(kFront) + ":9117"};
  clinic.at(kFront, 9117, doctor::says(""));
  EXPECT_THAT(told(probe(clinic), "relay.tcp"), HasSubstr("absent, unsure"));
}

TEST(ProbeRender, IsOneObjectInOneLine) {
  Clinic clinic;
  const auto text = as_json(probe(clinic));
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  const auto all = boost::json::parse(text).as_object();
  EXPECT_EQ(all.at("capabilities").at("rendezvous.udp").at("answer"), "present");
  EXPECT_EQ(all.at("host"), "rd.example.com");
}

TEST(ProbeTarget, NamesNoRelayThatNoFileCanName) {
  for (const char* relay : {"203.0.113.2:0", "203.0.113.2:65535", "[2001:db8::1]:65534"}) {
    Clinic clinic;
    clinic.options.relay_servers = {relay};
    const auto findings = probe(clinic);
    EXPECT_EQ(findings.relay_port, std::nullopt) << relay;
    const auto text = target_yaml(clinic.patient, findings, {});
    EXPECT_TRUE(conformance::parse_target(text, "target.yaml", registry(), nullptr)) << text;
  }
  Clinic clinic;
  clinic.names["evil\x7f.example.com"] = {kFront};
  clinic.options.relay_servers = {"evil\x7f.example.com"};
  EXPECT_EQ(probe(clinic).relay_host, "");
}

TEST(ProbeTarget, IsReadAsItIsMeant) {
  Clinic clinic;
  clinic.patient.account = {"ann", "correct horse"};
  clinic.patient.profile.name = "it's \"mine\": a server";
  const auto findings = probe(clinic);
  FileFacts facts;
  facts.password_env = "ANN";
  const auto text = target_yaml(clinic.patient, findings, facts);
  const auto profile = conformance::parse_target(
      text, "target.yaml", registry(),
      [](const std::string& name) { return std::optional<std::string>(name + "'s password"); });
  ASSERT_TRUE(profile) << document::render(profile.error()) << text;
  EXPECT_EQ(profile->name, clinic.patient.profile.name);
  EXPECT_EQ(profile->key, clinic.patient.profile.key);
  EXPECT_EQ(profile->api, "http://rd.example.com:21114");
  EXPECT_EQ(profile->accounts.at("user").password, "ANN's password");
  EXPECT_EQ(profile->relay_licence_key, clinic.patient.key);
  const auto present = all_that_are(findings, Answer::present);
  EXPECT_THAT(profile->claimed, testing::ElementsAreArray(present));
  EXPECT_EQ(text.find("correct horse"), std::string::npos);
  EXPECT_THAT(text, HasSubstr("/api/ab/tags/{guid} answered a list with 200"));
}

// What was told to the probe, and is out of the ordinary.
TEST(ProbeTarget, SaysWhatTheNextRunHasToKnow) {
  Subject subject;
  subject.profile.host = "rd.example.com";
  subject.profile.relay_host = "relay.example.com";
  subject.profile.rendezvous_port = 30000;
  subject.profile.nat_port = 29999;
  subject.profile.relay_port = 40001;
  subject.profile.websocket_port = 443;
  subject.profile.relay_websocket_port = 444;
  subject.key = "open sesame";
  Findings findings;
  const auto read = [&] {
    const auto text = target_yaml(subject, findings, FileFacts());
    const auto profile =
        conformance::parse_target(text, "target.yaml", registry(),
                                  [](const std::string&) { return std::optional<std::string>(); });
    EXPECT_TRUE(profile) << text;
    return *profile;
  };
  auto profile = read();
  EXPECT_EQ(profile.relay_host, "relay.example.com");
  EXPECT_EQ(profile.relay_port, 40001);
  EXPECT_EQ(profile.websocket_port, 443);
  EXPECT_EQ(profile.relay_websocket_port, 444);
  EXPECT_EQ(profile.licence_key, "open sesame");
  // Clients are sent elsewhere.
  findings.relay_host = "other.example.com";
  findings.relay_port = 50000;
  profile = read();
  EXPECT_EQ(profile.relay_host, "other.example.com");
  EXPECT_EQ(profile.relay_port, 50000);
  EXPECT_EQ(profile.relay_websocket_port, std::nullopt);
}

}  // namespace
}  // namespace deskcheck::probe
