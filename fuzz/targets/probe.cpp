// The probe, at a server that says what the input scripts: every capability gets one answer, claims
// are of what the server has said, and the target file says the same; nobody is harmed.
#include "conformance/probe/probe.hpp"
#include "conformance/probe/render.hpp"
#include "conformance/probe/routes.hpp"
#include "conformance/probe/target_yaml.hpp"
#include "conformance/target/capabilities.hpp"
#include "fuzz/targets/called_server.hpp"
#include "fuzz/targets/told.hpp"

#include <boost/json/parse.hpp>

namespace deskcheck::fuzz {

namespace {

using probe::Answer;
using probe::Finding;
using probe::Findings;
namespace json = boost::json;
using Message = hbb::RendezvousMessage;

constexpr net::Duration kLongest = 10min;
constexpr int kMostConnections = 400;

const conformance::Registry& registry() {
  static const auto kBuiltIn = conformance::Registry::built_in();
  return kBuiltIn;
}

// What was found out, held against what the server did.
class Judge {
 public:
  Judge(const CallInput& input, const doctor::Patient& patient, const Said& said,
        const Findings& findings)
      : input_(input), patient_(patient), said_(said), findings_(findings) {}

  void check() const {
    check_form();
    check_harm();
    check_sureness();
    check_messages();
    check_routes();
    check_download();
    check_texts();
    check_file();
  }

 private:
  bool has(const char* name) const { return findings_.has(name); }
  const Finding& at(const char* name) const { return findings_.capabilities.at(name); }

  void check_form() const {
    const auto names = conformance::capabilities_matching(registry(), "*");
    require(names.size() == findings_.capabilities.size(), "no capability is made up");
    for (const auto& name : names)
      require(findings_.capabilities.contains(name), "every capability has its finding");
    for (const auto& [name, finding] : findings_.capabilities) {
      require(!finding.why.empty(), "every finding has its evidence");
      check_told(finding.why);
      require(!finding.sure || finding.answer != Answer::unknown, "nobody is sure not to know");
    }
    require(findings_.took <= kLongest, "a probe ends in time");
  }

  void check_harm() const {
    require(said_.connections <= kMostConnections, "a probe is no load");
    require(said_.registered.empty() || *said_.registered.rbegin() == patient_.identity.id,
            "a probe registers one device");
    require(said_.registered.size() <= 1, "a probe registers one device only");
    require(findings_.device_id.empty() || said_.registered.contains(findings_.device_id),
            "a device that was registered has been registered");
    bool signed_in = false, signed_out = false;
    for (const auto& heard : said_.http) {
      if (heard.path() == "/api/login")
        require(heard.body.find("password") == heard.body.npos ||
                    heard.body.find(kPassword) != heard.body.npos,
                "nobody is locked out by wrong passwords");
      if (heard.token.empty()) continue;
      signed_in = true;
      signed_out |= heard.path() == "/api/logout";
      require(heard.path() == "/api/logout" || heard.body.empty() || heard.body == "{}",
              "with a token the probe only reads");
    }
    // Whoever has stopped answering hears no farewell.
    require(!signed_in || signed_out || !said_.anything.contains(DoorScript::API) ||
                is_silent_somewhere(),
            "whoever has signed in signs out");
  }

  bool is_silent_somewhere() const {
    for (const auto& heard : said_.http)
      if (heard.status == 0 || heard.raw) return true;
    for (const auto& reply : input_.replies())
      if (reply.at() == DoorScript::API) return true;
    return false;
  }

  bool spoke(std::initializer_list<Place> places) const {
    return std::any_of(places.begin(), places.end(),
                       [&](Place at) { return said_.anything.contains(at); });
  }

