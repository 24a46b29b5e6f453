// The doctor, at a server that says what the input scripts: every step has one finding, nobody is
// blamed for what needs something broken, and every monitor can read what is told.
#include "conformance/doctor/doctor.hpp"
#include "conformance/doctor/render.hpp"
#include "fuzz/targets/called_server.hpp"
#include "fuzz/targets/told.hpp"

#include <boost/json/parse.hpp>

#include <cctype>

namespace deskcheck::fuzz {

namespace {

using doctor::Diagnosis;
using doctor::Finding;
using doctor::Status;
using doctor::Step;
namespace json = boost::json;
using Message = hbb::RendezvousMessage;

constexpr net::Duration kLongest = 3min;
constexpr int kMostConnections = 100;

struct Needs {
  Step step;
  std::vector<Step> needed;
};
// A step cannot be judged where one of these is broken.
const Needs kNeeds[] = {
    {Step::key, {Step::tcp}},
    {Step::registration, {Step::udp}},
    {Step::online, {Step::nat_test, Step::registration}},
    {Step::punch, {Step::key, Step::registration}},
    {Step::signature, {Step::punch}},
    {Step::relay_key, {Step::relay}},
    {Step::pairing, {Step::relay, Step::relay_key}},
    {Step::relay_websocket, {Step::key, Step::relay_key}},
    {Step::relay_proxy, {Step::key, Step::relay_key}},
    {Step::tunnel, {Step::tcp, Step::key}},
    {Step::login, {Step::api}},
};

bool blames(const Finding& finding) {
  return finding.status == Status::broken || finding.status == Status::warning;
}

class Judge {
 public:
  Judge(const CallInput& input, const doctor::Patient& patient, const Said& said,
        const Diagnosis& diagnosis)
      : input_(input), patient_(patient), said_(said), diagnosis_(diagnosis) {}

  void check() const {
    check_form();
    check_needs();
    check_harm();
    check_claims();
    check_text();
    check_json();
    check_nagios();
    check_prometheus();
  }

 private:
  const Finding& at(Step step) const { return diagnosis_.at(step); }
  bool is(Step step, Status status) const { return at(step).status == status; }
  bool any(Status status) const { return diagnosis_.count(status) > 0; }

  void check_form() const {
    require(diagnosis_.took <= kLongest, "an examination ends in time");
    for (std::size_t i = 0; i < doctor::kSteps; ++i) {
      const auto& finding = diagnosis_.findings[i];
      require(finding.step == static_cast<Step>(i), "findings are in the order of dependency");
      require(!finding.what.empty(), "every step has its finding");
      for (const auto& text : {finding.what, finding.cause, finding.mend}) check_told(text);
      require(!blames(finding) || (!finding.cause.empty() && !finding.mend.empty()),
              "what is wrong has a cause and a mend");
      require(finding.took >= net::Duration::zero() && finding.took <= diagnosis_.took,
              "a step takes no longer than all of them");
      if (finding.status == Status::blocked) check_blocked(finding);
    }
  }

  // It names an earlier step which is why.
  void check_blocked(const Finding& finding) const {
    for (std::size_t i = 0; i < static_cast<std::size_t>(finding.step); ++i) {
      const auto& other = diagnosis_.findings[i];
      if (finding.what != "needs " + std::string(to_string(other.step))) continue;
      return require(blames(other) || other.status == Status::blocked,
                     "what is blocked needs something that is broken");
    }
    require(false, "what is blocked says what it needs");
  }

  void check_needs() const {
    for (const auto& [step, needed] : kNeeds)
      for (const auto one : needed)
        require(!is(one, Status::broken) || !blames(at(step)),
                "nobody is blamed for what needs something broken");
    if (is(Step::name, Status::broken))
      require(diagnosis_.count(Status::blocked) == doctor::kSteps - 1, "everything needs the name");
    const bool right = input_.doors().empty() && input_.replies().empty() &&
                       input_.names_relay().empty() && input_.date().empty();
    const bool knows = !input_.caller_has_no_key() && !input_.caller_has_another_key();
    if (right && knows && !input_.on_own_host() && !input_.offers_no_key_exchange())
      require(!diagnosis_.first(), "a server that is right is healthy");
  }

