// The rendezvous server and the relay, broken in many ways: each is named.
#include "conformance/doctor/ailment.hpp"
#include "proto/net/stream.hpp"
#include "reference-server/faults/faults.hpp"

namespace deskcheck::doctor {
namespace {

namespace ip = boost::asio::ip;

constexpr auto kBroken = Status::broken;
constexpr auto kWarning = Status::warning;

std::string other_key() {
  net::Random random(99);
  return wire::to_text(wire::make_server_key_pair(random).public_key);
}

// TCP P and everything beside it is somewhere else.
std::function<void(Clinic&)> stands_at_p(Serve serve) {
  return [serve](Clinic& clinic) {
    clinic.names[kName] = {kFront};
    clinic.at(kFront, 21116, serve);
  };
}
std::function<void(Clinic&)> stands_at_nat_port(Serve serve) {
  return [serve](Clinic& clinic) {
    clinic.patient.profile.nat_port = 31115;
    clinic.at(kServer, 31115, serve);
  };
}
std::function<void(Clinic&)> stands_at_relay(Serve serve) {
  return [serve](Clinic& clinic) {
    clinic.options.relay_servers = {std::string(kFront) + ":21117"};
    clinic.at(kFront, 21117, serve);
  };
}
std::function<void(Clinic&)> with_fault(const char* id) {
  return [id](Clinic& clinic) {
    const auto* fault = server::find_fault(id);
    ASSERT_NE(fault, nullptr) << id;
    clinic.options.faults = fault->plan;
  };
}
std::function<void(Clinic&)> names_relay(const char* relay) {
  return [relay](Clinic& clinic) { clinic.options.relay_servers = {relay}; };
}

Serve tls_service() {
  net::CertificateWish wish;
  wish.hosts = {kName};
  return over_tls(net::make_certificate(wish), says(""));
}
Serve web_page() { return answers(http_answer(400, "text/html", "<h1>Bad Request</h1>")); }

void serve_ipv6_only(Clinic& clinic) {
  clinic.options.bind = ip::make_address("2001:db8::1");
  clinic.names[kName] = {"2001:db8::1"};
  clinic.patient.home = ip::make_address("2001:db8::9");
}

const Ailment kServers[] = {
    {"NameUnknown", [](Clinic& c) { c.names.erase(kName); }, Step::name, kBroken, "misspelt"},
    {"NameIsIpv6Only", serve_ipv6_only, Step::name, kWarning, "add an A record"},
    {"Ipv6AddressIsSilent", [](Clinic& c) { c.names[kName].emplace_back("2001:db8::77"); },
     Step::ipv6, kWarning, "AAAA record"},
    {"Ipv6PortIsClosed",
     [](Clinic& c) {
       c.sim.add_host(ip::make_address("2001:db8::77"));
       c.names[kName].emplace_back("2001:db8::77");
     },
     Step::ipv6, kWarning, "AAAA record"},
    {"HostIsDown",
     [](Clinic& c) {
       c.server_runs = false;
       c.names[kName] = {"203.0.113.77"};
     },
     Step::tcp, kBroken, "firewall"},
    {"ServerIsNotRunning",
     [](Clinic& c) {
       c.server_runs = false;
       c.sim.add_host(ip::make_address(kServer));
     },
     Step::tcp, kBroken, "nothing listens"},
    {"WrongPort", [](Clinic& c) { c.patient.profile.rendezvous_port = 31116; }, Step::tcp, kBroken,
     "right port"},
    {"TlsAtP", stands_at_p(tls_service()), Step::tcp, kBroken, "speaks TLS"},
    {"WebServerAtP", stands_at_p(web_page()), Step::tcp, kBroken, "is a web server"},
    {"SshAtP", stands_at_p(says("SSH-2.0-OpenSSH_9.2\r\n")), Step::tcp, kBroken, "SSH-2.0-OpenSSH"},
    {"SilenceAtP", stands_at_p(says("")), Step::tcp, kBroken, "does not answer"},
    {"UdpBlocked", [](Clinic& c) { c.lose_datagrams(); }, Step::udp, kBroken, "/udp"},
    {"NatPortClosed", [](Clinic& c) { c.patient.profile.nat_port = 31115; }, Step::nat_test,
     kBroken, "31115"},
    {"TlsAtNatPort", stands_at_nat_port(tls_service()), Step::nat_test, kBroken, "speaks TLS"},
    {"WebServerAtNatPort", stands_at_nat_port(web_page()), Step::nat_test, kBroken,
     "is a web server"},
    {"SilenceAtNatPort", stands_at_nat_port(says("")), Step::nat_test, kBroken, "does not answer"},
    {"KeyOfAnotherServer",
     [](Clinic& c) {
       c.patient.key = other_key();
       c.patient.profile.key = wire::parse_public_key(c.patient.key).value();
     },
     Step::key, kBroken, "LICENSE_MISMATCH"},
    {"KeyNotGiven", [](Clinic& c) { c.patient.key.clear(); }, Step::key, kBroken, "none was given"},
    {"QuestionsAreNotAnswered", with_fault("wire/punch_hole_response/silence"), Step::key, kBroken,
     "not answered"},
    {"KeyOfAnotherServerAndNoCheck",
     [](Clinic& c) {
       c.options.licence_key = c.options.relay_licence_key = "";
       c.patient.key = other_key();
     },
     Step::signature, kBroken, "signs with another key"},
    {"ServerHasNoKeyPair",
     [](Clinic& c) {
       c.options.licence_key = c.options.relay_licence_key = "";
       c.options.identity.reset();
     },
     Step::signature, kWarning, "not encrypted"},
    {"RegistrationIsNotAnswered", with_fault("wire/register_pk_response/silence"),
     Step::registration, kBroken, "RegisterPk is not answered"},
    {"DevicesMustBeDeployed", [](Clinic& c) { c.options.deploy_mode = true; }, Step::registration,
     kWarning, "NOT_DEPLOYED"},
    {"TooManyRegistrations", [](Clinic& c) { c.options.limits.registrations_per_address = 0; },
     Step::registration, kWarning, "TOO_FREQUENT"},
    {"OnlineQueryIsNotAnswered", with_fault("wire/online_response/silence"), Step::online, kBroken,
     "P-1"},
    {"DeviceIsCalledOffline", with_fault("wire/online_response.states/drop"), Step::online, kBroken,
     "offline"},
    {"PushesAreLost", with_fault("wire/fetch_local_addr/silence"), Step::punch, kBroken,
     "hears nothing"},
    {"LoginIsRequired", [](Clinic& c) { c.options.require_login = true; }, Step::punch, kWarning,
     "signed in"},
};
INSTANTIATE_TEST_SUITE_P(Servers, Names, testing::ValuesIn(kServers), name_of);

const Ailment kRelays[] = {
    {"RelayIsDown", names_relay("203.0.113.77:21117"), Step::relay, kBroken, "firewall"},
    {"RelayPortIsClosed", names_relay("203.0.113.2:21117"), Step::relay, kBroken,
     "nothing listens"},
    {"RelayNameIsUnknown", names_relay("relay.example.com"), Step::relay, kBroken, "-r"},
    {"RelayHasInnerAddress", names_relay("192.168.1.5"), Step::relay, kBroken,
     "clients outside cannot reach"},
    {"RelayIsLoopback", names_relay("127.0.0.1:21117"), Step::relay, kBroken,
     "clients outside cannot reach"},
    {"TlsAtRelay", stands_at_relay(tls_service()), Step::relay, kBroken, "speaks TLS"},
    {"WebServerAtRelay", stands_at_relay(web_page()), Step::relay, kBroken, "is a web server"},
    {"SilenceAtRelay", stands_at_relay(says("")), Step::pairing, kBroken, "do not hear each other"},
    {"RelayHasAnotherKey", [](Clinic& c) { c.options.relay_licence_key = other_key(); },
     Step::relay_key, kBroken, "another key than hbbs"},
    {"RelayWantsKeyAndServerNone",
     [](Clinic& c) {
       c.options.licence_key = "";
       c.patient.key = "";
       c.patient.profile.key.reset();
     },
     Step::relay_key, kBroken, "without a key"},
    {"RelayJoinsNobody", with_fault("relay-joins-nobody"), Step::pairing, kBroken,
     "do not hear each other"},
    {"RelayTalks", with_fault("relay-talks"), Step::pairing, kBroken, "changed"},
};
INSTANTIATE_TEST_SUITE_P(Relays, Names, testing::ValuesIn(kRelays), name_of);

TEST_P(Names, TheFirstBrokenStep) { expect_the_step(GetParam()); }

TEST(Doctor, FindsNothingAtAHealthyServer) {
  Clinic clinic;
  clinic.patient.account = {"ann", "correct horse"};
  const auto diagnosis = clinic.examine();
  for (const auto& finding : diagnosis.findings)
    EXPECT_TRUE(finding.status == Status::ok || finding.status == Status::skipped)
        << to_string(finding.step) << ": " << finding.what;
  EXPECT_EQ(diagnosis.first(), nullptr);
  for (const auto step :
       {Step::name, Step::tcp, Step::udp, Step::nat_test, Step::key, Step::registration,
        Step::online, Step::punch, Step::signature, Step::relay, Step::relay_key, Step::pairing,
        Step::websocket, Step::relay_websocket, Step::api, Step::tunnel, Step::login})
    EXPECT_EQ(to_string(diagnosis.at(step).status), "ok") << diagnosis.at(step).what;
  EXPECT_LT(diagnosis.took, 5s);
  EXPECT_EQ(diagnosis.device_id, clinic.patient.identity.id);
}

// A server on the other side of the world, too.
TEST(Doctor, IsQuickAtAHealthyServerFarAway) {
  Clinic clinic;
  clinic.sim.default_link().latency = 75ms;
  const auto diagnosis = clinic.examine();
  EXPECT_EQ(diagnosis.first(), nullptr);
  EXPECT_LT(diagnosis.took, 5s);
}

TEST(Doctor, FindsNothingAtAnOpenSourceServer) {
  Clinic clinic;
  clinic.options.profile = server::Profile::oss;
  clinic.options.api = false;
  clinic.options.secure_channel = false;
  const auto diagnosis = clinic.examine();
  EXPECT_EQ(diagnosis.first(), nullptr) << diagnosis.first()->what;
  EXPECT_EQ(diagnosis.at(Step::api).status, Status::skipped);
}

// As an open-source relay speaks to whoever comes from its own host.
net::awaitable<void> be_a_console(net::World world, net::ByteStream stream) {
  const auto bytes = co_await net::read_some(stream, 1024, net::in(world.clock, 1s));
  if (!bytes || *bytes != "h") co_return;
  std::string help = "blacklist-add(ba) <ip>\n";
  (void)co_await net::write_all(stream, std::move(help), net::in(world.clock, 1s));
}

TEST(Doctor, DoesNotCallARelayBrokenThatTakesItForItsOperator) {
  Clinic clinic;
  clinic.options.bind = boost::asio::ip::make_address("127.0.0.1");
  clinic.options.relay_servers = {"127.0.0.1:31117"};
  clinic.names[kName] = {"127.0.0.1"};
  clinic.at("127.0.0.1", 31117, be_a_console);
  const auto diagnosis = clinic.examine();
  EXPECT_EQ(to_string(diagnosis.at(Step::relay).status), "ok") << diagnosis.at(Step::relay).what;
  for (const auto step : {Step::relay_key, Step::pairing}) {
    EXPECT_EQ(to_string(diagnosis.at(step).status), "skipped") << diagnosis.at(step).what;
    EXPECT_THAT(diagnosis.at(step).what, testing::HasSubstr("operator"));
  }
}

TEST(Doctor, HasOneIdentityForOneSeed) {
  const auto one = identity_of("a"), same = identity_of("a"), other = identity_of("b");
  EXPECT_EQ(one.id, same.id);
  EXPECT_EQ(one.uuid, same.uuid);
  EXPECT_EQ(one.keys.public_key, same.keys.public_key);
  EXPECT_NE(one.id, other.id);
  EXPECT_TRUE(one.id.starts_with("dcdoctor"));
  EXPECT_LE(one.id.size(), 16U);
}

}  // namespace
}  // namespace deskcheck::doctor