  // What follows from silence alone is never sure.
  void check_sureness() const {
    using D = DoorScript;
    const bool elsewhere = !input_.names_relay().empty();
    const bool rendezvous = spoke({D::UDP, D::MAIN, D::NAT, D::WEB});
    const bool relay = elsewhere || spoke({D::RELAY, D::RELAY_WEB});
    const bool api = spoke({D::API});
    for (const auto& [name, finding] : findings_.capabilities) {
      const bool of_relay = name.starts_with("relay."), of_api = name.starts_with("api.");
      const bool answered = of_relay ? relay : of_api ? api : rendezvous;
      require(answered || finding.answer != Answer::present, "silence has no capabilities");
      const bool closed = of_relay ? is_closed(input_, {D::RELAY, D::RELAY_WEB})
                          : of_api ? is_closed(input_, {D::API})
                                   : is_closed(input_, {D::MAIN, D::NAT, D::WEB});
      require(answered || closed || !finding.sure,
              "nothing is sure of a server that never answers");
    }
  }

  bool heard(Place at, std::initializer_list<Message::UnionCase> which) const {
    if (said_.raw.contains(at)) return true;  // it may have been anything
    return std::any_of(which.begin(), which.end(),
                       [&](auto what) { return said_.message(at, what); });
  }

  void check_messages() const {
    using D = DoorScript;
    const bool right_key = !input_.caller_has_no_key() && !input_.caller_has_another_key();
    const auto claim = [&](const char* name, bool holds) {
      require(!has(name) || holds, "claims are of what the server has said");
    };
    claim("rendezvous.udp", heard(D::UDP, {Message::kRegisterPeerResponse}));
    const bool first = heard(D::MAIN, {Message::kTestNatResponse});
    const bool second = heard(D::NAT, {Message::kTestNatResponse});
    claim("rendezvous.nat-test",
          at("rendezvous.nat-test").sure ? first && second : first || second);
    claim("rendezvous.online-query", heard(D::NAT, {Message::kOnlineResponse}));
    claim("rendezvous.tcp-signalling",
          heard(D::MAIN, {Message::kPunchHoleResponse, Message::kRelayResponse}));
    claim("rendezvous.signed-keys", said_.vouched && right_key);
    claim("rendezvous.secure-tcp", said_.encrypted && right_key);
    claim("rendezvous.tcp-registration", heard(D::MAIN, {Message::kRegisterPkResponse}));
    claim("rendezvous.ws-registration", heard(D::WEB, {Message::kRegisterPkResponse}));
    claim("rendezvous.id-change", heard(D::MAIN, {Message::kRegisterPkResponse}));
    claim("rendezvous.http-tunnel", heard(D::MAIN, {Message::kHttpProxyResponse}));
    claim("rendezvous.config-push", heard(D::MAIN, {Message::kTestNatResponse}) ||
                                        heard(D::UDP, {Message::kConfigureUpdate}));
    claim("rendezvous.websocket", spoke({D::WEB}));
    claim("framing", spoke({D::MAIN}));
    claim("admin.console", input_.on_own_host() && said_.raw.contains(D::NAT));
    if (input_.names_relay().empty()) {
      claim("relay.tcp", said_.carried || said_.raw.contains(D::RELAY));
      claim("relay.websocket", said_.carried || said_.raw.contains(D::RELAY_WEB));
    }
  }

  static std::string shown(const char* path) {
    std::string text(path);
    text = text.substr(0, text.find('?'));
    const auto guid = text.find("{}");
    if (guid != text.npos) text.replace(guid, 2, "{guid}");
    return text;
  }

  static bool is_route(const probe::Route& route, const HttpHeard& heard) {
    const std::string path = std::string(route.path).substr(0, std::string(route.path).find('?'));
    const auto guid = path.find("{}");
    return heard.method == route.method &&
           (guid == path.npos ? heard.path() == path
                              : heard.path().starts_with(path.substr(0, guid)));
  }

  static bool says_no(const HttpHeard& heard) {
    return heard.status == 404 || heard.status == 405 || heard.page ||
           (heard.status >= 300 && heard.status < 400);
  }