  void check_harm() const {
    require(said_.connections <= kMostConnections, "an examination is no load");
    require(said_.registered.size() <= 1, "one device is registered");
    for (const auto& id : said_.registered)
      require(id == patient_.identity.id, "the device is the doctor's own");
    require(diagnosis_.device_id.empty() || diagnosis_.device_id == patient_.identity.id,
            "the device is named");
  }

  bool heard(Place at, Message::UnionCase what) const {
    return said_.raw.contains(at) || said_.message(at, what);
  }
  void claim(Step step, bool holds) const {
    require(!is(step, Status::ok) || holds, "nothing is well that has not shown it");
  }

  void check_claims() const {
    using D = DoorScript;
    const bool right_key = !input_.caller_has_no_key() && !input_.caller_has_another_key();
    claim(Step::tcp, heard(D::MAIN, Message::kTestNatResponse));
    claim(Step::udp, heard(D::UDP, Message::kRegisterPeerResponse));
    claim(Step::nat_test, heard(D::NAT, Message::kTestNatResponse));
    claim(Step::key,
          heard(D::MAIN, Message::kPunchHoleResponse) || heard(D::MAIN, Message::kRelayResponse));
    claim(Step::online, said_.online || said_.raw.contains(D::NAT));
    require(!is(Step::online, Status::broken) || !said_.only_online || said_.raw.contains(D::NAT) ||
                at(Step::online).what.find("offline") == std::string::npos,
            "a device that is called online is not called offline");
    claim(Step::signature, said_.vouched && right_key);
    claim(Step::websocket, heard(D::WEB, Message::kTestNatResponse));
    claim(Step::proxy, heard(D::PROXY, Message::kTestNatResponse));
    if (input_.names_relay().empty()) {
      claim(Step::pairing, said_.carried || said_.raw.contains(D::RELAY));
      claim(Step::relay_websocket, said_.carried || said_.raw.contains(D::RELAY_WEB));
    }
    claim(Step::api, said_.anything.contains(D::API));
    claim(Step::clock, !input_.date().empty() || said_.raw.contains(D::API));
    claim(Step::tunnel, heard(D::MAIN, Message::kHttpProxyResponse) && said_.encrypted);
  }

  void check_text() const {
    const auto text = as_text(diagnosis_);
    check_lines(text, check_told);
    check_secrets(text, input_, {kPassword, kToken});
    require(std::ranges::count(text, '\n') <= 30, "a diagnosis fits a screen");
    for (const auto& finding : diagnosis_.findings)
      require(text.find(to_string(finding.step)) != text.npos, "the text has every step");
  }

  void check_json() const {
    const auto text = as_json(diagnosis_);
    require(std::ranges::count(text, '\n') == 1 && text.ends_with('\n'), "JSON is one line");
    require(is_one_line(std::string_view(text).substr(0, text.size() - 1)),
            "JSON has no control characters");
    check_secrets(text, input_, {kPassword, kToken});
    boost::system::error_code error;
    const auto all = json::parse(text, error);
    require(!error && all.is_object(), "JSON is one object");
    const auto& steps = all.at("steps").as_array();
    require(steps.size() == doctor::kSteps, "JSON has every step");
    for (std::size_t i = 0; i < steps.size(); ++i)
      require(steps[i].at("status") == json::string(to_string(diagnosis_.findings[i].status)) &&
                  steps[i].at("what") == json::string(diagnosis_.findings[i].what),
              "JSON says what was found");
    require(all.at("healthy").as_bool() == (!any(Status::broken) && !any(Status::warning)),
            "JSON says whether all is well");
    const bool nobody = is(Step::name, Status::broken) ||
                        (is(Step::tcp, Status::broken) && is(Step::udp, Status::broken));
    require(exit_code(diagnosis_) == (nobody                ? 3
                                      : any(Status::broken) ? 1
                                                            : 0),
            "the exit code agrees with the findings");
  }

