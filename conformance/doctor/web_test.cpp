// WebSockets, proxies and the HTTP API, broken in many ways: each is named.
#include "conformance/doctor/ailment.hpp"
#include "reference-server/faults/faults.hpp"

namespace deskcheck::doctor {
namespace {

constexpr auto kBroken = Status::broken;
constexpr auto kWarning = Status::warning;
constexpr char kHtml[] = "<!DOCTYPE html><title>Welcome</title>";

using Make = std::function<void(Clinic&)>;

Serve page(int status = 200) { return answers(http_answer(status, "text/html", kHtml)); }

const net::Endpoint kWebSocket = net::endpoint(kServer, 21118);
const net::Endpoint kRelayWebSocket = net::endpoint(kServer, 21119);

Rules right_rules() {
  Rules rules;
  rules.to = {{"/ws/id", kWebSocket}, {"/ws/relay", kRelayWebSocket}};
  return rules;
}

// A proxy that differs from the right one.
Make with_proxy(const std::function<void(Rules&)>& change) {
  return [change](Clinic& clinic) {
    Rules rules = right_rules();
    change(rules);
    clinic.at(kFront, 80, proxies(rules));
    clinic.patient.proxy = "http://front.example.com";
  };
}
Make with_tls_proxy(bool believed, std::chrono::seconds until) {
  return [=](Clinic& clinic) {
    clinic.at(kFront, 443, over_tls(clinic.certificate(believed, until), proxies(right_rules())));
    clinic.patient.proxy = "https://front.example.com";
  };
}
Make with_proxy_at(const char* url, std::uint16_t port, bool tls) {
  return [=](Clinic& clinic) {
    auto serve = proxies(right_rules());
    clinic.at(kFront, port, tls ? over_tls(clinic.certificate(true), serve) : serve);
    clinic.patient.proxy = url;
  };
}

Make websocket_at(std::uint16_t port, Serve serve = nullptr) {
  return [=](Clinic& clinic) {
    clinic.patient.profile.websocket_port = port;
    if (serve) clinic.at(kServer, port, serve);
  };
}
Make relay_websocket_at(std::uint16_t port, Serve serve = nullptr) {
  return [=](Clinic& clinic) {
    clinic.patient.profile.relay_websocket_port = port;
    if (serve) clinic.at(kServer, port, serve);
  };
}
Serve tls_service() {
  net::CertificateWish wish;
  wish.hosts = {kName};
  return over_tls(net::make_certificate(wish), says(""));
}

const Ailment kWebSockets[] = {
    {"WebSocketPortClosed", websocket_at(31118), Step::websocket, kWarning, "not published"},
    {"WebPageAtWebSocketPort", websocket_at(31118, page()), Step::websocket, kWarning,
     "no WebSocket of a RustDesk server"},
    {"TlsAtWebSocketPort", websocket_at(31118, tls_service()), Step::websocket, kWarning,
     "speaks TLS"},
    {"RelayAtWebSocketPort", websocket_at(21119), Step::websocket, kWarning, "does not answer"},
    {"RelayWebSocketPortClosed", relay_websocket_at(31119), Step::relay_websocket, kWarning,
     "not published"},
    {"WebPageAtRelayWebSocketPort", relay_websocket_at(31119, page()), Step::relay_websocket,
     kWarning, "no WebSocket of a RustDesk server"},
    {"TlsAtRelayWebSocketPort", relay_websocket_at(31119, tls_service()), Step::relay_websocket,
     kWarning, "speaks TLS"},
    {"ServerAtRelayWebSocketPort", relay_websocket_at(21118), Step::relay_websocket, kWarning, ""},
};
INSTANTIATE_TEST_SUITE_P(WebSockets, Names, testing::ValuesIn(kWebSockets), name_of);

const Ailment kProxies[] = {
    {"ProxyIsDown", [](Clinic& c) { c.patient.proxy = "http://front.example.com"; }, Step::proxy,
     kBroken, "nothing listens"},
    {"ProxyNameUnknown", [](Clinic& c) { c.patient.proxy = "http://nowhere.example.com"; },
     Step::proxy, kBroken, "no address"},
    {"ProxyHasAnotherPath", with_proxy([](Rules& r) { r.to = {{"/websocket/id", kWebSocket}}; }),
     Step::proxy, kBroken, "no rule for that path"},
    {"ProxyShowsPages", with_proxy([](Rules& r) {
       r.to.clear();
       r.otherwise = http_answer(200, "text/html", kHtml);
     }),
     Step::proxy, kBroken, "a web page (200)"},
    {"ProxyWithoutUpgrade", with_proxy([](Rules& r) { r.passes_upgrade = false; }), Step::proxy,
     kBroken, "Upgrade $http_upgrade"},
    {"ProxyDoesNotReachServer",
     with_proxy([](Rules& r) { r.to["/ws/id"] = net::endpoint(kServer, 31118); }), Step::proxy,
     kBroken, "does not reach the server's WebSocket port"},
    {"ProxySendsIdsToRelay", with_proxy([](Rules& r) { r.to["/ws/id"] = kRelayWebSocket; }),
     Step::proxy, kBroken, "another port than P+2"},
    {"ProxySendsRelayToServer", with_proxy([](Rules& r) { r.to["/ws/relay"] = kWebSocket; }),
     Step::relay_proxy, kBroken, "another port than Q+2"},
    {"ProxyHasNoRelay", with_proxy([](Rules& r) { r.to.erase("/ws/relay"); }), Step::relay_proxy,
     kBroken, "/ws/relay"},
    {"ProxySpeaksTls", with_proxy_at("http://front.example.com:8080", 8080, true), Step::proxy,
     kBroken, "speaks TLS"},
    {"ProxyDoesNotSpeakTls", with_proxy_at("https://front.example.com", 443, false), Step::proxy,
     kBroken, "speaks plain HTTP"},
    {"ProxyCertificateNotBelieved", with_tls_proxy(false, 24h), Step::proxy, kBroken,
     "not believed"},
    {"ProxyCertificateExpired", with_tls_proxy(true, -24h), Step::proxy, kBroken, "expired"},
};
INSTANTIATE_TEST_SUITE_P(Proxies, Names, testing::ValuesIn(kProxies), name_of);

// The API is somewhere else, and is this.
Make with_api(Serve serve) {
  return [serve](Clinic& clinic) {
    clinic.at(kFront, 8114, serve);
    clinic.patient.profile.api = "http://front.example.com:8114";
  };
}
Make with_answer(int status, const char* type, const char* body, const char* headers = "") {
  return with_api(answers(http_answer(status, type, body, headers)));
}
Make with_https(bool tls, bool believed, const char* scheme) {
  return [=](Clinic& clinic) {
    Rules rules;
    rules.to = {{"/", clinic.api()}};
    const auto made = clinic.certificate(believed);
    clinic.at(kFront, 8114, tls ? over_tls(made, proxies(rules)) : proxies(rules));
    clinic.patient.profile.api = std::string(scheme) + "://front.example.com:8114";
  };
}
// 1 January 2026, 12:00:00, plus this.
Make with_clock(std::chrono::seconds ahead) {
  return [ahead](Clinic& clinic) {
    with_answer(200, "application/json", "[]", "Date: Thu, 01 Jan 2026 12:00:00 GMT\r\n")(clinic);
    clinic.patient.calendar = [ahead] {
      return std::chrono::sys_seconds(std::chrono::seconds(1767268800)) - ahead;
    };
  };
}
Make with_login(const char* user, const char* password) {
  return [=](Clinic& clinic) { clinic.patient.account = {user, password}; };
}
Make with_fault(const char* id) {
  return [id](Clinic& clinic) {
    const auto* fault = server::find_fault(id);
    ASSERT_NE(fault, nullptr) << id;
    clinic.options.faults = fault->plan;
  };
}

const Ailment kApis[] = {
    {"NoApi",
     [](Clinic& c) {
       c.options.api = false;
       c.patient.profile.api = "http://rd.example.com:21114";
     },
     Step::api, kBroken, "nothing listens"},
    {"ApiNameUnknown", [](Clinic& c) { c.patient.profile.api = "http://nowhere.example.com"; },
     Step::api, kBroken, "no address"},
    {"PageAtApi", with_api(page()), Step::api, kBroken, "this is a web page, not the API"},
    {"MissingPageAtApi", with_api(page(404)), Step::api, kBroken,
     "this is a web page, not the API"},
    {"ApiSpeaksTls", with_https(true, true, "http"), Step::api, kBroken, "this port speaks TLS"},
    {"ApiSaysThatItWantsTls",
     with_answer(400, "text/html", "The plain HTTP request was sent to HTTPS port"), Step::api,
     kBroken, "this port speaks TLS"},
    {"ApiDoesNotSpeakTls", with_https(false, true, "https"), Step::api, kBroken,
     "this port speaks plain HTTP"},
    {"ApiCertificateNotBelieved", with_https(true, false, "https"), Step::api, kBroken,
     "not believed"},
    {"ApiRedirects",
     with_answer(301, "text/html", kHtml, "Location: https://front.example.com/\r\n"), Step::api,
     kBroken, "https://front.example.com/"},
    {"ApiIsDownBehindProxy", with_api(page(502)), Step::api, kBroken, "by a proxy"},
    {"ProxyWantsPassword", with_api(page(401)), Step::api, kBroken, "a password of its own"},
    {"ApiFails", with_answer(500, "application/json", "{}"), Step::api, kBroken,
     "an error of its own"},
    {"ApiHasAnotherPath", with_answer(404, "text/plain", "404 page not found"), Step::api, kBroken,
     "without /api at its end"},
    {"ApiIsNoJson", with_answer(200, "text/plain", "hello"), Step::api, kBroken,
     "something else than JSON"},
    {"SshAtApi", with_api(says("SSH-2.0-OpenSSH_9.2\r\n")), Step::api, kBroken, "another service"},
    {"ClockIsAhead", with_clock(2min), Step::clock, kWarning, "120 s ahead"},
    {"ClockIsFarBehind", with_clock(-2h), Step::clock, kBroken, "7200 s behind"},
    {"TunnelReachesNoApi",
     [](Clinic& c) {
       c.options.api = false;
       with_answer(200, "application/json", "[]")(c);
     },
     Step::tunnel, kWarning, "does not reach the API"},
    {"TunnelTalks", with_fault("tunnel-says-something-first"), Step::tunnel, kWarning,
     "through TCP P"},
    {"TunnelIsClaimed",
     [](Clinic& c) {
       c.options.secure_channel = false;
       c.patient.profile.claimed = {"rendezvous.http-tunnel"};
     },
     Step::tunnel, kBroken, "no encryption"},
    {"WrongPassword", with_login("ann", "wrong"), Step::login, kBroken, "cannot log in"},
    {"UnknownUser", with_login("bob", "correct horse"), Step::login, kBroken, "cannot log in"},
};
INSTANTIATE_TEST_SUITE_P(Apis, Names, testing::ValuesIn(kApis), name_of);

TEST(DoctorOnTheWeb, FindsNothingBehindARightProxy) {
  Clinic clinic;
  Rules rules = right_rules();
  rules.to["/api"] = clinic.api();
  clinic.at(kFront, 443, over_tls(clinic.certificate(true), proxies(rules)));
  clinic.patient.proxy = clinic.patient.profile.api = "https://front.example.com";
  const auto diagnosis = clinic.examine();
  EXPECT_EQ(diagnosis.first(), nullptr)
      << to_string(diagnosis.first()->step) << ": " << diagnosis.first()->what;
  for (const auto step : {Step::proxy, Step::relay_proxy, Step::api})
    EXPECT_EQ(to_string(diagnosis.at(step).status), "ok") << diagnosis.at(step).what;
}

TEST(DoctorOnTheWeb, DoesNotTellThePassword) {
  Clinic clinic;
  with_answer(200, "application/json", R"({"error":"'ann' is no 'correct horse'"})")(clinic);
  with_login("ann", "correct horse")(clinic);
  const auto diagnosis = clinic.examine();
  EXPECT_EQ(diagnosis.at(Step::login).what, "ann cannot log in: 'ann' is no '***'");
}

TEST(DoctorOnTheWeb, BelievesAClockThatIsRight) {
  Clinic clinic;
  with_clock(1s)(clinic);
  const auto diagnosis = clinic.examine();
  EXPECT_EQ(to_string(diagnosis.at(Step::clock).status), "ok") << diagnosis.at(Step::clock).what;
  EXPECT_EQ(diagnosis.skew, 1s);
}

}  // namespace
}  // namespace deskcheck::doctor