  void check_routes() const {
    for (const auto& route : probe::routes()) {
      const auto& finding = at(route.capability);
      const auto question = std::string(route.method) + ' ' + shown(route.path);
      const bool of_route = finding.why.starts_with(route.method + std::string(" /"));
      require(!of_route || finding.why.starts_with(question + ' ') ||
                  finding.why.starts_with(question + ':'),
              "the evidence is what was asked");
      bool yes = false, no = false;
      for (const auto& heard : said_.http) {
        if (!is_route(route, heard)) continue;
        const bool works = heard.status != 0 && heard.status < 500 && heard.status != 429;
        yes |= heard.raw || (works && !says_no(heard));
        no |= heard.raw || says_no(heard);
      }
      require(finding.answer != Answer::present || yes, "a route is there that has answered so");
      require(finding.answer != Answer::absent || !finding.sure || no ||
                  is_closed(input_, {DoorScript::API}),
              "a route is absent for sure that has said so");
    }
  }

  void check_download() const {
    for (const auto& [name, method] :
         {std::pair("api.download.head", "HEAD"), {"api.download.get", "GET"}}) {
      const bool came = std::ranges::any_of(said_.http, [&](const HttpHeard& heard) {
        return heard.raw ||
               (heard.method == method && heard.path() == kDownload && heard.status < 300);
      });
      require(!has(name) || (input_.caller_knows_download() && came),
              "a file is there that has come");
    }
  }

  void check_texts() const {
    const auto text = probe::as_text(findings_), object = probe::as_json(findings_);
    check_lines(text, check_told);
    check_lines(object, [](std::string_view line) {
      require(is_one_line(line), "JSON has no control characters");
    });
    for (const auto& one : {text, object, file()})
      check_secrets(one, input_, {kPassword, kToken, kBook});
    boost::system::error_code error;
    const auto all = json::parse(object, error);
    require(!error && all.is_object(), "JSON is one object");
    const auto& capabilities = all.at("capabilities").as_object();
    require(capabilities.size() == findings_.capabilities.size(), "JSON has every finding");
    for (const auto& [name, finding] : findings_.capabilities)
      require(capabilities.at(name).at("answer") == json::string(probe::to_string(finding.answer)),
              "JSON says what was found");
  }

  std::string file() const {
    probe::FileFacts facts;
    facts.password_env = "PASSWORD";
    return probe::target_yaml(patient_, findings_, facts);
  }

  void check_file() const {
    const auto profile = conformance::parse_target(
        file(), "target.yaml", registry(),
        [](const std::string&) { return std::optional<std::string>(kPassword); });
    require(profile.has_value(), "the target file is one");
    std::set<std::string> present;
    for (const auto& [name, finding] : findings_.capabilities)
      if (finding.answer == Answer::present) present.insert(name);
    require(profile->claimed == present, "the target file claims what is present");
    require(profile->host == findings_.host && profile->api == findings_.api &&
                profile->key == patient_.profile.key,
            "the target file is of this server");
    require(
        profile->relay_host == findings_.relay_host && profile->relay_port == findings_.relay_port,
        "the target file has the relay that the server names");
    const bool has_account = !findings_.api.empty() && !patient_.account.user.empty();
    require(profile->accounts.contains("user") == has_account,
            "the target file has the account that was given");
  }

  const CallInput& input_;
  const doctor::Patient& patient_;
  const Said& said_;
  const Findings& findings_;
};

}  // namespace

std::unique_ptr<google::protobuf::Message> new_input() { return std::make_unique<CallInput>(); }

void one_input(std::string_view bytes) {
  CallInput input;
  if (!parse(bytes, input)) return;
  const auto patient = patient_of(input, probe::kIdPrefix);
  Findings findings;
  const auto said = call_on(input, [&](net::World world) -> Task<void> {
    auto subject = patient;
    findings = co_await probe::examine(world, std::move(subject), registry());
  });
  Judge(input, patient, said, findings).check();
}

}  // namespace deskcheck::fuzz