  void check_nagios() const {
    const int code = nagios_exit_code(diagnosis_);
    require(code == (any(Status::broken)    ? 2
                     : any(Status::warning) ? 1
                                            : 0),
            "the exit code for monitors agrees with the findings");
    const std::string text = as_nagios(diagnosis_);
    check_lines(text, [](std::string_view line) {
      require(is_one_line(line), "monitors get no control characters");
    });
    check_secrets(text, input_, {kPassword, kToken});
    require(std::ranges::count(text, '|') == 1 && text.find('|') < text.find('\n'),
            "performance data begin once, in the first line");
    constexpr const char* kWords[] = {"DESKCHECK OK - ", "DESKCHECK WARNING - ",
                                      "DESKCHECK CRITICAL - "};
    require(text.starts_with(kWords[code]), "the first line is the verdict");
    const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n'));
    require(lines == 1 + diagnosis_.count(Status::broken) + diagnosis_.count(Status::warning),
            "there is a line for each that is wrong");
    const auto data = text.substr(text.find('|') + 1, text.find('\n') - text.find('|') - 1);
    for (const auto c : data)
      require(std::isalnum(static_cast<unsigned char>(c)) ||
                  std::string_view(" =;.-").find(c) != std::string_view::npos,
              "performance data are names and numbers");
  }

  // name{label="value",...} number
  static bool is_sample(std::string_view line) {
    const auto take = [&](auto is_part) {
      std::size_t count = 0;
      while (count < line.size() && is_part(line[count])) ++count;
      line.remove_prefix(count);
      return count > 0;
    };
    const auto of_name = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
    };
    const auto expect = [&](char c) {
      if (!line.starts_with(c)) return false;
      line.remove_prefix(1);
      return true;
    };
    if (!take(of_name) || !expect('{')) return false;
    do {
      if (!take(of_name) || !expect('=') || !expect('"')) return false;
      while (!line.empty() && line[0] != '"') {
        const bool escape = line[0] == '\\';
        if (escape &&
            (line.size() < 2 || std::string_view("\\\"n").find(line[1]) == std::string_view::npos))
          return false;
        line.remove_prefix(escape ? 2 : 1);
      }
      if (!expect('"')) return false;
    } while (expect(','));
    return expect('}') && expect(' ') && take([](char c) {
             return std::isdigit(static_cast<unsigned char>(c)) || c == '.' || c == '-';
           }) &&
           line.empty();
  }

  void check_prometheus() const {
    std::size_t statuses = 0;
    check_lines(as_prometheus(diagnosis_), [&](std::string_view line) {
      require(is_one_line(line), "metrics have no control characters");
      if (line.starts_with("# HELP ") || line.starts_with("# TYPE ")) return;
      require(is_sample(line), "metrics are samples");
      statuses += line.starts_with("deskcheck_doctor_step_status{") ? 1 : 0;
    });
    require(statuses == doctor::kSteps, "every step has one status");
  }

  const CallInput& input_;
  const doctor::Patient& patient_;
  const Said& said_;
  const Diagnosis& diagnosis_;
};

}  // namespace

std::unique_ptr<google::protobuf::Message> new_input() { return std::make_unique<CallInput>(); }

void one_input(std::string_view bytes) {
  CallInput input;
  if (!parse(bytes, input)) return;
  const auto patient = patient_of(input, "dcdoctor");
  Diagnosis diagnosis;
  const auto said = call_on(input, [&](net::World world) -> Task<void> {
    auto examined = patient;
    diagnosis = co_await doctor::examine(world, std::move(examined));
  });
  Judge(input, patient, said, diagnosis).check();
}

}  // namespace deskcheck::fuzz
